"""Reconciliation checks: what differs from what we promise, corrected, or a case for a person.

Each check names the promise that it watches. It runs again and again, on several hosts at once: a
finding has one case until it is corrected, and every correction is an operation that repeats
nothing.
"""

from jewelrymodel.support.reconcilers.checks import CHECKS
from jewelrymodel.support.reconcilers.corrections import ACTOR, is_late, report, run
from jewelrymodel.support.reconcilers.findings import Check, Finding

__all__ = ["ACTOR", "CHECKS", "Check", "Finding", "is_late", "report", "run"]
