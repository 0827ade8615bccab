"""When we work, and by when we answer (7.6, edge 9): business days, opening hours, deadlines."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

CALENDAR = "us-federal-new-york-1"
ZONE = ZoneInfo("America/New_York")
OPENS, CLOSES = time(9), time(17)
DAY = timedelta(days=1)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("US", years=year))


def is_business_day(day: date) -> bool:
    """Return whether we work on that day: no weekend, no federal holiday of the United States."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def next_business_day(day: date) -> date:
    """Return the first business day after *day*."""
    day += DAY
    while not is_business_day(day):
        day += DAY
    return day


def day_zero(received_at: datetime) -> date:
    """Return the business day of receipt; after hours, or on a free day, the next one."""
    local = received_at.astimezone(ZONE)
    if is_business_day(local.date()) and local.time() <= CLOSES:
        return local.date()
    return next_business_day(local.date())


def due_at(received_at: datetime, business_days: int) -> datetime:
    """Return until when an answer is due: close of the last day, counted from day 0 (edge 9)."""
    day = day_zero(received_at)
    for _ in range(business_days):
        day = next_business_day(day)
    return datetime.combine(day, CLOSES, ZONE)


def working_time(start: datetime, end: datetime) -> timedelta:
    """Return how much of our opening hours lies between two instants; nothing if *end* is first."""
    total, day = timedelta(), start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        if is_business_day(day):
            opens = max(datetime.combine(day, OPENS, ZONE), start)
            closes = min(datetime.combine(day, CLOSES, ZONE), end)
            total += max(timedelta(), closes - opens)
        day += DAY
    return total


def after_working_time(start: datetime, span: timedelta) -> datetime:
    """Return when *span* of our opening hours will have passed since *start*."""
    day = start.astimezone(ZONE).date()
    while True:
        if is_business_day(day):
            opens = max(datetime.combine(day, OPENS, ZONE), start)
            here = max(timedelta(), datetime.combine(day, CLOSES, ZONE) - opens)
            if span <= here:
                return opens + span
            span -= here
        day += DAY


def resumed_due(*, due: datetime, paused_at: datetime, resumed_at: datetime) -> datetime:
    """Return the deadline after a pause: what was left of the working time then, from now on."""
    return after_working_time(resumed_at, working_time(paused_at, due))
