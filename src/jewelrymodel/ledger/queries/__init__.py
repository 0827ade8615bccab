"""Everything that can be read about credits."""

from jewelrymodel.ledger.queries.balance import balance, features, is_made_from_frozen
from jewelrymodel.ledger.queries.purchases import Purchase, is_held, lots_of_order, purchase
from jewelrymodel.ledger.queries.statement import statement
from jewelrymodel.ledger.queries.verify import verify

__all__ = [
    "Purchase",
    "balance",
    "features",
    "is_held",
    "is_made_from_frozen",
    "lots_of_order",
    "purchase",
    "statement",
    "verify",
]
