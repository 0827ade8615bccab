"""Suspending lots, taking credits back, and debt: what refunds and disputes do to credits."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger.models import Lot, LotSuspension, Movement, Transfer
from jewelrymodel.ledger.movement_kinds import Cause, Operation, Side
from jewelrymodel.ledger.operations.holds import BadQuantity
from jewelrymodel.ledger.operations.journal import Journal, Request, lineage, live_among, lock
from jewelrymodel.ledger.refusals import LedgerRefusal


class LotStillHeld(LedgerRefusal):
    """A task still holds credits of this lot. Nothing was taken back; suspend it and try later."""

    def __init__(self, held: int) -> None:
        super().__init__(held=held)
        self.held = held


class DebtBeyondConsumed(LedgerRefusal):
    """Only credits that were spent and aren't owed yet can become a debt. Nothing was recorded."""


def suspend(
    *, account_id: str, lot_id: str, cause: Cause, idempotency_key: str, now: datetime
) -> None:
    """Suspend a lot and its continuations for *cause*: a refund, a dispute or a withdrawal.

    No new hold takes from a suspended lot; a task that already holds may capture. Lots that this
    cause has suspended already stay as they are. Raises UnknownAccount, UnknownLot and
    IdempotencyKeyReused.
    """
    request = Request(account_id, Operation.SUSPEND, idempotency_key, cause, {"lot": lot_id})
    with transaction.atomic():
        if lock(request) is not None:
            return
        lots = lineage(account_id, lot_id)
        journal = Journal.open(account_id, now)
        already = LotSuspension.objects.filter(
            lot__in=lots, cause_kind=cause.kind, cause_id=cause.id, reinstated_at__isnull=True
        ).values_list("lot_id", flat=True)
        LotSuspension.objects.bulk_create(
            _suspension_row(lot, cause, now) for lot in lots if lot.id not in set(already)
        )
        for lot in live_among(journal, lots):
            lot.suspended = True
        journal.close(request, lot=lots[0])


def reinstate(*, account_id: str, cause: Cause, idempotency_key: str, now: datetime) -> None:
    """End every suspension that *cause* put on the account's lots.

    A lot that another cause suspends too stays suspended. Raises UnknownAccount and
    IdempotencyKeyReused.
    """
    request = Request(account_id, Operation.REINSTATE, idempotency_key, cause)
    with transaction.atomic():
        if lock(request) is not None:
            return
        journal = Journal.open(account_id, now)
        LotSuspension.objects.filter(
            account_id=account_id,
            cause_kind=cause.kind,
            cause_id=cause.id,
            reinstated_at__isnull=True,
        ).update(reinstated_at=now)
        suspended = LotSuspension.objects.filter(lot__in=journal.lots, reinstated_at__isnull=True)
        still = set(suspended.values_list("lot_id", flat=True))
        for lot in journal.lots.values():
            lot.suspended = lot.id in still
        journal.close(request)


def revoke(
    *, account_id: str, lot_id: str, cause: Cause, idempotency_key: str, now: datetime
) -> int:
    """Take back what is left of a lot and its continuations (edge 4); return how many credits.

    A repeated key returns the first number. Raises LotStillHeld while a task holds any of them,
    UnknownAccount, UnknownLot and IdempotencyKeyReused.
    """
    request = Request(account_id, Operation.REVOKE, idempotency_key, cause, {"lot": lot_id})
    with transaction.atomic():
        first = lock(request)
        if first is not None:
            return _moved(first)
        lots = lineage(account_id, lot_id)
        journal = Journal.open(account_id, now)
        live = live_among(journal, lots)
        held = sum(lot.held for lot in live)
        if held:
            raise LotStillHeld(held)
        for lot in live:
            if lot.available:  # opening the journal may have swept it empty
                journal.burn(lot, Side.REVOKED, lot.available)
        return _moved(journal.close(request, lot=lots[0]))


def restore(*, account_id: str, cause: Cause, idempotency_key: str, now: datetime) -> int:
    """Put back what *cause* took: its refund failed, so the money is ours again; return how many.

    Each lot comes back as a continuation at the price that left it, and lives as long as it had
    left when it was revoked, but its ``continuation_days`` at least. What else suspends the lot
    suspends it too. A repeated key returns the first number. Raises UnknownAccount and
    IdempotencyKeyReused.
    """
    request = Request(account_id, Operation.GRANT, idempotency_key, cause)
    with transaction.atomic():
        first = lock(request)
        if first is not None:
            return _moved(first)
        revoked = _revoked_by(account_id, cause)
        if not revoked:
            return 0
        journal = Journal.open(account_id, now)
        for transfer in revoked:
            journal.put_back(
                transfer.from_lot,
                transfer.quantity,
                paid_minor=transfer.value_minor,
                left_at=transfer.movement.happened_at,
            )
        return _moved(journal.close(request, lot=revoked[0].from_lot))


def record_debt(
    *,
    account_id: str,
    lot_id: str,
    quantity: int,
    cause: Cause,
    idempotency_key: str,
    now: datetime,
) -> int:
    """Record *quantity* spent credits of a lost charge's lot as owed (edge 13); return how many.

    Takes nothing from any other lot, now or later. Raises BadQuantity, DebtBeyondConsumed,
    UnknownAccount, UnknownLot and IdempotencyKeyReused.
    """
    if quantity < 1:
        raise BadQuantity
    body = {"lot": lot_id, "quantity": quantity}
    request = Request(account_id, Operation.DEBT, idempotency_key, cause, body)
    with transaction.atomic():
        first = lock(request)
        if first is not None:
            return _moved(first)
        lots = lineage(account_id, lot_id)
        journal = Journal.open(account_id, now)
        missing = quantity
        for lot in lots:
            owed = _sum(lot, Side.DEBT)
            part = min(missing, _sum(lot, Side.CONSUMED) - owed)
            if part > 0:
                journal.owe(lot, part, owed_before=owed)
                missing -= part
        if missing:
            raise DebtBeyondConsumed
        return _moved(journal.close(request, lot=lots[0]))


def _revoked_by(account_id: str, cause: Cause) -> list[Transfer]:
    """What a cause took from the account's lots, in the order in which it left."""
    rows = Transfer.objects.filter(
        account_id=account_id,
        to_kind=Side.REVOKED,
        movement__operation=Operation.REVOKE,
        movement__cause_kind=cause.kind,
        movement__cause_id=cause.id,
    )
    return list(rows.select_related("from_lot", "movement").order_by("id"))


def _suspension_row(lot: Lot, cause: Cause, now: datetime) -> LotSuspension:
    return LotSuspension(
        id=new_id("sus", now=now),
        account_id=lot.account_id,
        lot=lot,
        cause_kind=cause.kind,
        cause_id=cause.id,
        created_at=now,
    )


def _moved(movement: Movement) -> int:
    return _total(movement.transfers.all())


def _sum(lot: Lot, to: Side) -> int:
    return _total(Transfer.objects.filter(to_lot=lot, to_kind=to))


def _total(transfers: QuerySet[Transfer]) -> int:
    return sum(transfers.values_list("quantity", flat=True))
