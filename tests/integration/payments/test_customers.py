"""One customer at the processor per account and currency, and no question asked there twice."""

from datetime import timedelta

import pytest
import stripe

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog.products import Interval, LegalClass, ProductKind, ProductSpec
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.stripe_client import client
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.processor_objects import CheckoutRequest
from jewelrymodel.payments.statuses import OrderState
from tests.support.publishing import publish_version
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
    sandbox.panel(f"customers/{first.processor_customer_id}/delete")
    second = subscribe(sandbox, seller, "the-second-page")
    assert second.state == OrderState.DELIVERED
    assert second.processor_customer_id not in ("", first.processor_customer_id)


@pytest.fixture
def euro_plan(terms: None) -> str:
    """A plan that is sold in euros, by its name in the catalog."""
    spec = ProductSpec(
        sku="werkbank",
        kind=ProductKind.SUBSCRIPTION,
        name="Werkbank",
        summary="For a test.",
        credits=60,
        price_minor=1900,
        currency="EUR",
        interval=Interval.MONTH,
        legal_class=LegalClass.DIGITAL_SERVICE,
        features=("studio",),
    )
    publish_version(spec=spec, effective_from_at=now() - HOUR, now=now() - HOUR)
    return spec.sku


def test_a_plan_in_another_currency_is_bought_by_a_customer_of_its_own(
    sandbox: Sandbox, seller: Membership, euro_plan: str
) -> None:
    orders = []
    for sku in ("bench", euro_plan, "atelier", euro_plan):
        orders.append(subscribe(sandbox, seller, f"the page of {len(orders)}", sku))
        leave(orders[-1], seller)
    assert [one.state for one in orders] == [OrderState.DELIVERED] * 4
    dollars, euros = ({one.processor_customer_id for one in orders[n::2]} for n in (0, 1))
    assert (len(dollars), len(euros), dollars & euros) == (1, 1, set())


def test_a_customer_who_was_billed_there_in_another_currency_is_made_anew(
    sandbox: Sandbox, seller: Membership
) -> None:
    first = subscribe(sandbox, seller, "the-first-page")
    request = CheckoutRequest(
        order_id="ord_2",
        order_label="JM-2",
        product_name="Werkbank",
        amount_minor=1900,
        currency="EUR",
        buyer_email=first.buyer_email,
        success_url="http://shop.example/back",
        cancel_url="http://shop.example/back",
        expires_at=now() + 2 * HOUR,
        renews_monthly=True,
        customer_id=first.processor_customer_id,
    )
    page = processor().create_checkout(request)
    assert processor().create_checkout(request) == page, "the same page, asked for again"
    assert processor().retrieve_checkout(page.session_id).customer_id == ""


def test_the_processor_refuses_a_second_currency_of_one_customer(
    sandbox: Sandbox, seller: Membership, euro_plan: str
) -> None:
    first = subscribe(sandbox, seller, "the-first-page")
    price = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Plan"}}
    with pytest.raises(stripe.InvalidRequestError, match="cannot combine currencies"):
        client().v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "customer": first.processor_customer_id,
                "success_url": "http://shop.example/back",
                "line_items": [
                    {"quantity": 1, "price_data": {**price, "recurring": {"interval": "month"}}}
                ],
            }
        )


def test_a_look_at_a_plan_asks_for_the_charges_of_new_invoices_only(
    sandbox: Sandbox, seller: Membership, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(sandbox, seller, "the-first-page")
    plan = Subscription.objects.get()
    renewed = plan.period_ends_at + 2 * HOUR  # an hour is too exact for two clocks
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


def test_the_processor_sells_nothing_to_a_deleted_customer(
    sandbox: Sandbox, seller: Membership
) -> None:
    first = subscribe(sandbox, seller, "the-first-page")
    sandbox.panel(f"customers/{first.processor_customer_id}/delete")
    price = {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Pack"}}
    with pytest.raises(stripe.InvalidRequestError, match="No such customer") as refused:
        client().v1.checkout.sessions.create(
            {
                "mode": "payment",
                "customer": first.processor_customer_id,
                "success_url": "http://shop.example/back",
                "line_items": [{"quantity": 1, "price_data": price}],
            }
        )
    assert (refused.value.http_status, refused.value.code) == (400, "resource_missing")
