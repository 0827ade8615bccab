"""The customers at the processor beside ours, and plans in pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters import stripe_subscriptions
from jewelrymodel.payments.adapters.stripe_client import client
from jewelrymodel.payments.gateway import ProcessorBlocked
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations import Outcome, subscription_reconciliation
from jewelrymodel.payments.processor_objects import ListedSubscription
from jewelrymodel.payments.statuses import SubscriptionState
from tests.support.shop import Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def subscribe(sandbox: Sandbox, seller: Membership, key: str = "a page") -> Order:
    checkout = start(seller, key=key, sku="bench")
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def leave(order: Order, seller: Membership) -> None:
    operations.cancel_subscription(
        account_id=seller.account_id,
        subscription_id=order.subscription_id or "",
        actor=Actor.user(seller.user_id),
        now=now(),
    )


def compared() -> list[tuple[str, str, Outcome]]:
    rows = operations.reconcile_window(since=now() - 2 * DAY, before=now() + HOUR, now=now())
    return [(one.kind, one.processor_id, one.outcome) for one in rows]


def test_customers_that_agree_are_no_rows(sandbox: Sandbox, seller: Membership) -> None:
    subscribe(sandbox, seller)
    subscribe(sandbox, register("other@rings.example"))
    assert compared() == []


def test_a_deleted_one_is_told_and_its_plan_is_looked_at(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = subscribe(sandbox, seller)
    sandbox.panel(f"customers/{order.processor_customer_id}/delete")
    assert ("customer deleted", order.processor_customer_id, Outcome.MENDED) in compared()
    assert Subscription.objects.get().state == SubscriptionState.CANCELED


def test_one_whose_plan_can_not_be_looked_at_differs_and_stops_no_other(
    sandbox: Sandbox, seller: Membership
) -> None:
    """As where its plan isn't at the processor any more either."""
    gone = [subscribe(sandbox, one) for one in (seller, register("other@rings.example"))]
    sandbox.panel("reset")
    rows = compared()
    for order in gone:
        assert ("customer deleted", order.processor_customer_id, Outcome.DIFFERS) in rows


def test_without_the_right_to_read_customers_the_money_is_compared(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = subscribe(sandbox, seller)
    sandbox.panel(f"subscriptions/{order.subscription.processor_subscription_id}/cancel", how="now")  # type: ignore[union-attr]  # delivered
    sandbox.panel("faults", missing_right="customer_read")
    rows = operations.reconcile_window(since=now() - 2 * DAY, before=now() + HOUR, now=now())
    assert next(rows).kind == "subscription"
    with pytest.raises(ProcessorBlocked):
        next(rows)


def test_a_doubled_one_is_noted(sandbox: Sandbox, seller: Membership) -> None:
    first = subscribe(sandbox, seller)
    leave(first, seller)
    Order.objects.filter(pk=first.pk).update(processor_customer_id="")  # as if it hadn't been known
    second = subscribe(sandbox, seller, "another page")
    Order.objects.filter(pk=first.pk).update(processor_customer_id=first.processor_customer_id)
    assert second.processor_customer_id != first.processor_customer_id
    kinds = ("customer doubled", second.processor_customer_id, Outcome.NOTED)
    assert kinds in compared()


def test_one_that_nobody_here_knows_is_not_ours(sandbox: Sandbox, seller: Membership) -> None:
    made = client().v1.customers.create({"email": "by.hand@dashboard.example"})
    assert compared() == [("customer unknown", made.id, Outcome.NOT_OURS)]


def test_plans_are_compared_a_page_at_a_time(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three plans in pages of one: each is found in its page, and one that is missing is too."""
    members = [seller, register("b@rings.example"), register("c@rings.example")]
    orders = []
    for place, one in enumerate(members):
        orders.append(subscribe(sandbox, one, f"page {place}"))
        sandbox.panel("clock", offset_s=60 * (place + 1))
    plans = [order.subscription for order in orders]
    real = stripe_subscriptions.StripeSubscriptions.list_subscriptions
    sizes = []

    def in_ones(
        self: stripe_subscriptions.StripeSubscriptions,
    ) -> Iterator[list[ListedSubscription]]:
        for page in real(self):
            for one in page:
                sizes.append(1)
                yield [one]

    monkeypatch.setattr(stripe_subscriptions.StripeSubscriptions, "list_subscriptions", in_ones)
    pages = list(subscription_reconciliation.compare_subscriptions(now=now()))
    assert (sizes, [page.looked_at for page in pages]) == ([1, 1, 1], [()] * 4)
    middle = plans[1].processor_subscription_id if plans[1] else ""
    sandbox.panel(f"subscriptions/{middle}/cancel", how="now")
    pages = list(subscription_reconciliation.compare_subscriptions(now=now()))
    assert [page.looked_at for page in pages if page.looked_at] == [(middle,)]
    ended = Subscription.objects.filter(state=SubscriptionState.CANCELED)
    assert [one.processor_subscription_id for one in ended] == [middle]


def test_the_processor_is_asked_for_the_next_page_after_the_last_one(
    sandbox: Sandbox, seller: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    for place in range(3):
        subscribe(sandbox, register(f"{place}@rings.example"))
    real = client().v1.subscriptions.list
    with pytest.MonkeyPatch.context() as patch:
        api = stripe_subscriptions.StripeSubscriptions(client())
        patch.setattr(api._api.subscriptions, "list", lambda wanted: real({**wanted, "limit": 2}))
        pages = [[one.id for one in page] for page in api.list_subscriptions()]
    assert [len(page) for page in pages] == [2, 1]
    known = Subscription.objects.values_list("processor_subscription_id", flat=True)
    assert {one for page in pages for one in page} == set(known)
