"""Which edition governs has one answer, and what would give two is refused with line and mend."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from jewelrymodel.policy import edition_publication, editions_in_force
from jewelrymodel.policy.edition_reader import Edition, EditionRefused, load_editions
from jewelrymodel.policy.rule_evaluation import decide
from tests.support.shipped_edition import NAMES, NOON, dated, edition, facts

JULY = dated("2026-07-01")


def effective(day: str, on: str) -> Edition:
    return dated(day, (f"effective_from = {day}", f"effective_from = {on}"))


@pytest.mark.clause("0.1", "10.1")
def test_an_edition_governs_from_the_start_of_its_day_in_utc() -> None:
    first, both = edition(), (JULY, edition())
    start = datetime(2026, 7, 1, tzinfo=UTC)
    assert editions_in_force.in_force(both, start - timedelta(microseconds=1)) == first
    assert (
        editions_in_force.in_force(both, start)
        == editions_in_force.in_force(both[::-1], start)
        == JULY
    )
    with pytest.raises(editions_in_force.NoEdition, match="no edition was in force"):
        editions_in_force.in_force(both, datetime(2026, 5, 13, 23, 59, tzinfo=UTC))


def test_the_engine_gives_the_same_answer() -> None:
    both = (JULY, edition())
    for at in (datetime(2026, 6, 30, 23, 59, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)):
        substance, procedure = decide(facts(), both, purchased_at=at, requested_at=at).editions
        assert substance.date == procedure.date == editions_in_force.in_force(both, at).date


@pytest.mark.parametrize(
    ("day", "on", "says"),
    [
        ("2026-06-01", "2026-07-01", "the newer edition of 2026-07-01 on 2026-07-01"),
        ("2026-06-01", "2026-07-02", "let it take effect on an earlier day than 2026-07-01"),
        ("2026-08-01", "2026-07-01", "let it take effect on a later day than 2026-07-01"),
        ("2026-08-01", "2026-06-01", "the older edition of 2026-07-01 on 2026-07-01"),
    ],
)
def test_two_that_would_be_in_force_at_once_are_refused(day: str, on: str, says: str) -> None:
    with pytest.raises(EditionRefused) as refused:
        edition_publication.refuse_unfit(effective(day, on), (JULY, edition()))
    assert str(refused.value).startswith(f"{day}.md:3: it takes effect on {on} and the ")
    assert says in str(refused.value)


def test_what_keeps_the_order_of_dates_fits_and_so_does_the_same_again() -> None:
    edition_publication.refuse_unfit(effective("2026-06-01", "2026-06-15"), (JULY, edition()))
    edition_publication.refuse_unfit(dated("2026-08-01"), (JULY, edition()))
    edition_publication.refuse_unfit(JULY, (JULY, edition()))


@pytest.mark.clause("10.2")
def test_another_text_under_a_date_that_is_taken_is_refused() -> None:
    with pytest.raises(edition_publication.EditionChanged, match=r"2026-07-01\.md:2: another text"):
        edition_publication.refuse_unfit(dated("2026-07-01", ("value = 60", "value = 61")), (JULY,))


def test_an_edition_does_not_reach_back_to_what_was_done_before_it_was_published() -> None:
    edition_publication.refuse_backdated(JULY, now=JULY.starts_at - timedelta(microseconds=1))
    with pytest.raises(
        edition_publication.EditionTooEarly, match=r"2026-07-01\.md:3: .* has begun"
    ):
        edition_publication.refuse_backdated(JULY, now=JULY.starts_at)


def test_a_line_that_is_written_in_another_way_is_the_first() -> None:
    quoted = replace(JULY, source_text=JULY.source_text.replace("effective_from", '"effective"'))
    with pytest.raises(EditionRefused, match=r"md:1: "):
        edition_publication.refuse_backdated(quoted, now=JULY.starts_at)


def test_a_folder_with_two_that_cross_is_refused(tmp_path: Path) -> None:
    for one in (effective("2026-08-01", "2026-07-01"), JULY, edition()):
        (tmp_path / one.file).write_text(one.source_text)
    with pytest.raises(EditionRefused, match=r"2026-08-01\.md:3"):
        load_editions(tmp_path, NAMES)
    (tmp_path / "2026-08-01.md").unlink()
    assert load_editions(tmp_path, NAMES)[0].sha256 == JULY.sha256


@pytest.mark.clause("10.2")
def test_a_text_that_is_not_the_one_that_the_purchase_recorded_decides_nothing() -> None:
    changed = dated("2026-05-14", ("value = 60\nunit", "value = 9\nunit"))
    assert changed.date == edition().date
    pinned = {"pinned_on": edition().date, "pinned_sha256": edition().sha256}
    decision = decide(facts(), (edition(),), purchased_at=NOON, requested_at=NOON, **pinned)
    assert decision.editions[0].sha256 == decision.pinned_sha256 == edition().sha256
    with pytest.raises(editions_in_force.PinnedTextDiffers, match=edition().sha256):
        decide(facts(), (changed,), purchased_at=NOON, requested_at=NOON, **pinned)


def test_a_day_without_an_edition_is_said() -> None:
    with pytest.raises(editions_in_force.NoEdition, match="2026-05-15 is not at hand"):
        editions_in_force.of_day((edition(),), date(2026, 5, 15))
