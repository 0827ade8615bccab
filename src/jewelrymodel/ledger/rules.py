"""How credits burn, split, return and are valued: pure functions, told the time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from jewelrymodel.kernel.money import Rounding, share
from jewelrymodel.ledger.balances import Portion, Spendable
from jewelrymodel.ledger.movement_kinds import CauseKind, LotSource

VALUE_ROUNDING = Rounding.DOWN  # of the cumulative share, so nothing is lost over the whole lot

_GRANT_CAUSES = {
    LotSource.SUBSCRIPTION_PERIOD: CauseKind.ORDER,
    LotSource.PACKAGE_ORDER: CauseKind.ORDER,
    LotSource.REPLACEMENT: CauseKind.DECISION,
    LotSource.RESTORATION: CauseKind.DECISION,
    LotSource.PROMOTION: CauseKind.PROMOTION,
}


def grant_cause(source: LotSource) -> CauseKind:
    """Return which kind of thing a lot's ``source_ref`` names."""
    return _GRANT_CAUSES[source]


def is_expired(expires_at: datetime | None, at: datetime) -> bool:
    """Return whether credits with this expiry can no longer be reserved at the instant *at*."""
    return expires_at is not None and expires_at <= at


def plan_hold(lots: Iterable[Spendable], quantity: int, now: datetime) -> tuple[Portion, ...]:
    """Return which of *lots*, given in burn order, carry a hold of *quantity*.

    The portions add up to less than *quantity* where the lots don't suffice.
    """
    portions = []
    for lot in lots:
        part = min(lot.available, quantity)
        if part > 0:
            life = None if lot.expires_at is None else lot.expires_at - now
            portions.append(Portion(lot.lot_id, part, life))
            quantity -= part
    return tuple(portions)


def split_capture(quantities: Sequence[int], captured: int) -> tuple[int, ...]:
    """Return how much of each line is captured: the first lines, in burn order, come first."""
    parts = []
    for quantity in quantities:
        parts.append(min(quantity, captured))
        captured -= parts[-1]
    return tuple(parts)


def continued_until(
    remaining_life: timedelta | None, now: datetime, *, at_least: timedelta
) -> datetime | None:
    """Return when credits that come back into an expired lot expire (edge 1)."""
    return None if remaining_life is None else now + max(remaining_life, at_least)


def value_minor(*, paid_minor: int, of: int, start: int, units: int) -> int:
    """Return what *units* credits are worth, in minor units, after *start* of the lot's *of* left.

    Over the whole lot the values add up to *paid_minor*: 2000/300 loses nothing.
    """
    return share(paid_minor, start=start, units=units, of=of, rounding=VALUE_ROUNDING)
