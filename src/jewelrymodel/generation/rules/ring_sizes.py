"""Ring sizes of four trades and the inner diameter that each means, in millimeters.

Sources of the formulas:

* EU: ISO 8653 names a ring by its inner circumference in millimeters.
* US: the scale of American ring gauges: size 0 is 0.458 inch (11.63 mm) in diameter, and a size is
  0.032 inch (0.8128 mm) more. Halves and quarters are in use.
* UK: the British letters. A is 37.8 mm around (12.04 mm in diameter), and each letter is 1.25 mm
  around (0.4 mm in diameter) more, as BS 6820 has it; after Z come Z+1, Z+2 and so on. Halves are
  in use. Charts of the trade depart from each other by up to a half size.
* JP: the scale of Japanese ring gauges: size 1 is 13 mm in diameter, a size a third of a millimeter
  more. Whole sizes only.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LEAST_MM, MOST_MM = 10.0, 30.0
"""Inner diameters that rings have, from a baby's to one worn over a glove."""

_US_ZERO_MM, _US_STEP_MM = 11.63, 0.8128
_UK_A_MM_AROUND, _UK_STEP_MM_AROUND = 37.8, 1.25
_JP_ONE_MM, _JP_STEP_MM = 13.0, 1 / 3
_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75"}
_GLYPHS = {0.0: "", 0.25: "¼", 0.5: "½", 0.75: "¾"}
_WRITTEN = re.compile(r"(\d+)\s+(\d)/(\d)|(\d)/(\d)")
_LETTER = re.compile(r"([A-Z])(?:\s*\+\s*(\d{1,2}))?\s*(\.5)?")


class RingScale(StrEnum):
    """Where a ring size is spoken of like this."""

    US = "us"
    UK = "uk"
    EU = "eu"
    JP = "jp"


@dataclass(frozen=True)
class _Scale:
    """Its number for a diameter and back, and how finely it is divided."""

    diameter_mm: Callable[[float], float]
    number: Callable[[float], float]
    steps_in_one: int


_SCALES = {
    RingScale.US: _Scale(
        lambda size: _US_ZERO_MM + _US_STEP_MM * size,
        lambda mm: (mm - _US_ZERO_MM) / _US_STEP_MM,
        steps_in_one=4,
    ),
    RingScale.UK: _Scale(  # A is number 0
        lambda size: (_UK_A_MM_AROUND + _UK_STEP_MM_AROUND * size) / math.pi,
        lambda mm: (mm * math.pi - _UK_A_MM_AROUND) / _UK_STEP_MM_AROUND,
        steps_in_one=2,
    ),
    RingScale.EU: _Scale(lambda size: size / math.pi, lambda mm: mm * math.pi, steps_in_one=2),
    RingScale.JP: _Scale(
        lambda size: _JP_ONE_MM + _JP_STEP_MM * (size - 1),
        lambda mm: (mm - _JP_ONE_MM) / _JP_STEP_MM + 1,
        steps_in_one=1,
    ),
}


def inner_diameter_mm(size: str, scale: RingScale) -> float | None:
    """Return the inner diameter that a written size means; None for what isn't a size there.

    Fractions may be written as ``6½``, ``6 1/2``, ``6.5`` or ``6,5``, letters as ``N½`` or ``Z+1``.
    """
    number = _letters(size) if scale is RingScale.UK else decimal(size)
    if number is None:
        return None
    if scale is not RingScale.EU and number * _SCALES[scale].steps_in_one % 1:
        return None  # a circumference may be as exact as one likes; of the others nobody has that
    diameter = _SCALES[scale].diameter_mm(number)
    return diameter if LEAST_MM <= diameter <= MOST_MM else None


def ring_size(diameter_mm: float, scale: RingScale) -> str:
    """Return the nearest size as its scale writes it: ``6½``, ``N½``, ``Z+1``, ``52.5``."""
    of = _SCALES[scale]
    number = round(of.number(diameter_mm) * of.steps_in_one) / of.steps_in_one
    whole = math.floor(number)
    if scale is RingScale.EU:
        return f"{number:g}"
    rest = _GLYPHS[number - whole]
    if scale is RingScale.UK:
        return f"{_letter(whole)}{rest}"
    return rest if rest and not whole else f"{whole}{rest}"


def decimal(written: str) -> float | None:
    """Return the number that somebody wrote, also as a fraction or with a comma; None for none."""
    text = written.strip().replace(",", ".")
    for glyph, digits in _FRACTIONS.items():
        text = text.replace(glyph, digits)
    if match := _WRITTEN.fullmatch(text):
        whole, upper, lower = match[1] or "0", match[2] or match[4], match[3] or match[5]
        return int(whole) + int(upper) / int(lower) if int(lower) else None
    text = text.replace(" .", ".")
    return float(text) if re.fullmatch(r"\d{0,4}\.?\d{1,4}", text, re.ASCII) else None


def _letters(size: str) -> float | None:
    text = size.strip().upper().replace("½", ".5").replace(" 1/2", ".5").replace(",", ".")
    match = _LETTER.fullmatch(text)
    if match is None or (match[2] and match[1] != "Z"):
        return None
    return ord(match[1]) - ord("A") + int(match[2] or 0) + float(match[3] or 0)


def _letter(number: int) -> str:
    beyond = number - 25
    return f"Z+{beyond}" if beyond > 0 else chr(ord("A") + max(number, 0))
