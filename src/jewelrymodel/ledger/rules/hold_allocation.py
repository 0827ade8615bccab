"""Which lots carry a hold, and which of its lines are captured."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from jewelrymodel.ledger.balances import Portion, Spendable


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
