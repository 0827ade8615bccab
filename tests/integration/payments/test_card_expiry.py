"""A card that expires before the next renewal: told once for each period, with what to do."""

from datetime import timedelta
from itertools import islice

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Subscription
from tests.support.plans import DAY, ExpiringPlan, Plan, resume
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
SUBJECT = "Your card expires before your Bench subscription renews"


def looked_at(plan: Plan, before: timedelta = 5 * DAY) -> list[str]:
    """Come so long before the renewal, more than once; return what was mailed."""
    sent = len(mail.outbox)
    plan.go(plan.row.period_ends_at - before)
    for _ in range(2):
        for subscription_id in queries.cards_to_check(now=plan.at, limit=9):
            operations.check_card(subscription_id=subscription_id, now=plan.at)
            operations.check_card(subscription_id=subscription_id, now=plan.at)
    return [one.subject for one in mail.outbox[sent:]]


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    """A plan whose card expires this month."""
    return ExpiringPlan(sandbox, seller, 0)


def test_its_owner_is_told_once_and_how_to_replace_it(plan: Plan) -> None:
    assert looked_at(plan, 11 * DAY) == [], "too early"
    assert looked_at(plan) == [SUBJECT]
    words = " ".join(str(mail.outbox[-1].body).split())
    assert "Visa ending in 4242" in words
    assert f"/billing/subscriptions/{plan.row.pk}/card" in words
    assert "$19.00" in words
    assert looked_at(plan, 2 * DAY) == [], "once for each period"


def test_a_card_that_outlives_the_renewal_is_no_news(sandbox: Sandbox, seller: Membership) -> None:
    plan = ExpiringPlan(sandbox, seller, 13)
    assert looked_at(plan) == []
    assert queries.cards_to_check(now=plan.at, limit=9) == [], "and isn't looked at again"


def test_who_renews_no_more_is_not_told_and_who_resumes_is(plan: Plan) -> None:
    plan.cancel()
    assert looked_at(plan) == []
    resume(plan)
    assert looked_at(plan, 4 * DAY) == [SUBJECT]


def test_who_pays_by_another_method_is_not_told(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller, sku="bench")
    sandbox.http.post(checkout.url, data={"method": "link"})
    settle(checkout.order)
    plan = object.__new__(Plan)
    plan.sandbox, plan.account_id, plan.at = sandbox, seller.account_id, now()
    assert looked_at(plan) == []


def test_while_the_processor_is_away_nothing_is_noted(plan: Plan) -> None:
    plan.go(plan.row.period_ends_at - 5 * DAY)
    plan.sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        operations.check_card(subscription_id=plan.row.pk, now=plan.at)
    plan.sandbox.panel("faults", down=False)
    assert looked_at(plan) == [SUBJECT]


def many(plan: Plan, count: int) -> None:
    """So many subscriptions of others, a third of which renews soon and was looked at."""
    row, ends_at = plan.row, plan.row.period_ends_at
    rows = (
        Subscription(
            id=f"sub_{n}",
            account_id=row.account_id,
            product_version_id=row.product_version_id,
            processor_subscription_id=f"sub_there_{n}",
            state="active",
            started_at=row.started_at,
            period_starts_at=row.period_starts_at,
            period_ends_at=ends_at + (n % 3) * 40 * DAY,
            card_checked_for_at=ends_at if n % 3 == 0 else None,
            told_unrenewed_at=None,
            next_look_at=ends_at,
        )
        for n in range(count)
    )
    while batch := list(islice(rows, 2_000)):
        Subscription.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_subscription")


def test_ten_thousand_subscriptions_take_one_query_and_no_look_at_each(plan: Plan) -> None:
    mine, at = plan.row.pk, plan.row.period_ends_at - 5 * DAY
    many(plan, 10_000)
    with CaptureQueriesContext(connection) as asked:
        assert queries.cards_to_check(now=at, limit=100) == [mine]
        assert queries.unrenewed_to_tell(now=at, limit=100) == []
    assert len(asked) == 2
    with connection.cursor() as cursor:
        for one in asked.captured_queries:
            cursor.execute(f"EXPLAIN {one['sql']}")
            steps = " ".join(line for (line,) in cursor.fetchall())
            assert "payments_subscription_renewing" in steps, steps


def test_one_that_cant_be_looked_at_keeps_no_other_from_it(plan: Plan) -> None:
    many(plan, 3)
    other = Subscription.objects.get(pk="sub_0")
    Subscription.objects.filter(pk="sub_0").update(card_checked_for_at=None)
    at = other.period_ends_at - 5 * DAY
    assert not operations.check_card(subscription_id="sub_0", now=at)
    assert "sub_0" not in queries.cards_to_check(now=at, limit=9)
