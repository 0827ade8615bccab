"""Each number of an edition, changed in a copy of it: what customers meet changes with it.

So no number lives twice: a constant of the code would still say the old one.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog import terms
from jewelrymodel.incidents import operations as incidents
from jewelrymodel.infra import formats
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.models import Lot
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.rules.withdrawal_period import end_of_withdrawal
from jewelrymodel.policy.decision import Draft, Outcome, RemedyKind
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support.statuses import Channel
from tests.support.editions import publish
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
Buy = Callable[..., Order]


@pytest.fixture
def buy(sandbox: Sandbox, seller: Membership) -> Buy:
    def bought(sku: str = "case", key: str = "a-page-of-its-own", **buyer: object) -> Order:
        checkout = start(seller, sku=sku, key=key, **buyer)  # type: ignore[arg-type]  # by name
        sandbox.pay(checkout.url)
        return settle(checkout.order)

    return bought


def say(name: str, value: int) -> None:
    """Publish an edition in which a number has another value."""
    stated = rf"(?m)(^{name} = |^\[parameters\.{name}\]\nvalue = )\d+$"
    publish((stated, rf"\g<1>{value}"))


def asked(
    order: Order, category: str, *records: str, after: timedelta = timedelta()
) -> RequestFacts:
    subject = Subject(SubjectKind.ORDER, order.pk)
    return RequestFacts(order.account_id, category, subject, now() + after, 3, records)


def spend(order: Order, quantity: int, key: str) -> None:
    told = {"idempotency_key": key, "now": now()}
    hold = ledger.hold(account_id=order.account_id, quantity=quantity, subject=key, **told)
    ledger.capture(hold_id=hold.id, quantity=quantity, **told)


@pytest.mark.clause("6.3")
@pytest.mark.parametrize(("minutes", "outcome"), [(60, Outcome.PERSON), (30, Outcome.RESTORE)])
def test_meaningful_outage_minutes(buy: Buy, minutes: int, outcome: Outcome) -> None:
    say("meaningful_outage_minutes", minutes)
    month = buy("bench")
    assert month.period_starts_at is not None
    told = {"actor": Actor.system("test"), "reason": "test"}
    begun, ended = month.period_starts_at, month.period_starts_at + timedelta(minutes=45)
    down = incidents.open_incident(
        feature="studio", title="Down", note="", started_at=begun, now=begun, **told
    )
    incidents.close_incident(incident_id=down.pk, ended_at=ended, now=ended, **told)
    request = asked(month, "outage", after=timedelta(hours=1))
    assert operations.assess(request=request, now=request.requested_at).decision.outcome is outcome


@pytest.mark.clause("6.1", "8.5")
@pytest.mark.parametrize(("most", "draft"), [(50, Draft.NONE), (49, Draft.APPROVAL)])
def test_duplicate_writeoff_credits(sandbox: Sandbox, buy: Buy, most: int, draft: Draft) -> None:
    """Both purchases were used: fifty credits beyond what the one that survives held (edge 5).

    They look alike, and the customer is asked; a colleague then links the one that this repeats.
    """
    say("duplicate_writeoff_credits", most)
    first, later = buy(key="the-first-page"), buy(key="the-second-page")
    spend(later, 150, "much")
    suspected = operations.assess(request=asked(later, "duplicate"), now=now()).decision
    assert suspected.outcome is Outcome.ASK
    found = operations.assess(request=asked(later, "duplicate", f"order:{first.pk}"), now=now())
    facts = {name: fact.value for name, fact in found.decision.facts.items()}
    assert facts["purchase.duplicate_overused_credits"] == 50
    assert facts["error.verified"] is False, "the link is no proof of another error"
    assert [one.kind for one in found.decision.remedies] == [RemedyKind.FULL_REFUND]
    assert found.decision.draft is draft
    operations.decide_by_person(
        request=found.request,
        signature=found.signature,
        remedies=None,
        reason="They said so.",
        user_id=7,
        now=now(),
    )


@pytest.mark.clause("5.3", "10.1")
@pytest.mark.parametrize("days", [7, 3])
def test_continuation_days(buy: Buy, days: int) -> None:
    """Those of the edition that the order pinned, also for a lot that continues a continuation."""
    say("continuation_days", days)
    month = buy("bench")
    assert month.period_ends_at is not None
    until = month.period_ends_at - timedelta(minutes=1)
    for turn in range(2):
        told = {"idempotency_key": f"turn-{turn}", "now": until}
        hold = ledger.hold(account_id=month.account_id, quantity=1, subject="job", **told)
        back = until + timedelta(minutes=2)
        ledger.release(hold_id=hold.id, idempotency_key=f"turn-{turn}", now=back)
        lot = Lot.objects.latest("created_at")
        assert lot.expires_at == back + timedelta(days=days)
        until = lot.expires_at - timedelta(minutes=1)


@pytest.mark.clause("3.4")
@pytest.mark.parametrize("days", [14, 30])
def test_withdrawal_days(buy: Buy, client: Client, seller: Membership, days: int) -> None:
    say("withdrawal_days", days)
    client.force_login(seller.user)
    page = client.get("/checkout/case", {"country": "DE", "capacity": "consumer"}).content.decode()
    assert f"withdraw within {days} days" in page
    assert f"before my {days}-day right to withdraw" in page
    order = buy(country="DE", capacity="consumer", consents=list(ConsentKind))
    assert f"my {days}-day right" in order.consents[0]["text"]
    assert order.paid_at is not None
    end = end_of_withdrawal("DE", bought_at=order.paid_at, days=days)
    page = client.get(f"/billing/orders/{order.pk}").content.decode()
    assert f"until {formats.moment(end)}" in page


@pytest.mark.clause("6.1")
@pytest.mark.parametrize(("minutes", "alike"), [(10, True), (5, False)])
def test_duplicate_minutes(buy: Buy, minutes: int, *, alike: bool) -> None:
    say("duplicate_minutes", minutes)
    first, later = buy(key="the-first-page"), buy(key="the-second-page")
    assert later.paid_at is not None
    Order.objects.filter(pk=first.pk).update(paid_at=later.paid_at - timedelta(minutes=7))
    decision = operations.assess(request=asked(later, "duplicate"), now=now()).decision
    assert (decision.outcome is Outcome.ASK) is alike
    assert bool(payments.same_purchases(since=now() - timedelta(days=1))) is alike


@pytest.mark.clause("7.6")
@pytest.mark.parametrize("days", [3, 5])
def test_review_within_business_days(seller: Membership, client: Client, days: int) -> None:
    say("review_within_business_days", days)
    opening = support.Opening(
        account_id=seller.account_id,
        email=seller.user.email,
        identity_level=3,
        channel=Channel.FORM,
        category="other",
        subject=Subject(SubjectKind.ACCOUNT, ""),
        explanation="Something else.",
    )
    case = support.open_case(opening=opening, now=now())
    acknowledged = case.entries.order_by("id").last()
    assert acknowledged is not None
    assert f"({days} business days)" in acknowledged.text
    client.force_login(seller.user)
    assert f"within {days} business days" in client.get("/refund-policy").content.decode()


def test_every_number_is_tried_here() -> None:
    names = {one.name for one in terms.editions()[-1].parameters} | {"review_within_business_days"}
    assert {f"test_{name}" for name in names} <= set(globals())
