"""A consumer who withdraws from a contract, and the worker that carries it out."""

from collections.abc import Callable

from django.core import mail
from django.test import Client

from jewelrymodel.ledger import operations as ledger
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations
from jewelrymodel.support.models import Case, Withdrawal
from tests.support.refunds import refunds_done
from tests.support.shop import now

Buy = Callable[..., Order]


def spend(order: Order, quantity: int) -> None:
    """Use credits of the order."""
    held = ledger.hold(
        account_id=order.account_id,
        quantity=quantity,
        subject="test",
        idempotency_key="h",
        now=now(),
    )
    ledger.capture(hold_id=held.pk, quantity=quantity, idempotency_key="c", now=now())


def confirm(client: Client, order: Order, name: str = "Ada Example") -> Withdrawal:
    """Withdraw by the pages of the order."""
    page = f"/billing/orders/{order.pk}/withdraw"
    client.post(page, {"name": name, "do": "confirm"})
    return Withdrawal.objects.get(order=order)


def carry_out(row: Withdrawal) -> Withdrawal:
    """Let the worker do all of its part."""
    operations.carry_out_withdrawal(case_id=row.case_id, now=now())
    for decision in DecisionRecord.objects.all():
        remedies.carry_out(decision_id=decision.pk, now=now())
    refunds_done()
    return Withdrawal.objects.get(pk=row.pk)


def mailed(case: Case) -> list[str]:
    """Send what waits for this case and return all that it was mailed, oldest first."""
    mail.outbox.clear()
    for entry in case.entries.filter(mail_due=True, mailed_at=None).order_by("id"):
        operations.mail_entry(entry_id=entry.pk, now=now())
    return [str(one.body) for one in mail.outbox]
