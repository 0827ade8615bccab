"""A plain model of the ledger: lists and integers, no database, no cleverness."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WEEK = timedelta(days=7)


@dataclass
class PlainLot:
    """Credits with an expiry; *family* is shared by a purchase and its continuations."""

    available: int
    expires_at: datetime | None
    paid: bool
    number: int
    family: int
    held: int = 0

    def is_live(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


@dataclass
class PlainHold:
    """Which lots carry how many credits, and how long those had to live."""

    lines: list[tuple[PlainLot, int, timedelta | None]]

    @property
    def quantity(self) -> int:
        return sum(quantity for _, quantity, _ in self.lines)


@dataclass
class PlainLedger:
    """What an account's credits should come to."""

    lots: list[PlainLot] = field(default_factory=list)
    suspensions: set[tuple[int, str]] = field(default_factory=set)  # family and what suspends it
    spent: int = 0
    numbers: int = 0

    def grant(self, quantity: int, expires_at: datetime | None, paid: bool) -> PlainLot:
        return self._add(quantity, expires_at, paid, family=self.numbers)

    def available(self, now: datetime) -> int:
        return sum(lot.available for lot in self._spendable(now))

    def suspended(self, now: datetime) -> int:
        lots = [lot for lot in self.lots if lot.is_live(now)]
        return sum(lot.available for lot in lots if self._is_suspended(lot))

    def held(self) -> int:
        return sum(lot.held for lot in self.lots)

    def lots_in_burn_order(self, now: datetime) -> list[tuple[int, int, datetime | None, bool]]:
        """What is available and held in each lot, until when, and whether it is suspended."""
        return [
            (
                lot.available if lot.is_live(now) else 0,
                lot.held,
                lot.expires_at,
                self._is_suspended(lot),
            )
            for lot in sorted(self.lots, key=_burns)
            if lot.held or (lot.available and lot.is_live(now))
        ]

    def hold(self, quantity: int, now: datetime) -> PlainHold:
        lines = []
        for lot in self._spendable(now):
            part = min(quantity, lot.available)
            if part:
                lot.available -= part
                lot.held += part
                quantity -= part
                lines.append((lot, part, lot.expires_at - now if lot.expires_at else None))
        return PlainHold(lines)

    def resolve(self, hold: PlainHold, captured: int, now: datetime) -> None:
        self.spent += captured
        for lot, quantity, life in hold.lines:
            back = quantity - min(quantity, captured)
            captured -= quantity - back
            lot.held -= quantity
            if back and lot.is_live(now):
                lot.available += back
            elif back:
                until = now + max(life, WEEK) if life else None
                self._add(back, until, lot.paid, lot.family)

    def revoke(self, family: int) -> int:
        lots = [lot for lot in self.lots if lot.family == family]
        gone = sum(lot.available for lot in lots)
        for lot in lots:
            lot.available = 0
        return gone

    def held_of(self, family: int) -> int:
        return sum(lot.held for lot in self.lots if lot.family == family)

    def expire(self, now: datetime) -> None:
        for lot in self.lots:
            if not lot.is_live(now):
                lot.available = 0

    def _spendable(self, now: datetime) -> list[PlainLot]:
        lots = [lot for lot in self.lots if lot.is_live(now) and not self._is_suspended(lot)]
        return sorted(lots, key=_burns)

    def _is_suspended(self, lot: PlainLot) -> bool:
        return any(family == lot.family for family, _ in self.suspensions)

    def _add(self, quantity: int, expires_at: datetime | None, paid: bool, family: int) -> PlainLot:
        lot = PlainLot(quantity, expires_at, paid, self.numbers, family)
        self.numbers += 1
        self.lots.append(lot)
        return lot


def _burns(lot: PlainLot) -> tuple[bool, float, bool, int]:
    expiry = lot.expires_at.timestamp() if lot.expires_at else 0
    return (lot.expires_at is None, expiry, lot.paid, lot.number)
