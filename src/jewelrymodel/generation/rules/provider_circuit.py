"""When a provider isn't asked at all: its account is locked, it failed in a row, or said when.

Everything is read off the latest requests, newest first: there is no switch that a crash could
leave in the wrong place. Another key is another account, and starts with a clean record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jewelrymodel.generation.statuses import AttemptState

ONE_TRIAL = timedelta(hours=1)  # after an alarm one request an hour finds out whether it is over
FAILURES, FIRST_PAUSE, LONGEST_PAUSE = 5, timedelta(minutes=1), timedelta(minutes=30)
_ALARMING = {AttemptState.RETIRED, AttemptState.LOCKED_OUT}
_FAILURES = {AttemptState.NOT_NOW, AttemptState.EMPTY, AttemptState.UNKNOWN, AttemptState.INVALID}


class Closure(StrEnum):
    """Why a provider isn't asked now."""

    OFF = "off"  # an operator switched it off
    NO_MODEL = "no_model"  # the chosen model is unknown or past its end
    LOCKED_OUT = "locked_out"
    FAILING = "failing"
    ASKED_TO_WAIT = "asked_to_wait"
    BUDGET = "budget"
    CONCURRENCY = "concurrency"


WAITS = {Closure.ASKED_TO_WAIT, Closure.CONCURRENCY, Closure.FAILING}
"""What passes by itself within minutes, so that an image may wait for it."""


@dataclass(frozen=True)
class Closed:
    """Why, and until when where that is known."""

    why: Closure
    until: datetime | None = None

    @property
    def alarms(self) -> bool:
        """Whether a person has to act."""
        return self.why in (Closure.NO_MODEL, Closure.LOCKED_OUT)


@dataclass(frozen=True)
class Ended:
    """How one request ended, when, and until when the provider then wished to be left alone."""

    state: AttemptState
    at: datetime
    retry_at: datetime | None = None


def closed_by_record(record: Sequence[Ended], now: datetime) -> Closed | None:
    """Return whether the *record*, newest first, keeps a provider closed at *now*."""
    if not record:
        return None
    last = record[0]
    if last.state in _ALARMING and now < last.at + ONE_TRIAL:
        return Closed(Closure.LOCKED_OUT, last.at + ONE_TRIAL)
    if last.retry_at and now < last.retry_at:
        return Closed(Closure.ASKED_TO_WAIT, last.retry_at)
    failures = next((n for n, one in enumerate(record) if one.state not in _FAILURES), len(record))
    if failures < FAILURES:
        return None
    until = last.at + min(FIRST_PAUSE * 2 ** min(failures - FAILURES, 8), LONGEST_PAUSE)
    return Closed(Closure.FAILING, until) if now < until else None


def closed_by_budget(*, spent_micros: int, price_micros: int, budget_micros: int) -> Closed | None:
    """Return whether one more request would go beyond the day's budget."""
    return Closed(Closure.BUDGET) if spent_micros + price_micros > budget_micros else None
