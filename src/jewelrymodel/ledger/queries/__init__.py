"""Everything that can be read about credits."""

from jewelrymodel.ledger.queries.balance import balance, features, is_made_from_frozen
from jewelrymodel.ledger.queries.statement import statement
from jewelrymodel.ledger.queries.verify import verify

__all__ = ["balance", "features", "is_made_from_frozen", "statement", "verify"]
