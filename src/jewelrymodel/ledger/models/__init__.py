"""Lots, holds, movements and their transfers. What must never happen, the database refuses.

Triggers (migration 0002) refuse changes to movements, transfers, hold lines and periods, resolve a
hold once only, and check at commit that every lot agrees with its transfers and hold lines.
"""

from jewelrymodel.ledger.models.gifts import CreditGift
from jewelrymodel.ledger.models.holds import Hold, HoldLine
from jewelrymodel.ledger.models.lots import Lot, LotQuerySet, LotSuspension, Wallet
from jewelrymodel.ledger.models.movements import Movement, Transfer
from jewelrymodel.ledger.models.periods import EntitlementPeriod
from jewelrymodel.ledger.models.verifications import Verification
from jewelrymodel.ledger.models.welcomes import Welcome

__all__ = [
    "CreditGift",
    "EntitlementPeriod",
    "Hold",
    "HoldLine",
    "Lot",
    "LotQuerySet",
    "LotSuspension",
    "Movement",
    "Transfer",
    "Verification",
    "Wallet",
    "Welcome",
]
