"""An account's open journal: the one place where lots are locked, changed and written down."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from jewelrymodel.infra import prepared
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger.balances import CreditTotals
from jewelrymodel.ledger.models import Hold, HoldLine, Lot, LotSuspension, Movement, Transfer
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, Operation, Side
from jewelrymodel.ledger.operations.journal_rows import writing
from jewelrymodel.ledger.refusals import LedgerRefusal
from jewelrymodel.ledger.rules import credit_lifetime

# In SQL, because every operation on credits asks these: to put them together anew each time took
# the mapper longer than the database took to answer.
_LOCK = "SELECT ledger_lock(%s, %s, %s)"
_SOME_ACCOUNT = "acct_"


class UnknownAccount(LedgerRefusal):
    """There is no such account. Nothing was changed."""


class UnknownLot(LedgerRefusal):
    """This account has no such lot of credits. Nothing was changed."""


class IdempotencyKeyReused(LedgerRefusal):
    """This key already stands for a different request. Nothing was changed; use a fresh key."""


@dataclass(frozen=True)
class Request:
    """What is asked, under which key, and why; *body* is what a repetition must repeat."""

    account_id: str
    operation: Operation
    key: str
    cause: Cause
    body: Mapping[str, object] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """A digest by which a changed body is noticed."""
        body = [self.cause.kind, self.cause.id, self.body]
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def instant(at: datetime | None) -> str | None:
    """Return *at* as a request's body names it: the same word for the same instant."""
    return None if at is None else at.astimezone(UTC).isoformat()


def lock(request: Request) -> Movement | None:
    """Lock the account's wallet; return the first movement under this key, if there was one.

    Raises UnknownAccount, and IdempotencyKeyReused where the first request was another one.
    """
    ((first_id,),) = prepared.rows(_LOCK, (request.account_id, str(request.operation), request.key))
    if first_id is None:
        raise UnknownAccount
    return known(request, first_id)


def known(request: Request, first_id: int) -> Movement | None:
    """Return the movement *first_id*, none for 0; raises IdempotencyKeyReused where it was another
    request's.
    """
    if not first_id:
        return None
    first = Movement.objects.get(pk=first_id)
    if first.fingerprint != request.fingerprint:
        raise IdempotencyKeyReused
    return first


def lock_wallet(account_id: str) -> None:
    """Lock the account's wallet row until the transaction ends; raises UnknownAccount."""
    ((first_id,),) = prepared.rows(_LOCK, (account_id, "", ""))
    if first_id is None:
        raise UnknownAccount


