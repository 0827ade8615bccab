"""What a form says of the images to compose: formats, what was placed by hand, what is left out."""

from collections.abc import Iterable, Mapping

from django.http import QueryDict

from jewelrymodel.generation.operations import OutOfBounds
from jewelrymodel.studio.composition import SQUARE, Adjustment, adjustment_of

FIELDS = ("right", "down", "turn_deg", "size")


def aspects_sent(sent: QueryDict) -> list[str]:
    """Return the chosen formats, each once; a form that asks for none means square images."""
    return list(dict.fromkeys(sent.getlist("aspect"))) or [SQUARE]


def adjustment_sent(sent: QueryDict) -> Adjustment:
    """Return what was set by hand of one image; raises OutOfBounds for what is no number."""
    try:
        return adjustment_of({name: sent[name] for name in FIELDS if sent.get(name)})
    except ValueError:
        raise OutOfBounds from None


def adjustments_in(fields: Iterable[str]) -> dict[tuple[str, str], Adjustment]:
    """Return what was set by hand, by look and format. Each field holds look, format and FIELDS,
    separated by spaces; raises OutOfBounds for what can't be read.
    """
    placed = {}
    for one in fields:
        look, aspect, *values = f"{one} {''} {''}".split(" ")[:6]
        try:
            placed[look, aspect] = adjustment_of(dict(zip(FIELDS, values, strict=True)))
        except ValueError:
            raise OutOfBounds from None
    return placed


def placed_field(look: str, aspect: str, stored: Mapping[str, float]) -> str:
    """Return the field that says what was set by hand, as ``adjustments_in`` reads it."""
    by = adjustment_of(stored)
    return " ".join(map(str, (look, aspect, by.right, by.down, by.turn_deg, by.size)))


def pairs_in(fields: Iterable[str]) -> set[tuple[str, str]]:
    """Return the looks and formats in which the page found that the piece can't be shown, each
    field a look and a format, separated by a space.
    """
    pairs = (one.split(" ") for one in fields)
    return {(pair[0], pair[1]) for pair in pairs if len(pair) == 2}
