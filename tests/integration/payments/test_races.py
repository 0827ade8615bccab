"""Real threads on real connections: whoever looks first delivers, the rest find it done."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    Order,
    PlanChange,
    Receipt,
    Refund,
)
from jewelrymodel.payments.operations import mirror_dispute, subscription_cancellation
from jewelrymodel.payments.statuses import OrderState, PlanChangeState, RefundState
from tests.support.plan_changes import ChangingPlan
from tests.support.plans import Plan, resume
from tests.support.refunds import books, dispute, intend
from tests.support.shop import Sandbox, now, register, register_terms, settle, start
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_webhook_return_page_and_sweeper_at_once_grant_once(sandbox: Sandbox) -> None:
    register_terms()
    seller = register()
    checkout = start(seller)
    sandbox.pay(checkout.url)
    ends = at_once(lambda: settle(checkout.order), 3)
    assert {order.state for order in ends} == {OrderState.DELIVERED}
    assert ledger.balance(seller.account_id, now()).available == 100
    assert Charge.objects.count() == Receipt.objects.count() == 1
    assert ledger.verify() == []


def test_two_clicks_at_once_are_one_order_without_a_gap(sandbox: Sandbox) -> None:
    register_terms()
    seller = register()
    checkouts = at_once(lambda: start(seller), 2)
    assert len({checkout.order.id for checkout in checkouts}) == 1
    assert len({checkout.url for checkout in checkouts}) == 1
    assert start(seller, key="the-next-page").order.number == 2


def test_the_database_refuses_to_rewrite_an_order_a_charge_or_a_receipt(sandbox: Sandbox) -> None:
    register_terms()
    checkout = start(register())
    sandbox.pay(checkout.url)
    settle(checkout.order)
    changes: list[Callable[[], object]] = [
        lambda: Order.objects.update(total_minor=1, subtotal_minor=1),
        lambda: Order.objects.update(terms_sha256="0" * 64),
        lambda: Order.objects.update(state=OrderState.CANCELED, delivered_at=None),
        lambda: Order.objects.all().delete(),
        lambda: Charge.objects.update(kept_minor=1),
        lambda: Charge.objects.all().delete(),
        lambda: Receipt.objects.update(total_minor=1),
        lambda: ProductVersion.objects.filter(sku="case").update(price_minor=1),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Order.objects.update(ip=None, user_agent="", buyer_email="gone@account.example") == 1


def test_two_tell_one_after_the_other(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancellation that is on its way is not overtaken by the resume that came after it."""
    register_terms()
    plan = Plan(sandbox, register())
    plan.cancel()
    sent, go_on = Event(), Event()
    real = subscription_cancellation.subscriptions

    class Slow:
        def cancel_at_period_end(self, subscription_id: str, *, cancels: bool) -> None:
            if cancels:
                sent.set()
                assert go_on.wait(10)
            real().cancel_at_period_end(subscription_id, cancels=cancels)

    monkeypatch.setattr(subscription_cancellation, "subscriptions", Slow)

    def tell() -> None:
        plan.tell()
        connection.close()

    first = Thread(target=tell)
    first.start()
    assert sent.wait(10)
    resume(plan)
    second = Thread(target=tell)
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert real().retrieve_subscription(plan.row.processor_subscription_id).renews
    assert (plan.row.renews, plan.row.processor_renews) == (True, True)


@pytest.mark.parametrize(
    "columns",
    [
        {"next_look_at": now()},
        {"state": RefundState.FAILED, "settled_at": now()},
    ],
)
def test_a_refund_is_not_refused_for_what_another_moves_meanwhile(
    sandbox: Sandbox, columns: dict[str, object]
) -> None:
    """The check at its commit reads the charge and what it is compared with at one moment."""
    register_terms()
    checkout = start(register())
    sandbox.pay(checkout.url)
    settle(checkout.order)
    charge = Charge.objects.get()
    refund = intend(charge, 900, lot=False)
    found = dispute(sandbox, charge)
    sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome="lost")
    mirror_dispute(processor_dispute_id=found.processor_dispute_id, now=now())
    assert books(charge) == (0, 0, 3900)
    refusals: list[IntegrityError] = []

    def change() -> None:
        try:
            Refund.objects.filter(pk=refund.pk).update(**columns)
        except IntegrityError as refusal:
            refusals.append(refusal)
        connection.close()

    other = Thread(target=change)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE payments_dispute IN ACCESS EXCLUSIVE MODE")
        ChargeDispute.objects.filter(pk=found.pk).update(status="won", lost_at=None)
        Charge.objects.filter(pk=charge.pk).update(lost_minor=0, kept_minor=charge.paid_minor)
        other.start()
        while other.is_alive() and not _is_waited_for("payments_dispute"):
            other.join(0.01)
    other.join()
    assert refusals == []
    assert books(charge) == (3900, 0, 0)


def _is_waited_for(table: str) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
    with connection.cursor() as cursor:
        cursor.execute(waiting, [table])
        return cursor.fetchone() is not None


def test_two_presses_at_once_change_a_plan_once(sandbox: Sandbox) -> None:
    register_terms()
    plan = ChangingPlan(sandbox, register())
    plan.at = now()
    quote = plan.quote()

    def press() -> str:
        try:
            return str(plan.change(quote).state)
        except operations.ChangeRefused as refused:
            return refused.code

    ends = at_once(press, 3)
    assert PlanChangeState.MADE in ends
    assert (PlanChange.objects.count(), Charge.objects.count()) == (1, 2)
    assert plan.credits() == 60 + quote.credits
    assert ledger.verify() == []
