"""Terms of an agreement with a seller's own model, day by day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jewelrymodel.generation.rules import own_model_terms as terms
from jewelrymodel.generation.statuses import OwnModelStatus

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("days", "is_possible"), [(-1, False), (0, False), (1, True), (1830, True), (1831, False)]
)
def test_a_term_ends_between_tomorrow_and_in_five_years(days: int, is_possible: bool) -> None:
    until_on = TODAY + timedelta(days=days)
    assert terms.is_possible_term(until_on, today=TODAY) is is_possible


@pytest.mark.parametrize("status", OwnModelStatus)
def test_images_are_made_only_with_who_agreed(status: OwnModelStatus) -> None:
    may = terms.may_be_made(status, TODAY, today=TODAY)
    assert may is (status == OwnModelStatus.AGREED)
    assert not terms.may_be_made(status, TODAY - timedelta(days=1), today=TODAY)


@pytest.mark.parametrize(
    ("ticked", "is_adult", "is_whole"),
    [
        (["shop"], True, True),
        (["shop", "ads"], True, True),
        (["shop"], False, False),
        ([], True, False),
        (["social"], True, False),
    ],
)
def test_an_answer_says_age_and_places(ticked: list[str], is_adult: bool, is_whole: bool) -> None:
    assert terms.is_whole_answer(ticked, ["shop", "ads"], is_adult=is_adult) is is_whole


def test_an_address_is_masked() -> None:
    assert terms.masked("anna@person.example") == "a...@person.example"


@pytest.mark.parametrize(
    ("size", "has", "lacks"),
    [
        ((2000, 1000), "16:9", "9:16"),
        ((1080, 1920), "9:16", "16:9"),
        ((1920, 1080), "16:9", "9:16"),
    ],
)
def test_a_photo_carries_the_formats_that_it_nearly_has(
    size: tuple[int, int], has: str, lacks: str
) -> None:
    carried = terms.carried_aspects(*size)
    assert has in carried
    assert lacks not in carried


def test_nothing_is_forgotten_before_its_time() -> None:
    """Three years with a leap day among them end no day early."""
    now = datetime(2031, 3, 1, 12, tzinfo=UTC)
    assert terms.forgotten_before(now, years=3) < datetime(2028, 3, 1, 12, tzinfo=UTC)
    assert now - terms.forgotten_before(now, years=3) == timedelta(days=3 * 366)
