"""How a seller writes the size of a piece, and the millimeters that it is kept in."""

from enum import StrEnum

from jewelrymodel.generation.rules.ring_sizes import (
    RingScale,
    decimal,
    inner_diameter_mm,
    ring_size,
)

MM_IN_INCH = 25.4  # by the international yard and pound agreement of 1959


class SizeUnit(StrEnum):
    """What a size is written in: a length, or a ring size of one of the trades."""

    MM = "mm"
    INCH = "in"
    US = "us"
    UK = "uk"
    EU = "eu"
    JP = "jp"


LENGTHS = (SizeUnit.MM, SizeUnit.INCH)
"""The units that suit every piece; the others are for rings."""


def millimeters(size: str, unit: SizeUnit) -> float | None:
    """Return what *size* means in millimeters, for a ring its inner diameter; None for no size."""
    if unit not in LENGTHS:
        diameter = inner_diameter_mm(size, RingScale(unit.value))
        return None if diameter is None else round(diameter, 2)
    length = decimal(size)
    if length is None:
        return None
    return round(length * MM_IN_INCH, 2) if unit is SizeUnit.INCH else length


def written(size_mm: float, unit: SizeUnit) -> str:
    """Return how a size is written in *unit*, without its name: ``17.5``, ``0.69``, ``7¼``."""
    if unit in LENGTHS:
        length = round(size_mm, 2) if unit is SizeUnit.MM else round(size_mm / MM_IN_INCH, 2)
        return f"{length:g}"
    return ring_size(size_mm, RingScale(unit.value))
