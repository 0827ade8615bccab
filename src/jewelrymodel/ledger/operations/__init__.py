"""Everything that changes credits; each operation is one transaction and happens once per key."""

from jewelrymodel.ledger.operations.expiry import expire_lots
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
    "HoldAlreadyResolved",
    "IdempotencyKeyReused",
    "LedgerRefusal",
    "LotStillHeld",
    "LotSuspended",
    "NoWelcome",
    "NotEnoughCredits",
    "UnknownAccount",
    "UnknownHold",
    "UnknownLot",
    "capture",
    "expire_lots",
    "grant",
    "grant_period",
    "grant_welcome",
    "hold",
    "record_debt",
    "reinstate",
    "release",
    "restore",
    "revoke",
    "settled_movement",
    "suspend",
    "verify",
    "verify_newest",
]
