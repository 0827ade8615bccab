"""Everything that can be read about credits."""

from jewelrymodel.ledger.queries.balance import balance, features, is_made_from_frozen
from jewelrymodel.ledger.queries.purchases import (
    HoldFate,
    Purchase,
    hold_fate,
    is_held,
    lots_of_order,
    purchase,
)
from jewelrymodel.ledger.queries.statement import statement
from jewelrymodel.ledger.queries.verify import verify

__all__ = [
    "HoldFate",
    "Purchase",
    "balance",
    "features",
    "hold_fate",
    "is_held",
    "is_made_from_frozen",
    "lots_of_order",
    "purchase",
    "statement",
    "verify",
]
