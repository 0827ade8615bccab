"""The credits of an order between the statement that withdraws from it and what is decided.

From the moment in which somebody who is proven states it, nobody uses what may be refunded; a
generation that holds some goes on. They are released once: with the machine's decision, whose
refund suspends them for itself, or after a person has ended the request.
"""

from datetime import datetime

from django.db import transaction

from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as books
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.payments.queries.withdrawals import Window
from jewelrymodel.support import queries
from jewelrymodel.support.models import Withdrawal


def suspend_credits(row: Withdrawal, now: datetime) -> None:
    """Suspend what the order brought from which *row* withdraws, where the law gives that right.

    Who has none, or not any more, goes on as before until a person decides. In the caller's
    transaction, which keeps the statement.
    """
    order = row.order
    if order is None or withdrawals.window(order, at=row.stated_at) not in _GIVEN:
        return
    for lot_id in books.lots_of_order(order.account_id, order.pk):
        ledger.suspend(
            account_id=order.account_id,
            lot_id=lot_id,
            cause=_cause(row),
            idempotency_key=f"withdrawal:{row.pk}:{lot_id}",
            now=now,
        )


def release_credits(row: Withdrawal, now: datetime) -> None:
    """Reinstate what *row* suspends; again, or where it suspends nothing, it changes nothing."""
    order = row.order
    if order is None or not books.is_suspended_for(order.account_id, _cause(row)):
        return
    ledger.reinstate(
        account_id=order.account_id,
        cause=_cause(row),
        idempotency_key=f"withdrawal:{row.pk}:reinstated",
        now=now,
    )


def release_settled_credits(*, withdrawal_id: str, now: datetime) -> bool:
    """Return whether what a withdrawal suspends was released: a person has ended its request, and
    every refund that they decided has begun, which suspends for itself what it concerns.
    """
    with transaction.atomic():
        row = Withdrawal.objects.select_for_update(of=("self",)).get(pk=withdrawal_id)
        if not queries.is_settled_by_person(row):
            return False
        release_credits(row, now)
    return True


_GIVEN = (Window.OPEN, Window.EXTENDED)


def _cause(row: Withdrawal) -> Cause:
    return Cause(CauseKind.WITHDRAWAL, row.pk)
