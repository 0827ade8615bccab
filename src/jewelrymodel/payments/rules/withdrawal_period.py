"""When the days are over in which a consumer may withdraw from a purchase."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays

from jewelrymodel.accounts.jurisdictions import country_of_law

_LAST_ON_EARTH = "Etc/GMT+12"
_DAY = timedelta(days=1)


def end_of_withdrawal(country: str, *, bought_at: datetime, days: int) -> datetime:
    """Return the instant, UTC, at which *days* days to withdraw are over for a buyer there.

    Calendar days of the buyer, from the day after the purchase to the end of the last one; where
    that is a Saturday, a Sunday or a public holiday, to the end of the next working day (Regulation
    1182/71, article 3). Where a country has several zones or regional holidays we don't know which
    are the buyer's: the latest end counts. That the United Kingdom kept the rule of the working day
    isn't certain; it is counted to the buyer's side.
    """
    return max(_end(country, bought_at, days, zone) for zone in _zones(country))


def longer_end(end: datetime, *, months: int) -> datetime:
    """Return *end* moved on by *months* months, for a buyer who wasn't told of the right (Directive
    2011/83/EU, article 10). A day that its month lacks is the first of the next one: the later end
    counts.
    """
    years, month = divmod(end.month - 1 + months, 12)
    try:
        return end.replace(year=end.year + years, month=month + 1)
    except ValueError:
        return end.replace(year=end.year + years, month=month + 2, day=1)


def _end(country: str, bought_at: datetime, days: int, zone: str) -> datetime:
    last = bought_at.astimezone(ZoneInfo(zone)).date() + days * _DAY
    while last.weekday() >= 5 or last in _holidays(country, last.year):
        last += _DAY
    return datetime.combine(last + _DAY, time(), ZoneInfo(zone)).astimezone(UTC)


@cache
def _zones(country: str) -> tuple[str, ...]:
    """The time zones of a country; of one that we don't know, where a day ends last on earth."""
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return tuple(row[2] for row in rows if row[0] == country) or (_LAST_ON_EARTH,)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    """The days that are a public holiday in any part of a country, as far as they are known."""
    code = country_of_law(country)
    if code not in holidays.list_supported_countries():
        return frozenset()
    known = holidays.country_holidays(code, years=year)
    parts = [holidays.country_holidays(code, subdiv=one, years=year) for one in known.subdivisions]
    return frozenset(day for calendar in (known, *parts) for day in calendar)
