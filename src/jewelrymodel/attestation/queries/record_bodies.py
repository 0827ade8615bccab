"""Decisions and refunds as records of an account: what never changes of them."""

from datetime import UTC, datetime
from typing import Any

from jewelrymodel.payments.models import Refund
from jewelrymodel.remedies.models import DecisionRecord


def decision_body(decision: DecisionRecord) -> dict[str, Any]:
    """Return the record of a decision; its digest is that of the file on the decision's page."""
    return {
        "kind": "decision",
        "id": decision.pk,
        "at": _instant(decision.decided_at),
        "outcome": decision.outcome,
        "declined": decision.denied,
        "sha256": decision.sha256,
    }


def refund_body(refund: Refund) -> dict[str, Any]:
    """Return the record of money that we meant to give back."""
    return {
        "kind": "refund",
        "id": refund.pk,
        "at": _instant(refund.created_at),
        "charge": refund.charge_id,
        "decision": refund.decision_id,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
