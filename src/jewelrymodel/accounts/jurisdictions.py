"""Whose consumer law a country has, and until when its buyers may withdraw: the one home of both.

Directive 2011/83/EU holds in the European Economic Area, and the United Kingdom has the same right
(SI 2013/3134).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_BY_LAW = {"EU": _EU, "EEA": "IS LI NO", "UK": "GB", "US": "US", "AU": "AU"}
_PART_OF = {"AX": "FI", "GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR"}
"""Places with a code of their own in which the law of the Union holds (TFEU, article 355)."""
_LAW_OF = {country: law for law, codes in _BY_LAW.items() for country in codes.split()}
_WITHDRAWAL = frozenset({"EU", "EEA", "UK"})
_LAST_ON_EARTH = "Etc/GMT+12"
_DAY = timedelta(days=1)


def jurisdiction(country: str) -> str:
    """Return whose consumer law holds in *country* (ISO 3166-1), in the policy's words."""
    return _LAW_OF.get(_PART_OF.get(country, country), "other")


def has_withdrawal(country: str) -> bool:
    """Return whether its consumers may withdraw from what they bought at a distance."""
    return jurisdiction(country) in _WITHDRAWAL


def withdrawal_ends_at(country: str, *, bought_at: datetime, days: int) -> datetime:
    """Return the instant, UTC, at which *days* days to withdraw are over for a buyer there.

    Calendar days of the buyer, from the day after the purchase to the end of the last one; where
    that is a Saturday, a Sunday or a public holiday, to the end of the next working day (Regulation
    1182/71, article 3). Where a country has several zones or regional holidays we don't know which
    are the buyer's: the latest end counts. That the United Kingdom kept the rule of the working day
    isn't certain; it is counted to the buyer's side.
    """
    return max(_end(country, bought_at, days, zone) for zone in _zones(country))


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
    code = _PART_OF.get(country, country)
    if code not in holidays.list_supported_countries():
        return frozenset()
    known = holidays.country_holidays(code, years=year)
    parts = [holidays.country_holidays(code, subdiv=one, years=year) for one in known.subdivisions]
    return frozenset(day for calendar in (known, *parts) for day in calendar)
