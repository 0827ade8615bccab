"""One customer at the processor per account, and no question asked there twice."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.stripe_client import client
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.statuses import OrderState
from tests.support.shop import Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def subscribe(sandbox: Sandbox, seller: Membership, key: str, sku: str = "bench") -> Order:
    checkout = start(seller, key=key, sku=sku)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def leave(order: Order, seller: Membership) -> None:
    operations.cancel_subscription(
        account_id=seller.account_id,
        subscription_id=order.subscription_id or "",
        actor=Actor.user(seller.user_id),
        now=now(),
    )


def customers() -> int:
    return len(client().v1.customers.list({"limit": 100}).data)


def test_a_second_plan_and_a_pack_are_bought_by_the_same_customer(
    sandbox: Sandbox, seller: Membership
) -> None:
    first = subscribe(sandbox, seller, "the-first-page")
    leave(first, seller)
    second = subscribe(sandbox, seller, "the-second-page", "atelier")
    pack = subscribe(sandbox, seller, "the-third-page", "case")
    assert customers() == 1
    assert {first.processor_customer_id, second.processor_customer_id} == {
        pack.processor_customer_id
    }
    other = subscribe(sandbox, register("other@rings.example"), "the-page-of-another")
    assert other.processor_customer_id != first.processor_customer_id


def test_a_customer_that_is_not_there_any_more_is_made_anew(
    sandbox: Sandbox, seller: Membership
) -> None:
    first = subscribe(sandbox, seller, "the-first-page")
    leave(first, seller)
    Order.objects.filter(pk=first.pk).update(processor_customer_id="cus_gone")
    second = subscribe(sandbox, seller, "the-second-page")
    assert second.state == OrderState.DELIVERED
    assert second.processor_customer_id not in ("", "cus_gone")


def test_a_look_at_a_plan_asks_for_the_charges_of_new_invoices_only(
    sandbox: Sandbox, seller: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(sandbox, seller, "the-first-page")
    plan = Subscription.objects.get()
    renewed = plan.period_ends_at + HOUR
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    asked = []
    for _ in range(2):
        caplog.clear()
        operations.settle_subscription(
            processor_subscription_id=plan.processor_subscription_id, now=renewed
        )
        lines = [one.getMessage() for one in caplog.records]
        asked.append(sum("invoice_payments" in one and "Request" in one for one in lines))
    assert Order.objects.filter(subscription=plan, state=OrderState.DELIVERED).count() == 2
    assert asked == [1, 0]
