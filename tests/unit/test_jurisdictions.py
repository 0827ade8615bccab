"""Whose law holds where, and the last instant at which a consumer may withdraw."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jewelrymodel.accounts import countries, jurisdictions
from jewelrymodel.payments.rules.withdrawal_period import end_of_withdrawal, longer_end
from jewelrymodel.policy.facts import SCHEMA


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("country", "law", "may_withdraw"),
    [
        ("DE", "EU", True),
        ("RE", "EU", True),
        ("NO", "EEA", True),
        ("GB", "UK", True),
        ("US", "US", False),
        ("AU", "AU", False),
        ("CH", "other", False),
        ("", "other", False),
    ],
)
def test_the_country_of_the_buyer_names_the_law(
    country: str, law: str, *, may_withdraw: bool
) -> None:
    assert jurisdictions.jurisdiction(country) == law
    assert jurisdictions.has_withdrawal(country) is may_withdraw


def test_every_law_is_a_word_of_the_policy_and_every_country_has_days() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    codes = [code for code, _ in countries.choices()]
    assert {jurisdictions.jurisdiction(one) for one in codes} <= {
        *SCHEMA["buyer.jurisdiction"].values
    }
    lawful = [one for one in codes if jurisdictions.has_withdrawal(one)]
    assert len(lawful) == 27 + 3 + 1 + 7
    for one in lawful:
        left = end_of_withdrawal(one, bought_at=at, days=14) - at
        assert 13 < left.days < 20, one


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("country", "bought", "ends", "zone"),
    [
        pytest.param("DE", "2026-06-02T00:00", "2026-06-17T00:00", "Europe/Berlin", id="midnight"),
        pytest.param("DE", "2026-06-02T23:59", "2026-06-17T00:00", "Europe/Berlin", id="late"),
        pytest.param("DE", "2026-06-06T12:00", "2026-06-23T00:00", "Europe/Berlin", id="Saturday"),
        pytest.param("DE", "2026-06-07T12:00", "2026-06-23T00:00", "Europe/Berlin", id="Sunday"),
        pytest.param("DE", "2026-12-11T12:00", "2026-12-29T00:00", "Europe/Berlin", id="Christmas"),
        pytest.param("DE", "2024-08-01T12:00", "2024-08-17T00:00", "Europe/Berlin", id="Bavaria"),
        pytest.param("DE", "2026-10-12T12:00", "2026-10-27T00:00", "Europe/Berlin", id="25 hours"),
        pytest.param("NO", "2026-05-03T12:00", "2026-05-19T00:00", "Europe/Oslo", id="17 May"),
        pytest.param("PT", "2026-06-01T12:00", "2026-06-16T00:00", "Atlantic/Azores", id="Azores"),
        pytest.param("RE", "2026-06-02T01:00", "2026-06-17T00:00", "Indian/Reunion", id="overseas"),
        pytest.param(
            "GB", "2026-12-14T12:00", "2026-12-30T00:00", "Europe/London", id="Boxing Day"
        ),
    ],
)
def test_a_buyers_days_end_with_the_last_hour_of_a_working_day(
    country: str, bought: str, ends: str, zone: str
) -> None:
    found = end_of_withdrawal(country, bought_at=local(bought, zone), days=14)
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(ends)


def test_where_a_country_isnt_known_the_day_ends_last_on_earth() -> None:
    at = datetime(2026, 6, 2, 12, tzinfo=UTC)
    assert end_of_withdrawal("XX", bought_at=at, days=14) == datetime(2026, 6, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("end", "longer"),
    [
        ((2026, 12, 14, 23), (2027, 12, 14, 23)),
        ((2028, 2, 29, 22), (2029, 3, 1, 22)),
        ((2027, 2, 28, 22), (2028, 2, 28, 22)),
    ],
)
def test_who_was_not_told_has_a_year_more(
    end: tuple[int, int, int, int], longer: tuple[int, int, int, int]
) -> None:
    assert longer_end(datetime(*end, tzinfo=UTC), months=12) == datetime(*longer, tzinfo=UTC)