@dataclass
class Journal:
    """The live lots of an account, in burn order, under the lock of its wallet.

    Changes are made here first; ``close`` writes them down as one movement.
    """

    account_id: str
    now: datetime
    lots: dict[str, Lot]
    _changed: set[str] = field(default_factory=set)
    _transfers: list[Transfer] = field(default_factory=list)
    _expired: list[tuple[str, dict[str, Any], Movement]] = field(default_factory=list)

    @classmethod
    def open(cls, account_id: str, now: datetime) -> "Journal":
        """Return the journal of an account whose wallet is locked, after what expired was swept."""
        journal = cls.read(account_id, now)
        journal._write_expired()
        return journal

    @classmethod
    def read(cls, account_id: str, now: datetime) -> "Journal":
        """Return the same, with nothing written yet: ``close`` first writes what expired.

        For an operation that may still be refused, inside a transaction that then goes on.
        """
        statement, columns, values = _live_lots()
        its = [account_id if one == _SOME_ACCOUNT else one for one in values]
        lots = [_lot(columns, row) for row in prepared.rows(statement, its)]
        journal = cls(account_id, now, {lot.id: lot for lot in lots})
        journal._sweep()
        return journal

    def totals(self) -> CreditTotals:
        """Return what the account has now."""
        lots = self.lots.values()
        return CreditTotals(
            available=sum(lot.available for lot in lots if not lot.suspended),
            held=sum(lot.held for lot in lots),
            suspended=sum(lot.available for lot in lots if lot.suspended),
        )

    def add(self, lot: Lot, origin: Lot | None = None) -> None:
        """Insert a new *lot*, filled by an issue or (for a continuation) by its *origin*."""
        lot.save(force_insert=True)
        lot.suspended = bool(origin and origin.suspended)
        self.lots[lot.id] = lot
        if origin is None:
            self._transfer(Side.ISSUED, lot, Side.LOT, lot, lot.quantity, offset=0)

    def reserve(self, lot: Lot, quantity: int) -> None:
        """Set credits of *lot* aside."""
        self._change(lot, available=-quantity, held=quantity)

    def burn(self, lot: Lot, to: Side, quantity: int) -> None:
        """Move spendable credits of *lot* to a house account."""
        self._transfer(Side.LOT, lot, to, lot, quantity, offset=lot.left)
        self._change(lot, available=-quantity)

    def consume(self, lot: Lot, quantity: int) -> None:
        """Move held credits of *lot* to what was consumed."""
        self._transfer(Side.LOT, lot, Side.CONSUMED, lot, quantity, offset=lot.left)
        self._change(lot, held=-quantity)

    def owe(self, lot: Lot, quantity: int, owed_before: int) -> None:
        """Move consumed credits of *lot* to debt."""
        self._transfer(Side.CONSUMED, lot, Side.DEBT, lot, quantity, offset=owed_before)

    def give_back(self, lot: Lot, quantity: int, remaining_life: timedelta | None) -> None:
        """Return held credits to *lot*, or to a continuation where it has expired (edge 1)."""
        if not credit_lifetime.is_expired(lot.expires_at, self.now):
            self._change(lot, available=quantity, held=-quantity)
            return
        least = timedelta(days=lot.continuation_days or 0)
        until = credit_lifetime.continued_until(remaining_life, self.now, at_least=least)
        price = lot.value_minor(lot.left, quantity)
        continuation = _continuation(lot, quantity, price, until, self.now)
        self.add(continuation, origin=lot)
        self._transfer(Side.LOT, lot, Side.LOT, continuation, quantity, offset=lot.left)
        self._change(lot, held=-quantity)
        if lot.suspended:
            _copy_suspensions(lot, continuation, self.now)

    def put_back(self, lot: Lot, quantity: int, *, paid_minor: int, left_at: datetime) -> None:
        """Issue credits that had left *lot* at *left_at* once more, as a continuation of it."""
        life = None if lot.expires_at is None else lot.expires_at - left_at
        least = timedelta(days=lot.continuation_days or 0)
        until = credit_lifetime.continued_until(life, self.now, at_least=least)
        continuation = _continuation(lot, quantity, paid_minor, until, self.now)
        self.add(continuation)
        _copy_suspensions(lot, continuation, self.now)
        continuation.suspended = continuation.suspensions.exists()

    def close(
        self,
        request: Request,
        *,
        hold: Hold | None = None,
        lot: Lot | None = None,
        lines: Sequence[HoldLine] = (),
        happened_at: datetime | None = None,
    ) -> Movement:
        """Write every change down as one movement and return it: with a new *hold* its *lines*, of
        one that was resolved how that was.
        """
        self._write_expired()
        statement, values, movement = self._movement(request, hold, lot, lines, happened_at)
        ((movement.id,),) = prepared.rows(statement, values)
        return movement

    def _movement(
        self,
        request: Request,
        hold: Hold | None,
        lot: Lot | None,
        lines: Sequence[HoldLine],
        happened_at: datetime | None,
    ) -> tuple[str, dict[str, Any], Movement]:
        """The changes so far as a statement, its values, and the movement that it writes."""
        after = self.totals()
        columns: dict[str, Any] = {
            "account_id": self.account_id,
            "operation": str(request.operation),
            "idempotency_key": request.key,
            "fingerprint": request.fingerprint,
            "cause_kind": str(request.cause.kind),
            "cause_id": request.cause.id,
            "happened_at": happened_at or self.now,
            "hold_id": hold and hold.pk,
            "lot_id": lot and lot.pk,
            "available_after": after.available,
            "held_after": after.held,
            "suspended_after": after.suspended,
        }
        statement, values = writing(
            columns,
            lots=[self.lots[lot_id] for lot_id in self._changed],
            transfers=self._transfers,
            hold=hold,
            lines=lines,
        )
        self._changed, self._transfers = set(), []
        return statement, values, Movement(**columns)

    def _sweep(self) -> None:
        """Note, in movements of their own, what has expired."""
        for lot in list(self.lots.values()):
            if lot.available and credit_lifetime.is_expired(lot.expires_at, self.now):
                self.burn(lot, Side.EXPIRED, lot.available)
                self._expired.append(self._movement(_expiry(lot), None, lot, (), lot.expires_at))

    def _write_expired(self) -> None:
        for statement, values, _ in self._expired:
            prepared.rows(statement, values)
        self._expired = []

    def _change(self, lot: Lot, *, available: int = 0, held: int = 0) -> None:
        lot.available += available
        lot.held += held
        self._changed.add(lot.id)

    def _transfer(
        self, from_kind: Side, lot: Lot, to_kind: Side, to_lot: Lot, quantity: int, *, offset: int
    ) -> None:
        transfer = Transfer(
            id=new_id("tr", now=self.now),
            account_id=self.account_id,
            from_kind=from_kind,
            from_lot=lot,
            to_kind=to_kind,
            to_lot=to_lot,
            quantity=quantity,
            from_offset=offset,
            value_minor=lot.value_minor(offset, quantity),
        )
        self._transfers.append(transfer)


