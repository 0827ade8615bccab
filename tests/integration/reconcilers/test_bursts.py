"""Several purchases at once: what looks like a repeat is one question; an ordinary one is none."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.support import reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState, EntryKind
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def buy(sandbox: Sandbox, seller: Membership, key: str, sku: str = "case") -> Order:
    checkout = start(seller, key=key, sku=sku)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def run(name: str) -> int:
    return reconcilers.run(now=now() + HOUR)[name]


def test_a_burst_of_purchases_is_one_case(sandbox: Sandbox, seller: Membership) -> None:
    orders = [buy(sandbox, seller, f"page-{n}-of-them") for n in range(4)]
    assert run("charged_twice") == 1
    buy(sandbox, seller, "one-page-more")
    assert run("charged_twice") == 0, "it grows, and stays one question"
    case = Case.objects.get()
    assert case.subject_id == orders[1].pk
    assert case.entries.get().text.startswith("4 orders for the same product")


@pytest.mark.clause("6.1")
def test_whoever_spent_credits_between_two_purchases_wanted_both(
    sandbox: Sandbox, seller: Membership
) -> None:
    buy(sandbox, seller, "the-first-page")
    ledger.hold(
        account_id=seller.account_id,
        subject="task:1",
        quantity=100,
        idempotency_key="h",
        now=now(),
    )
    buy(sandbox, seller, "the-second-page")
    assert run("charged_twice") == 0


def two_tabs(sandbox: Sandbox, seller: Membership, *skus: str) -> list[Order]:
    """Each page was open before the other was paid, and each is paid."""
    pages = [start(seller, key=f"page-of-{sku}", sku=sku) for sku in skus]
    for page in pages:
        sandbox.pay(page.url)
    return [settle(page.order) for page in pages]


def test_two_plans_that_both_renew_are_asked_about_once(
    sandbox: Sandbox, seller: Membership
) -> None:
    first, second = two_tabs(sandbox, seller, "bench", "atelier")
    assert Subscription.objects.count() == 2
    assert run("two_plans_renew") == 1
    assert run("two_plans_renew") == 0
    case = Case.objects.get(check_name="two_plans_renew")
    assert (case.state, case.category, case.subject_id) == (
        CaseState.OPEN,
        Category.DUPLICATE,
        second.pk,
    )
    sent = case.entries.get(kind=EntryKind.MESSAGE_OUT)
    assert sent.mail_due
    assert first.label in sent.text
    assert second.label in sent.text
    assert {one.renews for one in Subscription.objects.all()} == {True}, "nothing ends unasked"


def test_once_one_of_them_was_canceled_nobody_is_asked(
    sandbox: Sandbox, seller: Membership
) -> None:
    first, _second = two_tabs(sandbox, seller, "bench", "atelier")
    payments.cancel_subscription(
        account_id=seller.account_id,
        subscription_id=first.subscription_id or "",
        actor=Actor.user(seller.user_id),
        now=now(),
    )
    assert run("two_plans_renew") == 0


def test_the_same_plan_twice_within_minutes_has_one_case(
    sandbox: Sandbox, seller: Membership
) -> None:
    pages = [start(seller, key=f"page-{n}-of-them", sku="bench") for n in range(2)]
    for page in pages:
        sandbox.pay(page.url)
        settle(page.order)
    assert run("charged_twice") + run("two_plans_renew") == 1
