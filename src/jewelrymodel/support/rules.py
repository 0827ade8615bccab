"""The service level's clock (7.6, edge 9), and what a request still lacks: pure functions."""

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from jewelrymodel.support.categories import ABOUT_A_JOB

CALENDAR = "us-federal-new-york-1"
ZONE = ZoneInfo("America/New_York")
OPENS, CLOSES = time(9), time(17)
DAY = timedelta(days=1)

_ORDER = re.compile(r"\bJM-?0*(\d{1,9})\b", re.IGNORECASE)
_TAG = re.compile(r"\[(?:REQ|R)-(\d{1,9})-([A-Za-z0-9_-]{8,40})\]")  # R-: in older emails
_MESSAGE_ID = re.compile(r"<([A-Za-z0-9_-]{8,40})\.(\d{1,18})@([^<>@\s]+)>")
_REPLY = re.compile(
    r"^(?:\s*(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv|rif|enc|odp)\s*(?:\[\d+\])?:)+", re.IGNORECASE
)
_TIME = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.")


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


def missing(
    *, category: str, order: str, task: str, explanation: str, has_proof: bool
) -> list[str]:
    """Return which of the inputs 7.1 to 7.5 a request of this kind still lacks, by clause."""
    lacks = {
        "7.2": category not in ABOUT_A_JOB and not order,
        "7.3": category in ABOUT_A_JOB and not task,
        "7.4": len(explanation.split()) < 2,
        "7.5": category == "outage" and not has_proof and not _TIME.search(explanation),
    }
    return [clause for clause, lacking in lacks.items() if lacking]


def order_number(text: str) -> int | None:
    """Return the first order number that a text names, like JM-000123."""
    found = _ORDER.search(text)
    return int(found[1]) if found else None


def tag(number: int, key: str) -> str:
    """Return what our mails' subjects carry, so that a reply finds its case."""
    return f"[REQ-{number}-{key}]"


def subject(brand: str, about: str, tagged: str) -> str:
    """Return the subject of a letter about a request; a reply's is this one after "Re:"."""
    return f"{brand}: {about} {tagged}"


def said_in_subject(text: str, brand: str) -> str:
    """Return what a reply's subject says besides ours; empty where it only answers."""
    without = _TAG.sub(" ", text)
    for about in ("your request", "your account"):
        without = without.replace(f"{brand}: {about}", " ")
    left = " ".join(_REPLY.sub("", " ".join(without.split())).split())
    return left.strip(" :-–")


def read_tag(subject: str) -> tuple[int, str] | None:
    """Return the case number and key that a subject carries; None where it carries none."""
    found = _TAG.search(subject)
    return (int(found[1]), found[2]) if found else None


def message_id(*, key: str, entry_id: int, domain: str) -> str:
    """Return the Message-ID of one of our letters: it names its case by its key, and its entry."""
    return f"<{key}.{entry_id}@{domain}>"


def read_message_id(found: str, *, domain: str) -> tuple[str, int] | None:
    """Return the key and the entry that a Message-ID of ours names; None for one of others'."""
    match = _MESSAGE_ID.fullmatch(found.strip())
    if match is None or match[3].lower() != domain.lower():
        return None
    return match[1], int(match[2])
