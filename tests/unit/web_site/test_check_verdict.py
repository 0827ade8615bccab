"""The verdict of an image says what was checked, what wasn't, and what its seller retouched."""

from typing import Any

import pytest

from jewelrymodel.generation.models import Asset, Task, TaskItem
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.studio.image_check_record import (
    CHECK_VERSION,
    UNDAMAGED,
    check_records,
    miss_rate,
)
from jewelrymodel.web.studio_messages.check_verdict import check_summary, check_verdict
from jewelrymodel.web.studio_messages.damage_labels import DAMAGE_LABELS
from jewelrymodel.web.studio_messages.declared_sentences import declared_text

SOUND = {"passed": True, "openings": 1.0, "openings_filled": 0.0, "added": 0.0, "piece_mm2": 200.0}


def image(
    figures: dict[str, Any] = SOUND,
    retouched_mm2: float | None = None,
    generator: GeneratorName = GeneratorName.EMBEDDED,
    version: str = CHECK_VERSION,
) -> Asset:
    item = TaskItem(task=Task(retouched_mm2=retouched_mm2))
    return Asset(item=item, fidelity=figures, generator=generator, check_version=version)


def test_an_image_that_was_checked_all_over_keeps_nothing_back() -> None:
    assert check_verdict(image()).unchecked == ()


def test_what_could_not_be_told_is_named_and_the_verdict_is_of_the_piece_alone() -> None:
    known = check_verdict(image()).sentence
    for missing in ("openings_filled", "added"):
        said = check_verdict(image({k: v for k, v in SOUND.items() if k != missing}))
        assert len(said.unchecked) == 1
        assert said.sentence != known


def test_an_image_of_an_earlier_check_claims_no_more_than_that_did() -> None:
    said = check_verdict(image({"passed": True, "changed": 0.0}, version="unknown"))
    assert (said.unchecked, said.rate, said.max_spot_mm2) == ((), "", 0)


def test_a_retouched_piece_is_said_to_be_retouched_with_its_area() -> None:
    said = check_verdict(image(retouched_mm2=12.5)).sentence
    assert said.startswith("Retouched: 12.5 mm² ")
    assert "match" not in said


def test_a_line_of_the_verdict_differs_where_the_verdict_does() -> None:
    partly = image({k: v for k, v in SOUND.items() if k != "added"})
    lines = {check_summary(one) for one in (image(), partly, image(retouched_mm2=2))}
    assert len(lines) == 3


@pytest.mark.parametrize("generator", GeneratorName)
def test_the_miss_rate_is_that_of_who_made_the_image(generator: GeneratorName) -> None:
    own = generator == GeneratorName.EMBEDDED
    rate = miss_rate(own_look=own)
    assert rate is not None
    said = check_verdict(image(generator=generator))
    assert f" {rate.wrong} of {rate.pictures:,} " in said.rate
    assert said.max_spot_mm2 == pytest.approx(200 * (0.0003 if own else 0.0004))


def test_every_measured_damage_has_a_label() -> None:
    record = check_records()[CHECK_VERSION]
    assert set(DAMAGE_LABELS) >= set(record.own_looks) | set(record.hosted)
    assert UNDAMAGED in DAMAGE_LABELS


@pytest.mark.parametrize("kind", ["hidden", "left_out", "laid"])
def test_a_declared_part_is_listed_with_its_area(kind: str) -> None:
    assert " 34.2 mm²" in declared_text({"kind": kind, "area_mm2": 34.2, "outlines": []})
