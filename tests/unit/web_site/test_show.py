from datetime import UTC, datetime, timedelta

import pytest

from jewelrymodel.accounts import countries
from jewelrymodel.web.customer.credits.chart import chart
from jewelrymodel.web.templatetags.show import money, per_credit, picture

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "shown"),
    [
        (1250, "EUR", "€12.50"),
        (-5, "USD", "−$0.05"),
        (123456789, "GBP", "£1,234,567.89"),
        (1250, "JPY", "1,250 JPY"),
        (1250, "CHF", "12.50 CHF"),
    ],
)
def test_money_reads_as_people_write_it(amount_minor: int, currency: str, shown: str) -> None:
    assert money(amount_minor, currency) == shown


def test_a_credit_never_looks_cheaper_than_it_is() -> None:
    assert (per_credit(900, 20), per_credit(1250, 30)) == (45, 42)


def test_a_picture_that_is_not_there_has_no_address() -> None:
    assert picture("no-such-picture.webp") == ""


def test_every_country_has_a_code_of_two_capitals_once() -> None:
    codes = [code for code, _ in countries.choices()]
    assert len(codes) == len(set(codes)) > 240
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert dict(countries.choices())["PT"] == "Portugal"


def test_a_chart_goes_in_steps_and_ends_now() -> None:
    points = [(START, 10), (START + timedelta(days=1), 5)]
    drawn = chart(points, START + timedelta(days=2))
    assert drawn is not None
    assert (drawn.line, drawn.highest) == ("M0 0.0H320.0V60.0H640", 10)


@pytest.mark.parametrize("points", [[], [(START, 1)], [(START, 1), (START, 2)]])
def test_too_little_makes_no_chart(points: list[tuple[datetime, int]]) -> None:
    assert chart(points, START) is None
