"""The recorded error rates belong to the check in use, and are those that the document shows."""

from pathlib import Path

import pytest

from jewelrymodel.studio.image_check_record import (
    ALL_DAMAGES,
    CHECK_VERSION,
    UNDAMAGED,
    check_records,
    miss_rate,
)
from tests.support.check_code import code_digest, spoken
from tests.support.seeded_damage import DAMAGES

PAGE = Path(__file__).parents[3] / "docs" / "image_check.md"


def test_the_version_in_use_was_measured_with_the_code_in_use() -> None:
    record = check_records()[CHECK_VERSION]
    assert record.code == code_digest(), "run: python bench/image_check.py --write"
    assert f"{record.measured_on}-{record.code[:8]}" == CHECK_VERSION


def test_a_limit_changes_the_digest_and_a_comment_does_not() -> None:
    source = 'def f():\n    """Doc."""\n    return 0.5 * 2\n'
    assert spoken(source) == spoken('def f():\n    # why\n    """Other."""\n\n    return 0.5 * 2\n')
    assert spoken(source) != spoken(source.replace("0.5", "0.6"))


def test_every_planted_damage_is_recorded_and_sums_up() -> None:
    record = check_records()[CHECK_VERSION]
    for rates in (record.own_looks, record.hosted):
        kinds = [rate for name, rate in rates.items() if name in DAMAGES]
        assert set(DAMAGES) <= set(rates)
        total = rates[ALL_DAMAGES]
        assert total.wrong == sum(rate.wrong for rate in kinds)
        assert total.pictures == sum(rate.pictures for rate in kinds)
        assert all(rate.share <= rate.at_most <= 1 for rate in rates.values())
        assert UNDAMAGED in rates


def test_the_miss_rate_is_that_of_the_version_and_of_who_made_the_picture() -> None:
    record = check_records()[CHECK_VERSION]
    assert miss_rate() == record.own_looks[ALL_DAMAGES]
    hosted, kept_back = miss_rate(own_look=False), record.hosted[ALL_DAMAGES]
    assert hosted is not None
    assert hosted.wrong == kept_back.wrong + kept_back.unchecked > 0
    assert hosted.share < hosted.at_most
    assert miss_rate("2020-01-01-00000000") is None


@pytest.mark.parametrize("name", [*DAMAGES, ALL_DAMAGES])
def test_the_document_shows_the_recorded_figures(name: str) -> None:
    record = check_records()[CHECK_VERSION]
    own, hosted = record.own_looks[name], record.hosted[name]
    line = next(
        row for row in PAGE.read_text("utf-8").splitlines() if row.startswith(f"| {name} |")
    )
    cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
    for rate, shown in ((own, cells[:3]), (hosted, cells[3:6])):
        assert shown[:2] == [str(rate.pictures), f"{rate.wrong} ({rate.share:.1%})"]
    assert cells[6] == str(hosted.unchecked)
