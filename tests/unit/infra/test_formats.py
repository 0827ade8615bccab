"""Money, days and instants read as the reader's language writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from jewelrymodel.infra import formats

_AT = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "amount", "loss"),
    [
        ("en", "$1,234.56", "−€9.00"),
        ("de", "1.234,56\N{NO-BREAK SPACE}$", "−9,00\N{NO-BREAK SPACE}€"),
        ("pt", "US$\N{NO-BREAK SPACE}1.234,56", "−€\N{NO-BREAK SPACE}9,00"),
    ],
)
def test_money_is_written_as_the_language_writes_it(language: str, amount: str, loss: str) -> None:
    with override(language):
        assert formats.money(123_456, "USD") == amount
        assert formats.money(-900, "EUR") == loss


def test_a_number_has_the_decimals_asked_for() -> None:
    with override("de"):
        assert formats.number(12_345.67, 1) == "12.345,7"
    assert formats.number(12_345) == "12,345"


@pytest.mark.parametrize(
    ("language", "day", "moment", "deadline"),
    [
        ("en", "Nov 29, 2026", "Nov 29, 2026, 14:05 UTC", "Sun, Nov 29, 2026, 09:05 EST"),
        ("de", "29.11.2026", "29.11.2026, 14:05 UTC", "So., 29. Nov. 2026, 09:05 EST"),
        ("fr", "29 nov. 2026", "29 nov. 2026, 14:05 UTC", "dim. 29 nov. 2026, 09:05 EST"),
    ],
)
def test_days_and_instants_read_as_the_language_writes_them(
    language: str, day: str, moment: str, deadline: str
) -> None:
    with override(language):
        assert formats.day(date(2026, 11, 29)) == day
        assert formats.moment(_AT) == moment
        assert formats.deadline(_AT, ZoneInfo("America/New_York")) == deadline


def test_a_program_without_a_language_writes_english() -> None:
    with override(None):
        assert formats.day(_AT.date()) == "Nov 29, 2026"
