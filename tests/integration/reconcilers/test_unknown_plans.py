"""Plans at the processor beside ours: whatever is billed there can be seen and canceled here."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.operations import reconciliation, subscription_reconciliation
from jewelrymodel.support import reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
CHECK = "billed_unknown"
HOUR = timedelta(hours=1)
KEY = ("sk_test_sandbox_tests", "")


def subscribe_elsewhere(sandbox: Sandbox, **named: str) -> str:
    """Somebody makes a subscription at the processor that no page of ours asked for."""
    made = sandbox.http.post(
        "/v1/checkout/sessions",
        auth=KEY,
        data={
            "mode": "subscription",
            "success_url": "http://elsewhere.example",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": "usd",
            "line_items[0][price_data][unit_amount]": "500",
            "line_items[0][price_data][product_data][name]": "Other",
            "line_items[0][price_data][recurring][interval]": "month",
            **named,
        },
    ).json()
    sandbox.pay(made["url"])
    paid = sandbox.http.get(f"/v1/checkout/sessions/{made['id']}", auth=KEY).json()
    return str(paid["subscription"])


@pytest.mark.clause("3.2")
def test_a_plan_that_began_without_a_word_becomes_one_of_ours(
    sandbox: Sandbox, seller: Membership
) -> None:
    """Also one whose payment doesn't agree: held, with its charge, and to be canceled."""
    sandbox.panel("faults", tax_percent=20, drop_webhooks=-1)
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    assert reconcilers.run(now=now())[CHECK] == 0
    assert Subscription.objects.get().account_id == seller.account_id
    assert Charge.objects.get().order == checkout.order


def test_one_that_bills_a_customer_of_ours_and_is_no_plan_gets_a_case(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    unknown = subscribe_elsewhere(sandbox, customer=order.processor_customer_id)
    assert reconcilers.run(now=now())[CHECK] == 1
    case = Case.objects.get(check_name=CHECK)
    assert (case.state, case.category, case.subject_id) == (
        CaseState.OPEN,
        Category.ACCOUNT_ERROR,
        unknown,
    )
    assert f"bills a subscription ({unknown})" in case.entries.get().text
    assert reconcilers.run(now=now() + HOUR)[CHECK] == 0, "it has its case"
    sandbox.panel(f"subscriptions/{unknown}/cancel", how="now")
    assert list(subscription_reconciliation.reconcile_subscriptions(now=now())) == []


def test_a_second_one_that_names_our_order_gets_a_case(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    named = {"subscription_data[metadata][order_id]": order.pk, "customer_email": "a@b.example"}
    unknown = subscribe_elsewhere(sandbox, **named)
    (found,) = subscription_reconciliation.reconcile_subscriptions(now=now())
    assert (found.order, found.processor_id) == (order, unknown)
    assert Order.objects.count() == 1


def test_those_of_another_shop_are_none_of_our_business(
    sandbox: Sandbox, seller: Membership
) -> None:
    subscribe_elsewhere(sandbox, customer_email="other@example.com")
    assert list(subscription_reconciliation.reconcile_subscriptions(now=now())) == []


def test_one_that_cannot_be_looked_at_keeps_no_other_from_it(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    unknown = subscribe_elsewhere(sandbox, customer=order.processor_customer_id)
    plan = Subscription.objects.get()
    sandbox.panel(f"subscriptions/{plan.processor_subscription_id}/cancel", how="now")

    def stumble(*_args: object, **_more: object) -> None:
        raise AttributeError("card")

    monkeypatch.setattr(subscription_reconciliation, "settle_subscription", stumble)
    assert [
        one.processor_id for one in subscription_reconciliation.reconcile_subscriptions(now=now())
    ] == [unknown]


def test_a_refund_made_there_of_a_charge_from_long_ago_is_found(
    sandbox: Sandbox, seller: Membership
) -> None:
    """The charges that are listed are a month old at most; refunds are listed by their own day."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    charge = Charge.objects.get()
    later = now() + timedelta(days=40)
    sandbox.panel("clock", offset_s=40 * 86_400)
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=500)
    assert list(reconciliation.reconcile_charges(since=later - HOUR, before=later, now=later)) == []
    assert list(reconciliation.reconcile_refunds(since=later - HOUR, now=later)) == []
    charge.refresh_from_db()
    assert (charge.kept_minor, charge.refunded_minor) == (3400, 500)


def test_a_refund_of_ours_that_the_processor_lists_is_followed(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    charge = Charge.objects.get()
    made = operations.intend_refund(
        account_id=seller.account_id,
        charge_id=charge.pk,
        amount_minor=100,
        decision_id="dec_1",
        reason="6.1",
        revokes_credits=False,
        now=now(),
    )
    sandbox.panel("faults", timeouts_after_acting=0)
    operations.refunds.refunds().create_refund(  # type: ignore[attr-defined]  # the module itself
        refund_id=made.pk,
        processor_charge_id=charge.processor_charge_id,
        amount_minor=100,
        currency="USD",
    )
    assert list(reconciliation.reconcile_refunds(since=now() - HOUR, now=now())) == []
    charge.refresh_from_db()
    assert charge.refunded_minor == 100
