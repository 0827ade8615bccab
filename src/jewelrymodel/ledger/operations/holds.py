"""Reserving credits for a task, and resolving that exactly once."""

from collections.abc import Sequence
from datetime import datetime

from jewelrymodel.infra import prepared
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger.balances import Portion, Spendable
from jewelrymodel.ledger.models import Hold, HoldLine, Lot
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, HoldState, Operation
from jewelrymodel.ledger.operations.journal import Journal, Request, known, lock
from jewelrymodel.ledger.refusals import LedgerRefusal
from jewelrymodel.ledger.rules import hold_allocation

_HOLD_COLUMNS = tuple(field.attname for field in Hold._meta.concrete_fields)
_LOCK_HOLD = """
SELECT id, account_id, subject, quantity, state, captured, created_at, resolved_at, lots,
    quantities, lives, first_id
FROM ledger_lock_hold(%s, %s, %s)
"""


class NotEnoughCredits(LedgerRefusal):
    """This needs more credits than there are. Nothing was started and nothing was charged."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(needed=needed, available=available)
        self.needed = needed
        self.available = available


class LotSuspended(NotEnoughCredits):
    """The credits that this needs are suspended. Nothing was started and nothing was charged."""


class BadQuantity(LedgerRefusal):
    """Credits are counted in whole numbers from one up. Nothing was changed."""


class UnknownHold(LedgerRefusal):
    """There is no such reservation of credits. Nothing was changed."""


class HoldAlreadyResolved(LedgerRefusal):
    """This reservation was captured or released before. Nothing was changed."""


class CaptureBeyondHold(LedgerRefusal):
    """More was to be captured than is reserved. Nothing was changed."""


def hold(
    *,
    account_id: str,
    quantity: int,
    subject: str,
    idempotency_key: str,
    now: datetime,
    hold_id: str | None = None,
) -> Hold:
    """Reserve *quantity* credits for the task *subject*, from the account's lots in burn order.

    Returns the hold, named *hold_id* where that is given; the first one (as it is now) for a
    repeated key. Raises BadQuantity, NotEnoughCredits (LotSuspended where only a suspension is in
    the way), UnknownAccount and IdempotencyKeyReused.
    """
    if quantity < 1:
        raise BadQuantity
    cause = Cause(CauseKind.TASK, subject)
    request = Request(account_id, Operation.HOLD, idempotency_key, cause, {"quantity": quantity})
    with prepared.whole():
        first = lock(request)
        if first is not None:
            return Hold.objects.get(pk=first.hold_id)
        journal = Journal.read(account_id, now)
        lines = _reserve(journal, quantity)
        made = Hold(
            id=hold_id or new_id("hold", now=now),
            account_id=account_id,
            subject=subject,
            quantity=quantity,
            created_at=now,
        )
        journal.close(request, hold=made, lines=lines)
        made._state.adding = False  # that wrote it
        return made


def capture(*, hold_id: str, quantity: int, idempotency_key: str, now: datetime) -> Hold:
    """Spend *quantity* of the reserved credits and return the rest (clause 5.3, edge 2).

    Returns the hold, as it is now also for a repeated key. Raises BadQuantity (nothing delivered
    is a release), UnknownHold, HoldAlreadyResolved, CaptureBeyondHold and IdempotencyKeyReused.
    """
    if quantity < 1:
        raise BadQuantity
    return _resolve(Operation.CAPTURE, hold_id, quantity, idempotency_key, now)


def release(*, hold_id: str, idempotency_key: str, now: datetime) -> Hold:
    """Return every reserved credit: the task made nothing, so it costs nothing (clause 5.3).

    Credits go back into their lot; where it has expired meanwhile, into a continuation with its
    share of the price that lives max(remaining life when held, the lot's ``continuation_days``)
    (edge 1). Returns the hold, as it is now also for a repeated key. Raises UnknownHold,
    HoldAlreadyResolved and IdempotencyKeyReused.
    """
    return _resolve(Operation.RELEASE, hold_id, 0, idempotency_key, now)


def _reserve(journal: Journal, quantity: int) -> list[HoldLine]:
    lots = [
        Spendable(t.id, t.available, t.expires_at) for t in journal.lots.values() if not t.suspended
    ]
    portions = hold_allocation.plan_hold(lots, quantity, journal.now)
    if sum(portion.quantity for portion in portions) < quantity:
        totals = journal.totals()
        suspended = totals.available + totals.suspended >= quantity
        refusal = LotSuspended if suspended else NotEnoughCredits
        raise refusal(needed=quantity, available=totals.available)
    for portion in portions:
        journal.reserve(journal.lots[portion.lot_id], portion.quantity)
    return [
        HoldLine(
            account_id=journal.account_id,
            position=position,
            lot_id=portion.lot_id,
            quantity=portion.quantity,
            remaining_life=portion.remaining_life,
        )
        for position, portion in enumerate(portions)
    ]


def _resolve(operation: Operation, hold_id: str, captured: int, key: str, now: datetime) -> Hold:
    with prepared.whole():
        held, parts, first_id = _locked(operation, hold_id, key)
        cause = Cause(CauseKind.TASK, held.subject)
        body = {"hold": hold_id, "quantity": captured}
        request = Request(held.account_id, operation, key, cause, body)
        if known(request, first_id) is not None:
            return held
        if held.state != HoldState.HELD:
            raise HoldAlreadyResolved
        if captured > held.quantity:
            raise CaptureBeyondHold
        journal = Journal.open(held.account_id, now)
        _settle_lines(journal, parts, captured)
        held.state = HoldState.CAPTURED if captured else HoldState.RELEASED
        held.captured, held.resolved_at = captured, now
        journal.close(request, hold=held)
        return held


def _locked(operation: Operation, hold_id: str, key: str) -> tuple[Hold, list[Portion], int]:
    """Lock a hold's wallet, then the hold; return it with its lines, and the id of the movement
    that stands under *key*, 0 for none. Raises UnknownHold.
    """
    found = prepared.rows(_LOCK_HOLD, (hold_id, str(operation), key))
    if not found:
        raise UnknownHold
    ((*stored, lots, quantities, lives, first_id),) = found
    parts = [Portion(*line) for line in zip(lots, quantities, lives, strict=True)]
    return Hold.from_db(None, _HOLD_COLUMNS, stored), parts, first_id


def _settle_lines(journal: Journal, lines: Sequence[Portion], captured: int) -> None:
    parts = hold_allocation.split_capture([line.quantity for line in lines], captured)
    for line, part in zip(lines, parts, strict=True):
        lot: Lot = journal.lots[line.lot_id]
        if part:
            journal.consume(lot, part)
        if part < line.quantity:
            journal.give_back(lot, line.quantity - part, line.remaining_life)
