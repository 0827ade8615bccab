"""Everything that changes credits; each operation is one transaction and happens once per key."""

from jewelrymodel.ledger.operations.expiry import expire_lots
from jewelrymodel.ledger.operations.gifts import (
    GiftAccountClosed,
    GiftKeyReused,
    GiftNeedsAnother,
    GiftOver,
    GiftOverAlready,
    GiftTooEarly,
    NothingLeftOfGift,
    approve_gift,
    give_credits,
    needs_approval,
    reject_gift,
    self_approval_from,
    undo_gift,
)
from jewelrymodel.ledger.operations.grants import AlreadyGranted, BadGrant, grant, grant_period
from jewelrymodel.ledger.operations.holds import (
    BadQuantity,
    CaptureBeyondHold,
    HoldAlreadyResolved,
    LotSuspended,
    NotEnoughCredits,
    UnknownHold,
    capture,
    hold,
    release,
)
from jewelrymodel.ledger.operations.journal import (
    IdempotencyKeyReused,
    UnknownAccount,
    UnknownLot,
)
from jewelrymodel.ledger.operations.suspensions import (
    DebtBeyondConsumed,
    LotStillHeld,
    record_debt,
    reinstate,
    restore,
    revoke,
    suspend,
)
from jewelrymodel.ledger.operations.verification import (
    settled_movement,
    verify,
    verify_newest,
)
from jewelrymodel.ledger.operations.welcomes import AlreadyWelcomed, NoWelcome, grant_welcome
from jewelrymodel.ledger.refusals import LedgerRefusal

__all__ = [
    "AlreadyGranted",
    "AlreadyWelcomed",
    "BadGrant",
    "BadQuantity",
    "CaptureBeyondHold",
    "DebtBeyondConsumed",
    "GiftAccountClosed",
    "GiftKeyReused",
    "GiftNeedsAnother",
    "GiftOver",
    "GiftOverAlready",
    "GiftTooEarly",
    "HoldAlreadyResolved",
    "IdempotencyKeyReused",
    "LedgerRefusal",
    "LotStillHeld",
    "LotSuspended",
    "NoWelcome",
    "NotEnoughCredits",
    "NothingLeftOfGift",
    "UnknownAccount",
    "UnknownHold",
    "UnknownLot",
    "approve_gift",
    "capture",
    "expire_lots",
    "give_credits",
    "grant",
    "grant_period",
    "grant_welcome",
    "hold",
    "needs_approval",
    "record_debt",
    "reinstate",
    "reject_gift",
    "release",
    "restore",
    "revoke",
    "self_approval_from",
    "settled_movement",
    "suspend",
    "undo_gift",
    "verify",
    "verify_newest",
]
