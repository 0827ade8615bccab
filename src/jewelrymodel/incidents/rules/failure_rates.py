"""Whether something fails more often than it usually does: small numbers prove nothing."""

from dataclasses import dataclass
from datetime import timedelta
from math import comb

WINDOWS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
"""The sliding windows that are looked at, shortest first: a sudden end shows in the first one."""
USUAL = timedelta(days=14)
"""How far back the usual rate is counted, before the window."""
LEAST_ATTEMPTS, LEAST_FAILURES = 10, 5
LEAST_RATE = 0.2
"""Below a fifth that fails, nobody calls it an outage, however unusual it is."""
_TIMES = 3
_BY_CHANCE = 1e-3
_PRIOR_FAILURES, _PRIOR_ATTEMPTS = 1, 20
"""What is taken as seen before anything is: one of twenty fails."""


@dataclass(frozen=True)
class Counts:
    """Attempts that ended, and how many of them failed through no fault of who asked."""

    attempts: int
    failures: int


def is_unusual(window: Counts, usual: Counts) -> bool:
    """Return whether *window* fails so much more than *usual* that a person should look.

    At least a fifth fails, three times the usual rate, and chance alone (binomial, at the usual
    rate) would do it less than once in a thousand windows.
    """
    if window.attempts < LEAST_ATTEMPTS or window.failures < LEAST_FAILURES:
        return False
    usual_rate = (usual.failures + _PRIOR_FAILURES) / (usual.attempts + _PRIOR_ATTEMPTS)
    rate = window.failures / window.attempts
    if rate < max(LEAST_RATE, _TIMES * usual_rate):
        return False
    return _at_least(window.failures, window.attempts, usual_rate) < _BY_CHANCE


def _at_least(failures: int, attempts: int, rate: float) -> float:
    """The probability of so many failures or more, each attempt failing at *rate*."""
    fewer = (comb(attempts, n) * rate**n * (1 - rate) ** (attempts - n) for n in range(failures))
    return max(0.0, 1 - sum(fewer))
