"""Ring sizes against rows of published charts: the diameters agree within a twentieth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.generation.rules.ring_sizes import RingScale, inner_diameter_mm, ring_size
from jewelrymodel.generation.rules.size_units import LENGTHS, SizeUnit, millimeters, written

TENTH, TWENTIETH = 0.1, 0.05
CHARTS = [
    (RingScale.US, "0", 11.63),
    (RingScale.US, "½", 12.04),
    (RingScale.US, "4", 14.88),
    (RingScale.US, "6½", 16.92),
    (RingScale.US, "7", 17.32),
    (RingScale.US, "7¼", 17.53),
    (RingScale.US, "10", 19.76),
    (RingScale.US, "13", 22.20),
    (RingScale.EU, "49", 15.6),
    (RingScale.EU, "52", 16.6),
    (RingScale.EU, "54", 17.2),
    (RingScale.EU, "60", 19.1),
    (RingScale.EU, "72", 22.9),
    (RingScale.UK, "A", 12.04),
    (RingScale.UK, "I", 15.22),
    (RingScale.UK, "L", 16.40),
    (RingScale.UK, "N", 17.18),
    (RingScale.UK, "P", 17.97),
    (RingScale.UK, "T", 19.55),
    (RingScale.JP, "1", 13.0),
    (RingScale.JP, "4", 14.0),
    (RingScale.JP, "10", 16.0),
    (RingScale.JP, "13", 17.0),
    (RingScale.JP, "25", 21.0),
]


@pytest.mark.parametrize(("scale", "size", "diameter_mm"), CHARTS)
def test_a_size_means_the_charts_diameter_and_is_found_again(
    scale: RingScale, size: str, diameter_mm: float
) -> None:
    diameter = inner_diameter_mm(size, scale)
    assert diameter == pytest.approx(diameter_mm, abs=TWENTIETH)
    assert ring_size(diameter_mm, scale) == size


def test_a_british_letter_is_four_tenths_and_z_is_not_the_last() -> None:
    found = [inner_diameter_mm(size, RingScale.UK) or 0 for size in ("N", "N½", "O", "Z", "Z+1½")]
    assert found[2] - found[0] == pytest.approx(0.4, abs=0.01)
    assert found[1] - found[0] == pytest.approx(0.2, abs=0.01)
    assert found[3] == pytest.approx(21.91, abs=TENTH)
    assert [ring_size(one, RingScale.UK) for one in found] == ["N", "N½", "O", "Z", "Z+1½"]
    assert ring_size(10.5, RingScale.UK) == "A"


@pytest.mark.parametrize(
    ("scale", "written_as"),
    [
        (RingScale.US, ["6½", "6.5", "6,5", "6 1/2", " 6½ ", "6 ½"]),
        (RingScale.US, ["½", "1/2", ".5", "0.5"]),
        (RingScale.UK, ["N½", "n½", "N 1/2", "N.5", "n ½"]),
        (RingScale.UK, ["Z+1", "z + 1"]),
    ],
)
def test_a_size_may_be_written_as_people_write_it(scale: RingScale, written_as: list[str]) -> None:
    diameters = {inner_diameter_mm(one, scale) for one in written_as}
    assert None not in diameters
    assert len(diameters) == 1


@pytest.mark.parametrize(
    ("scale", "size"),
    [
        (RingScale.US, ""),
        (RingScale.US, "N"),
        (RingScale.US, "6 1/0"),
        (RingScale.US, "6.3"),
        (RingScale.US, "-2"),
        (RingScale.US, "60"),
        (RingScale.UK, "7"),
        (RingScale.UK, "N+1"),
        (RingScale.UK, "Z+99"),
        (RingScale.EU, "17"),
        (RingScale.JP, "7½"),
        (RingScale.JP, "٧"),
    ],
)
def test_what_is_no_size_there_is_none(scale: RingScale, size: str) -> None:
    assert inner_diameter_mm(size, scale) is None


def test_lengths_are_kept_in_millimeters() -> None:
    assert millimeters("17,5", SizeUnit.MM) == 17.5
    assert millimeters("1 1/4", SizeUnit.INCH) == 31.75
    assert millimeters("wide", SizeUnit.MM) is None
    assert millimeters("7", SizeUnit.US) == 17.32
    assert millimeters("N½", SizeUnit.US) is None
    assert [written(17.32, unit) for unit in SizeUnit] == ["17.32", "0.68", "7", "N½", "54.5", "14"]


@given(st.sampled_from(SizeUnit), st.floats(13, 28))
def test_what_is_written_means_about_the_same_again(unit: SizeUnit, size_mm: float) -> None:
    again = millimeters(written(size_mm, unit), unit)
    step = 0.3 if unit in LENGTHS else 0.42
    assert again == pytest.approx(size_mm, abs=step / 2 + 0.01)
