"""Looking for our own broken promises, mending them, and opening the case ourselves.

Each check names the promise that it keeps. It runs again and again, on several hosts at once: a
finding has one case until it is mended, and every mend is an operation that repeats nothing.
"""

from jewelrymodel.support.reconcilers.checks import CHECKS, Check, Finding
from jewelrymodel.support.reconcilers.corrections import ACTOR, is_late, run

__all__ = ["ACTOR", "CHECKS", "Check", "Finding", "is_late", "run"]
