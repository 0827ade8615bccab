"""Writes: what a dispute suspends or reinstates, and the emails about it."""

from jewelrymodel.disputes.operations.dispute_notices import notify_customer
from jewelrymodel.disputes.operations.dispute_suspension import apply_state

__all__ = ["apply_state", "notify_customer"]
