"""The statement of account: every credit in and out, with its cause."""

from datetime import datetime

from jewelrymodel.ledger.models import Lot, Movement
from jewelrymodel.ledger.queries.words import movement_words
from jewelrymodel.ledger.values import (
    Cause,
    CauseKind,
    Entry,
    LotSource,
    Operation,
    Standing,
)


def statement(account_id: str, at: datetime, *, limit: int | None = None) -> tuple[Entry, ...]:
    """Return what happened to the account's credits until *at*, newest first.

    What has expired by *at* is there whether or not the sweeper has come by. *limit* keeps the
    newest entries only.
    """
    rows = Movement.objects.filter(account_id=account_id).with_effects().order_by("-id")
    shown = rows.exclude(operation=Operation.GRANT_PERIOD).select_related("hold", "lot")[:limit]
    entries = [_entry(row) for row in shown]
    latest = entries[0].after if entries else Standing(0, 0, 0)
    unswept = _expired_unswept(account_id, at, latest)
    return tuple([*reversed(unswept), *entries][:limit])


def _entry(row: Movement) -> Entry:
    operation, hold = Operation(row.operation), row.hold
    resolves = operation in (Operation.CAPTURE, Operation.RELEASE)
    returned = hold.quantity - hold.captured if hold and resolves else 0
    source = LotSource(row.lot.source) if row.lot else None
    cause = CauseKind(row.cause_kind)
    return Entry(
        happened_at=row.happened_at,
        operation=operation,
        words=movement_words(operation, cause, source, returned),
        link=Cause(cause, row.cause_id),
        credits_in=row.credits_in,
        credits_out=row.credits_out,
        credits_held=hold.quantity if hold and operation == Operation.HOLD else 0,
        credits_returned=returned,
        credits_frozen=row.frozen_after - row.frozen_before,
        after=Standing(row.available_after, row.held_after, row.frozen_after),
    )


def _expired_unswept(account_id: str, at: datetime, after: Standing) -> list[Entry]:
    """What has expired since the last movement, oldest first: every movement sweeps before."""
    due = Lot.objects.filter(account_id=account_id, available__gt=0).expired(at)
    entries = []
    for lot in due.in_burn_order().with_frozen():
        available, frozen = (0, lot.available) if lot.frozen else (lot.available, 0)
        after = Standing(after.available - available, after.held, after.frozen - frozen)
        entries.append(_expiry(lot, frozen, after))
    return entries


def _expiry(lot: Lot, frozen: int, after: Standing) -> Entry:
    return Entry(
        happened_at=lot.expires_at or lot.created_at,
        operation=Operation.EXPIRE,
        words=movement_words(Operation.EXPIRE, CauseKind.LOT, LotSource(lot.source), 0),
        link=Cause(CauseKind.LOT, lot.id),
        credits_in=0,
        credits_out=lot.available,
        credits_held=0,
        credits_returned=0,
        credits_frozen=-frozen,
        after=after,
    )
