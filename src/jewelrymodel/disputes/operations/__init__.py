"""Writes: what a dispute suspends or reinstates, and the emails about it."""

from jewelrymodel.disputes.operations.dispute_effects import apply_state
from jewelrymodel.disputes.operations.dispute_notices import notify_customer

__all__ = ["apply_state", "notify_customer"]
