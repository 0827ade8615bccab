"""Early fraud warnings: the card's bank suspects a charge before anybody disputes it."""

from __future__ import annotations

from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.events import emit
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.store import Tx

KIND = "radar.early_fraud_warning"


def warn(tx: Tx, charge_id: str, fraud_type: str = "made_with_stolen_card") -> Doc:
    """Warn about a charge; actionable as long as a refund can still prevent the dispute."""
    charge = tx.need("charge", charge_id, param="charge", status=400)
    warning = tx.insert(
        {
            "id": new_id(KIND),
            "object": KIND,
            "actionable": not (charge["refunded"] or charge["disputed"]),
            "charge": charge_id,
            "created": tx.now,
            "fraud_type": fraud_type,
            "livemode": False,
            "payment_intent": charge["payment_intent"],
        }
    )
    emit(tx, f"{KIND}.created", warning)
    return warning


def settle(tx: Tx, charge: Doc) -> None:
    """A charge was refunded in full or disputed: its warnings can no longer be acted upon."""
    for warning in tx.find(KIND, charge=charge["id"], actionable=True):
        warning["actionable"] = False
        emit(tx, f"{KIND}.updated", tx.save(warning), previous={"actionable": True})
