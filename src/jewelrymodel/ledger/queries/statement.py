"""The statement of account: every credit in and out, with its cause."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from jewelrymodel.ledger.balances import CreditTotals, Entry
from jewelrymodel.ledger.models import Lot, LotSuspension, Movement
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, LotSource, Operation
from jewelrymodel.ledger.queries.movement_labels import movement_words, suspension_words

_SUSPENDING = (Operation.SUSPEND, Operation.REINSTATE)
_OF_ORDERS = (LotSource.PACKAGE_ORDER, LotSource.SUBSCRIPTION_PERIOD)


@dataclass(frozen=True)
class Line(Entry):
    """An entry with what its reader wants to know besides.

    *hint* says how many credits were suspended or reinstated; *order_id* is the order whose credits
    these are. Each is empty where there is none, or more than one.
    """

    hint: str
    order_id: str

    @property
    def moves_nothing(self) -> bool:
        """Whether no credit came or went: some were only suspended, or reinstated."""
        return self.operation in _SUSPENDING


def statement(
    account_id: str, at: datetime, *, limit: int | None = None, offset: int = 0
) -> tuple[Line, ...]:
    """Return what happened to the account's credits until *at*, newest first.

    What has expired by *at* is there whether or not the sweeper has come by. *limit* entries after
    the newest *offset* ones: only these are read, however long the statement is.
    """
    rows = _movements(account_id)
    unswept = _expired_unswept(account_id, at, rows)[::-1]
    shown = unswept[offset:][:limit]
    begin = max(0, offset - len(unswept))
    end = None if limit is None else begin + limit - len(shown)
    return (*shown, *_entries(account_id, rows[begin:end].values_list("id", flat=True)))


def statement_length(account_id: str, at: datetime) -> int:
    """Return how many entries the account's statement has at *at*."""
    due = Lot.objects.filter(account_id=account_id).to_expire(at)
    return _movements(account_id).count() + due.count()


def _movements(account_id: str) -> QuerySet[Movement]:
    rows = Movement.objects.filter(account_id=account_id)
    return rows.exclude(operation=Operation.GRANT_PERIOD).order_by("-id")


def _entries(account_id: str, ids: Iterable[int]) -> list[Line]:
    found = Movement.objects.filter(pk__in=list(ids)).with_effects().order_by("-id")
    rows = list(found.select_related("hold", "lot"))
    is_asked = any(row.lot is None and row.cause_kind != CauseKind.TASK for row in rows)
    orders_by_cause = _orders_by_cause(account_id) if is_asked else {}
    return [_entry(row, orders_by_cause) for row in rows]


def _entry(row: Movement, orders_by_cause: dict[Cause, set[str]]) -> Line:
    operation, hold = Operation(row.operation), row.hold
    resolves = operation in (Operation.CAPTURE, Operation.RELEASE)
    returned = hold.quantity - hold.captured if hold and resolves else 0
    source = LotSource(row.lot.source) if row.lot else None
    link = Cause(CauseKind(row.cause_kind), row.cause_id)
    suspended = row.suspended_after - row.suspended_before
    of_orders = {_order_of(row.lot)} if row.lot else orders_by_cause.get(link, set())
    return Line(
        happened_at=row.happened_at,
        operation=operation,
        words=movement_words(operation, link.kind, source, returned, is_idle=not suspended),
        link=link,
        credits_in=row.credits_in,
        credits_out=row.credits_out,
        credits_held=hold.quantity if hold and operation == Operation.HOLD else 0,
        credits_returned=returned,
        credits_suspended=suspended,
        after=CreditTotals(row.available_after, row.held_after, row.suspended_after),
        hint=suspension_words(operation, suspended),
        order_id=next(iter(of_orders)) if len(of_orders) == 1 else "",
    )


def _order_of(lot: Lot) -> str:
    return lot.source_ref if lot.source in _OF_ORDERS else ""


def _orders_by_cause(account_id: str) -> dict[Cause, set[str]]:
    """Whose credits a refund or a dispute suspended: reinstating names no lot of its own."""
    order_ids: dict[Cause, set[str]] = {}
    for suspension in LotSuspension.objects.filter(account_id=account_id).select_related("lot"):
        cause = Cause(CauseKind(suspension.cause_kind), suspension.cause_id)
        order_ids.setdefault(cause, set()).add(_order_of(suspension.lot))
    return order_ids


def _expired_unswept(account_id: str, at: datetime, rows: QuerySet[Movement]) -> list[Line]:
    """What has expired since the last movement, oldest first: every movement sweeps before."""
    expired = Lot.objects.filter(account_id=account_id).to_expire(at)
    due = list(expired.in_burn_order().with_suspended())
    if not due:
        return []
    newest = rows.values_list("available_after", "held_after", "suspended_after").first()
    after, entries = CreditTotals(*(newest or (0, 0, 0))), []
    for lot in due:
        available, suspended = (0, lot.available) if lot.suspended else (lot.available, 0)
        after = CreditTotals(after.available - available, after.held, after.suspended - suspended)
        entries.append(_expiry(lot, suspended, after))
    return entries


def _expiry(lot: Lot, suspended: int, after: CreditTotals) -> Line:
    return Line(
        happened_at=lot.expires_at or lot.created_at,
        operation=Operation.EXPIRE,
        words=movement_words(Operation.EXPIRE, CauseKind.LOT, LotSource(lot.source), 0),
        link=Cause(CauseKind.LOT, lot.id),
        credits_in=0,
        credits_out=lot.available,
        credits_held=0,
        credits_returned=0,
        credits_suspended=-suspended,
        after=after,
        hint="",
        order_id=_order_of(lot),
    )