@cache
def _live_lots() -> tuple[str, tuple[str, ...], tuple[object, ...]]:
    """The statement that locks an account's live lots, its columns, and what fills it; put together
    once.
    """
    lots = Lot.objects.filter(account_id=_SOME_ACCOUNT).live().in_burn_order().with_suspended()
    columns = (*(field.attname for field in Lot._meta.concrete_fields), "suspended")
    locked = lots.select_for_update(of=("self",)).values_list(*columns)
    statement, values = locked.query.sql_with_params()
    return statement, columns, tuple(values)


def _lot(columns: Sequence[str], row: Sequence[Any]) -> Lot:
    *stored, suspended = row
    lot = Lot.from_db(None, columns[:-1], stored)
    lot.suspended = suspended
    return lot


def lineage(account_id: str, lot_id: str) -> list[Lot]:
    """Return a lot with what it continues and what continues it, oldest first; raises UnknownLot.

    They are one purchase: what is suspended or revoked is always all of it.
    """
    lot = Lot.objects.filter(account_id=account_id, pk=lot_id).first()
    if lot is None:
        raise UnknownLot
    same = Lot.objects.filter(account_id=account_id, source=lot.source, source_ref=lot.source_ref)
    return list(same.order_by("created_at", "id"))


def live_among(journal: Journal, lots: Iterable[Lot]) -> list[Lot]:
    """Return the journal's own rows of those *lots* that still carry credits."""
    return [journal.lots[lot.id] for lot in lots if lot.id in journal.lots]


def _expiry(lot: Lot) -> Request:
    cause = Cause(CauseKind.LOT, lot.id)
    return Request(lot.account_id, Operation.EXPIRE, lot.id, cause)


def _continuation(
    lot: Lot, quantity: int, paid_minor: int, until: datetime | None, now: datetime
) -> Lot:
    return Lot(
        id=new_id("lot", now=now),
        account_id=lot.account_id,
        source=lot.source,
        source_ref=lot.source_ref,
        continues=lot,
        quantity=quantity,
        paid_minor=paid_minor,
        currency=lot.currency,
        expires_at=until,
        continuation_days=lot.continuation_days,
        created_at=now,
        available=quantity,
    )


def _copy_suspensions(lot: Lot, continuation: Lot, now: datetime) -> None:
    LotSuspension.objects.bulk_create(
        LotSuspension(
            id=new_id("sus", now=now),
            account_id=lot.account_id,
            lot=continuation,
            cause_kind=suspension.cause_kind,
            cause_id=suspension.cause_id,
            created_at=now,
        )
        for suspension in lot.suspensions.filter(reinstated_at__isnull=True)
    )
