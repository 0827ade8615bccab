"""Everything that can be read about credits."""

from jewelrymodel.ledger.queries.balance import (
    balance,
    features,
    is_made_from_suspended,
    order_of_lot,
    taken_from_suspended,
)
from jewelrymodel.ledger.queries.balance_history import balance_over_time
from jewelrymodel.ledger.queries.consistency_check import (
    Say,
    held_credits,
    totals,
    unsaid,
    verify,
    verify_since,
)
from jewelrymodel.ledger.queries.gifts import (
    GiftTotals,
    gift_totals,
    gifts_answered,
    gifts_waiting,
)
from jewelrymodel.ledger.queries.purchases import (
    HoldFate,
    Kept,
    Purchase,
    hold_fate,
    is_held,
    is_suspended_for,
    kept_by_holds,
    lots_of_order,
    purchase,
    spent_between,
    suspended_for,
    values_of_holds,
    was_restored,
    was_revoked,
)
from jewelrymodel.ledger.queries.records import movement_records
from jewelrymodel.ledger.queries.statement import statement, statement_length

__all__ = [
    "GiftTotals",
    "HoldFate",
    "Kept",
    "Purchase",
    "Say",
    "balance",
    "balance_over_time",
    "features",
    "gift_totals",
    "gifts_answered",
    "gifts_waiting",
    "held_credits",
    "hold_fate",
    "is_held",
    "is_made_from_suspended",
    "is_suspended_for",
    "kept_by_holds",
    "lots_of_order",
    "movement_records",
    "order_of_lot",
    "purchase",
    "spent_between",
    "statement",
    "statement_length",
    "suspended_for",
    "taken_from_suspended",
    "totals",
    "unsaid",
    "values_of_holds",
    "verify",
    "verify_since",
    "was_restored",
    "was_revoked",
]
