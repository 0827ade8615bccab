"""A renewal that somebody noted as paid out of band: recorded, delivered, refunded by transfer."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.models import Lot
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.stripe_subscriptions import StripeSubscriptions
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import OrderState, PayoutWay, RefundState
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.money_states import acts
from tests.support.money_states.subscriptions import SUBSCRIPTIONS
from tests.support.money_states.world import World
from tests.support.shop import Sandbox, at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(sandbox: Sandbox, seller: Membership) -> World:
    """A renewal that was declined, and noted as paid at the processor's dashboard."""
    world = World(sandbox, seller=seller)
    with world.present():
        SUBSCRIPTIONS.states["renewal declined"](world)
        world.settle()
        world.panel(f"invoices/{world.plan.open_invoice_id}/settle", how="paid_out_of_band")
        world.settle()
    return world


@pytest.fixture
def credited(sandbox: Sandbox, seller: Membership) -> World:
    """A renewal that was declined, and whose invoice a credit note has paid: no money came."""
    world = World(sandbox, seller=seller)
    with world.present():
        SUBSCRIPTIONS.states["renewal declined"](world)
        world.settle()
        world.panel(f"invoices/{world.plan.open_invoice_id}/settle", how="credit_note")
        world.settle()
    return world


def record(world: World, *, days_ago: int = 2, reference: str = "WIRE-77") -> Charge:
    return operations.record_payment(
        order_id=world.order.pk,
        reference=reference,
        paid_on=(world.at - timedelta(days=days_ago)).date(),
        user_id=world.colleague,
        now=world.at,
    )


def test_it_is_delivered_like_one_that_was_charged(world: World) -> None:
    order = world.order
    assert order.state == OrderState.REQUIRES_REVIEW
    charge = record(world)
    assert record(world, reference="WIRE-78") == charge, "once"
    assert (charge.paid_minor, charge.kept_minor, charge.transaction) == (1900, 1900, "WIRE-77")
    with world.present():
        acts.delivers(world)
        world.settle()
    order.refresh_from_db()
    assert (order.state, order.receipt.total_minor) == (OrderState.DELIVERED, 1900)
    assert order.receipt.payment["transaction"] == "WIRE-77"
    lot = Lot.objects.get(source_ref=order.pk)
    assert (lot.quantity, lot.paid_minor, lot.expires_at) == (60, 1900, order.period_ends_at)
    assert ledger.balance(world.account_id, world.at).available == 60
    entry = AuditEntry.objects.get(action="order.paid_elsewhere")
    assert "WIRE-77" in entry.reason


def test_nothing_is_recorded_that_the_processor_does_not_say(world: World) -> None:
    first = Order.objects.filter(account_id=world.account_id).earliest("number")
    asked = {"reference": "X", "user_id": world.colleague, "now": world.at}
    with pytest.raises(operations.NotPaidElsewhere):
        operations.record_payment(order_id=first.pk, paid_on=world.at.date(), **asked)
    for days in (-2, 400):
        with pytest.raises(operations.PaymentDay):
            record(world, days_ago=days)
    assert Charge.objects.filter(order=world.order).count() == 0


def test_the_day_is_the_agents_own_east_of_utc(world: World) -> None:
    charge = record(world, days_ago=-1)
    assert charge.charged_at <= world.at


def test_what_a_credit_note_paid_brought_no_money(credited: World) -> None:
    assert credited.order.state == OrderState.REQUIRES_REVIEW
    with pytest.raises(operations.NotPaidElsewhere):
        record(credited)
    assert not Charge.objects.filter(order=credited.order).exists()
    with credited.present():
        acts.closes(credited)
    assert credited.order.state == OrderState.CLOSED


@pytest.mark.parametrize("minor", [1000, 1901])
def test_its_amount_is_what_was_paid_outside(
    world: World, monkeypatch: pytest.MonkeyPatch, minor: int
) -> None:
    monkeypatch.setattr(StripeSubscriptions, "paid_elsewhere", lambda self, invoice_id: minor)
    if minor > 1900:
        with pytest.raises(operations.NotPaidElsewhere):
            record(world)
    else:
        assert record(world).paid_minor == minor


def test_nobody_records_their_own_accounts_payment(world: World) -> None:
    with pytest.raises(OwnAccount):
        operations.record_payment(
            order_id=world.order.pk,
            reference="X",
            paid_on=world.at.date(),
            user_id=world.seller.user_id,
            now=world.at,
        )


def test_its_refund_goes_by_bank_transfer_and_the_processor_is_not_asked(world: World) -> None:
    charge = record(world)
    with world.present():
        acts.delivers(world)
        world.settle()
        acts.desk_refunds()(world)
        world.settle()
        refund = Refund.objects.get(charge=charge)
        assert (refund.way, refund.state) == (PayoutWay.TRANSFER, RefundState.INTENDED)
        assert world.get("refunds?limit=10")["data"] == []
        acts.desk_records_transfer(world)
        world.settle()
    charge.refresh_from_db()
    assert (charge.kept_minor, charge.refunded_minor) == (0, 1900)
    assert ledger.balance(world.account_id, world.at).available == 0
    with pytest.raises(operations.PaidElsewhere):
        operations.choose_payout(
            charge_id=charge.pk,
            way=PayoutWay.PROCESSOR,
            reason="No.",
            user_id=world.colleague,
            now=world.at,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(payout_way=PayoutWay.PROCESSOR)


def test_reconciliation_does_not_look_for_it_at_the_processor(world: World) -> None:
    record(world, days_ago=0)
    with world.present():
        reconcilers.run(now=world.at + timedelta(hours=2))
    assert not Case.objects.filter(check_name="processor_and_ledger_disagree").exists()
    window = {"since": world.at - timedelta(days=1), "before": world.at + timedelta(days=1)}
    assert list(operations.reconcile_window(**window, now=world.at)) == []


def test_at_the_desk_it_is_recorded_then_offered_for_delivery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.at)
    desk, page = at_the_desk(), f"/desk/orders/{world.order.pk}"
    assert "Record a payment made to us directly" in desk.get(page).content.decode()
    form = {"reference": "WIRE-77", "paid_on": world.at.date().isoformat(), "sure": "on"}
    world.faults(down=True)
    refused = desk.post(f"{page}/payment", form)
    assert (refused.status_code, "WIRE-77" in refused.content.decode()) == (503, True)
    world.faults(down=False)
    assert desk.post(f"{page}/payment", form).status_code == 302
    html = desk.get(page).content.decode()
    assert "Record a payment made to us directly" not in html
    assert "WIRE-77" in html
    assert "Deliver for the amount charged" in html


def test_its_customer_reads_what_was_paid(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(world)
    monkeypatch.setattr(clock, "now", lambda: world.at)
    client.force_login(world.seller.user)
    html = client.get(f"/billing/orders/{world.order.pk}").content.decode()
    assert "You paid us $19.00 directly (reference WIRE-77)." in html
    for page in ("/billing", f"/billing/orders/{world.order.pk}"):
        html = client.get(page).content.decode()
        assert ("WIRE-77" in html, str(world.order.invoice_id) in html) == (True, False), page
