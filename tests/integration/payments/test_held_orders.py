"""A held order is no trap: its money is booked, its plan can be canceled, a person ends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.models import Lot
from jewelrymodel.payments import operations, queries, tasks
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Charge, Order, Receipt, Subscription
from jewelrymodel.payments.operations import order_settlement
from jewelrymodel.payments.processor_objects import SessionStatus
from jewelrymodel.payments.statuses import HoldReason, OrderState
from tests.support.held_orders import held, refund
from tests.support.plans import Plan
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
API = ("sk_test_sandbox_tests", "")
HOUR = timedelta(hours=1)


def row(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def of_order(order: Order) -> tuple[int, int, int]:
    charge = Charge.objects.get(order=order)
    return charge.paid_minor, charge.kept_minor, charge.refunded_minor


def deliver_held(order: Order) -> Order:
    return operations.deliver_held(
        order_id=order.pk, actor=Actor.user(7), reason="The tax is right.", now=now()
    )


def newest_charge(sandbox: Sandbox) -> str:
    return str(sandbox.http.get("/v1/charges", auth=API).json()["data"][0]["id"])


@pytest.mark.clause("4.5")
@pytest.mark.parametrize(
    ("faults", "paid"), [({"tax_percent": 20}, 4680), ({"discount_percent": 50}, 1950)]
)
def test_another_amount_is_booked_as_it_was_charged(
    sandbox: Sandbox, seller: Membership, faults: dict[str, int], paid: int
) -> None:
    order = held(sandbox, seller, **faults)
    assert of_order(order) == (paid, paid, 0)
    assert not ledger.balance(seller.account_id, now()).available
    settle(order)
    settle(order)
    assert of_order(order) == (paid, paid, 0)


def test_what_was_refunded_or_disputed_before_we_looked_is_booked(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    sandbox.panel(f"charges/{newest_charge(sandbox)}/refund", amount=1000)
    order = settle(checkout.order)
    assert (order.state, of_order(order)) == (OrderState.REQUIRES_REVIEW, (3900, 2900, 1000))
    other = start(seller, key="another-page-key")
    sandbox.pay(other.url)
    sandbox.panel(f"charges/{newest_charge(sandbox)}/dispute", reason="fraudulent")
    order = settle(other.order)
    assert (order.state, of_order(order)) == (OrderState.REQUIRES_REVIEW, (3900, 3900, 0))


def test_a_refund_at_the_dashboard_while_it_is_held_is_booked(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    charge_id = Charge.objects.get().processor_charge_id
    sandbox.panel(f"charges/{charge_id}/refund", amount=780)
    operations.handle_event({"object": "charge", "object_id": charge_id}, now=now())
    assert of_order(order) == (4680, 3900, 780)


@pytest.mark.clause("4.5")
def test_delivered_by_a_person_it_is_worth_what_was_paid(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = deliver_held(held(sandbox, seller))
    assert order.state == OrderState.DELIVERED
    lot = Lot.objects.get()
    assert (lot.quantity, lot.paid_minor, lot.currency) == (100, 4680, "USD")
    receipt = Receipt.objects.get()
    amounts = (receipt.subtotal_minor, receipt.tax_minor, receipt.total_minor)
    assert amounts == (3900, 780, 4680)
    entry = AuditEntry.objects.get(action="order.delivered")
    assert (entry.actor, entry.reason) == ("user:7", "The tax is right.")
    assert deliver_held(order).delivered_at == order.delivered_at, "again it changes nothing"
    assert Receipt.objects.count() == Lot.objects.count() == 1
    assert not ledger.verify()
    tasks.confirm_order(subject_id=order.pk)
    assert "$46.80" in mail.outbox[-1].subject


def test_delivered_after_a_part_went_back_it_says_both(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    sandbox.panel(f"charges/{newest_charge(sandbox)}/refund", amount=780)
    deliver_held(order)  # no news of the refund came: it is looked at first
    assert Lot.objects.get().paid_minor == 3900
    receipt = Receipt.objects.get()
    assert (receipt.total_minor, receipt.payment["refunded"]) == (4680, "$7.80")
    assert render_receipt(receipt).startswith(b"%PDF")


def test_what_is_not_held_or_keeps_no_money_is_not_delivered(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    sandbox.panel(f"charges/{newest_charge(sandbox)}/refund")
    with pytest.raises(operations.NothingKept):
        deliver_held(order)
    operations.close_held(order_id=order.pk, actor=Actor.user(7), reason="It went back.", now=now())
    with pytest.raises(operations.NotHeld):
        deliver_held(order)


@pytest.mark.clause("4.5")
def test_nobody_closes_what_keeps_money(sandbox: Sandbox, seller: Membership) -> None:
    order = held(sandbox, seller)
    with pytest.raises(operations.MoneyKept):
        operations.close_held(order_id=order.pk, actor=Actor.user(7), reason="Gone.", now=now())
    with pytest.raises(IntegrityError, match="keeps money"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state=OrderState.CLOSED)
    assert row(order).state == OrderState.REQUIRES_REVIEW


def test_refunded_it_is_closed_and_opens_again_where_the_refund_fails(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=60)
    refund(order)
    assert row(order).state == OrderState.CLOSED
    assert of_order(order) == (4680, 0, 4680)
    sandbox.panel("clock", offset_s=120)
    made = queries.refunds(account_id=order.account_id)[0]
    operations.follow_refund(refund_id=made.pk, now=now())
    assert (row(order).state, of_order(order)) == (OrderState.REQUIRES_REVIEW, (4680, 4680, 0))
    assert row(order).held_code == HoldReason.REFUND_FAILED
    refund(order, "dec_2")
    assert row(order).state == OrderState.CLOSED


def test_while_a_refund_is_on_its_way_nothing_is_delivered(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund(order)
    with pytest.raises(operations.BeingRefunded):
        deliver_held(order)
    with pytest.raises(operations.BeingRefunded):
        operations.close_held(order_id=order.pk, actor=Actor.user(7), reason="Gone.", now=now())


@pytest.mark.clause("3.2")
def test_a_plan_is_known_and_can_be_canceled_although_its_order_is_held(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller, "bench")
    plan = Subscription.objects.get()
    seen = sandbox.http.get("/v1/subscriptions", auth=API).json()["data"][0]
    kept = (order.processor_subscription_id, order.processor_customer_id)
    assert kept == (seen["id"], seen["customer"])
    assert plan.processor_subscription_id == seen["id"]
    assert not ledger.features(seller.account_id, now()), "nothing was delivered"
    operations.cancel_subscription(
        account_id=seller.account_id, subscription_id=plan.pk, actor=Actor.user(1), now=now()
    )
    operations.follow_subscription(subscription_id=plan.pk, now=now())
    seen = sandbox.http.get("/v1/subscriptions", auth=API).json()["data"][0]
    assert seen["cancel_at_period_end"]


def test_every_month_of_a_plan_that_is_taxed_has_its_charge_and_is_held(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = deliver_held(held(sandbox, seller, "bench"))
    assert ledger.features(seller.account_id, now())
    plan = Subscription.objects.get()
    renewed = plan.period_ends_at + 2 * HOUR
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    operations.follow_subscription(subscription_id=plan.pk, now=renewed)
    renewal = Order.objects.exclude(pk=order.pk).get()
    assert (renewal.state, of_order(renewal)) == (OrderState.REQUIRES_REVIEW, (2280, 2280, 0))
    plan.refresh_from_db()
    assert plan.period_ends_at == renewal.period_ends_at, "it is paid until then"
    operations.deliver_held(
        order_id=renewal.pk, actor=Actor.user(7), reason="As before.", now=renewed
    )
    assert ledger.balance(seller.account_id, renewed).available == 60
    assert Receipt.objects.get(order=renewal).tax_minor == 380
    assert operations.settle_order(order_id=renewal.pk, now=renewed).state == OrderState.DELIVERED


@pytest.mark.clause("3.2")
def test_a_taxed_renewal_after_canceling_is_owed_back_all_the_same(
    sandbox: Sandbox, seller: Membership
) -> None:
    deliver_held(held(sandbox, seller, "bench"))
    plan = Subscription.objects.get()
    operations.cancel_subscription(
        account_id=seller.account_id, subscription_id=plan.pk, actor=Actor.user(1), now=now()
    )
    renewed = plan.period_ends_at + 2 * HOUR  # the processor was never told
    sandbox.panel("clock", offset_s=round((renewed - now()).total_seconds()))
    operations.settle_subscription(
        processor_subscription_id=plan.processor_subscription_id, now=renewed
    )
    assert [one.charges.get().paid_minor for one in queries.charged_after_cancel()] == [2280]


def test_a_period_that_is_over_is_refunded_and_not_delivered(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller, "bench")
    after = Subscription.objects.get().period_ends_at
    with pytest.raises(operations.PeriodOver):
        operations.deliver_held(order_id=order.pk, actor=Actor.user(7), reason="Late.", now=after)


def test_a_held_plan_that_is_refunded_renews_no_more(sandbox: Sandbox, seller: Membership) -> None:
    order = held(sandbox, seller, "bench")
    refund(order)
    plan = Subscription.objects.get()
    assert (row(order).state, plan.renews) == (OrderState.CLOSED, False)
    operations.follow_subscription(subscription_id=plan.pk, now=now())
    seen = sandbox.http.get("/v1/subscriptions", auth=API).json()["data"][0]
    assert seen["cancel_at_period_end"]


def test_money_that_moves_after_a_hold_is_booked_by_the_sweeper(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that we don't know holds an order; what it was charged is looked at again."""
    checkout = start(seller)
    _say(monkeypatch, SessionStatus.UNKNOWN)
    order = settle(checkout.order)
    assert (order.state, Charge.objects.count()) == (OrderState.REQUIRES_REVIEW, 0)
    monkeypatch.undo()
    sandbox.pay(checkout.url)
    assert queries.orders_to_look_at(now=now() + HOUR, limit=9) == [order.pk]
    assert settle(order).state == OrderState.REQUIRES_REVIEW, "it stays with its person"
    assert of_order(order) == (3900, 3900, 0)
    assert queries.orders_to_look_at(now=now() + HOUR, limit=9) == []


def _say(monkeypatch: pytest.MonkeyPatch, status: SessionStatus) -> None:
    real: Callable[..., object] = order_settlement._look

    def look(*args: object) -> object:
        return replace(real(*args), status=status)  # type: ignore[type-var]  # a ProcessorCheckout

    monkeypatch.setattr(order_settlement, "_look", look)


def test_a_crash_while_it_is_delivered_leaves_it_held_and_a_repeat_delivers(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = held(sandbox, seller)

    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    for step in ("deliver", "note_review"):
        with monkeypatch.context() as crash:
            crash.setattr(f"jewelrymodel.payments.operations.review_outcomes.{step}", die)
            with pytest.raises(KeyboardInterrupt):
                deliver_held(order)
        assert (row(order).state, Lot.objects.count()) == (OrderState.REQUIRES_REVIEW, 0)
    assert deliver_held(order).state == OrderState.DELIVERED
    assert Lot.objects.count() == 1


def test_billing_says_what_was_charged_and_that_our_team_looks_at_it(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = held(sandbox, seller, "bench")
    client.force_login(seller.user)
    billing = client.get("/billing").content.decode()
    assert "not charged so far" not in billing
    assert "$22.80" in billing
    assert "Charged, in review by our team" in billing
    assert "haven’t been added yet" in billing
    assert "Cancel subscription" in billing
    plan = Subscription.objects.get()
    asked = client.get(f"/billing/subscriptions/{plan.pk}/cancel").content.decode()
    assert asked.count(f"Cancel {plan.product_version.name}?") == 2, "the title says it too"
    assert "Our team is reviewing the payment for the current month (order JM-000001)" in asked
    assert "You keep access" not in asked
    for address in (f"/billing/orders/{order.pk}", f"/billing/orders/{order.pk}/return"):
        html = " ".join(client.get(address).content.decode().split())
        assert "You were charged $22.80 on" in html
        assert "our team reviews the payment first" in html
        assert "No charges yet" not in html
    deliver_held(order)
    html = client.get(f"/billing/orders/{order.pk}/return").content.decode()
    assert "You paid $22.80 with Visa ending in 4242" in " ".join(html.split())


def test_billing_does_not_claim_that_nothing_was_charged_where_nobody_knows(
    sandbox: Sandbox, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = start(seller)
    _say(monkeypatch, SessionStatus.UNKNOWN)
    settle(checkout.order)
    client.force_login(seller.user)
    billing = client.get("/billing").content.decode()
    assert "Our team is checking whether you were charged for order JM-000001" in billing
    assert "not charged so far" not in billing


def test_closed_it_says_what_became_of_the_money(
    sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    order = held(sandbox, seller)
    refund(order)
    client.force_login(seller.user)
    assert ">Refunded</span>" in client.get("/billing").content.decode()
    html = " ".join(client.get(f"/billing/orders/{order.pk}/return").content.decode().split())
    assert "You were charged $46.80 (refunded)" in html
    assert "No credits were added" in html


def test_a_plan_delivered_at_last_closes_other_pages_and_mails_its_receipt(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = deliver_held(held(sandbox, seller, "bench"))
    names = ProcrastinateJob.objects.values_list("task_name", flat=True)
    assert {"payments.confirm_order", "payments.close_other_plans"} <= set(names)
    tasks.confirm_order(subject_id=order.pk)
    assert "your Bench subscription has started" in mail.outbox[-1].subject


def test_a_plan_without_news_of_tax_is_as_before(sandbox: Sandbox, seller: Membership) -> None:
    plan = Plan(sandbox, seller)
    assert plan.order.processor_subscription_id == plan.row.processor_subscription_id
    assert Receipt.objects.get().tax_minor == 0
