"""The looks on offer: who or what the piece is shown with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jewelrymodel.studio.arrays import Floats
from jewelrymodel.studio.model_templates import available
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.surfaces import linen, marble, paper, velvet

Surface = Callable[[int, int, float, int], Floats]
ALL = frozenset(Kind)


@dataclass(frozen=True)
class Look:
    """One look. `person` says who is shown, in words ("" for scenes).

    For scenes: `surface` makes the surface; a glossy one mirrors the piece; `shade` is how deep its
    shadows are. For people: `templates` are the pictures to choose from, the
    indispensable one first, and `span_mm` how much of
    the person the picture's width shows.
    """

    id: str
    title: str
    kinds: frozenset[Kind]
    sort: Literal["person", "scene"]
    person: str = ""
    templates: tuple[str, ...] = ()
    span_mm: float = 0
    surface: Surface | None = None
    gloss: float = 0
    shade: float = 0.5


def _blush(height: int, width: int, _px_per_mm: float, seed: int) -> Floats:
    return paper(height, width, (0.9, 0.83, 0.79), seed)


SCENES = (
    Look("marble", "White marble", ALL, "scene", surface=marble, gloss=0.3, shade=0.55),
    Look("velvet", "Dark velvet", ALL, "scene", surface=velvet, shade=0.85),
    Look("linen", "Natural linen", ALL, "scene", surface=linen, shade=0.6),
    Look("sweep", "Blush paper sweep", ALL, "scene", surface=_blush, gloss=0.1, shade=0.42),
)

_HANGING = frozenset({Kind.PENDANT})
_EARRINGS = frozenset({Kind.EARRING})
_LIGHT = "a computer-made person with light skin"
_TAN = "a computer-made person with tan skin"
_DEEP = "a computer-made person with deep skin"
_RINGS = frozenset({Kind.RING})
_HANDS = ("hand-light-55", "hand-light-35", "hand-light-15")
_TAN_HANDS = ("hand-tan-55", "hand-tan-35")
_DEEP_HANDS = ("hand-deep-55", "hand-deep-35")
PEOPLE = (
    Look("neck-light", "On the neck, light skin", _HANGING, "person", _LIGHT, ("neck-light",), 150),
    Look("neck-tan", "On the neck, tan skin", _HANGING, "person", _TAN, ("neck-tan",), 150),
    Look("neck-deep", "On the neck, deep skin", _HANGING, "person", _DEEP, ("neck-deep",), 150),
    Look("bust-light", "Neck and shoulders", _HANGING, "person", _LIGHT, ("neck-light",), 250),
    Look("hand-light", "On the hand, light skin", _RINGS, "person", _LIGHT, _HANDS, 105),
    Look("hand-tan", "On the hand, tan skin", _RINGS, "person", _TAN, _TAN_HANDS, 105),
    Look("hand-deep", "On the hand, deep skin", _RINGS, "person", _DEEP, _DEEP_HANDS, 105),
    Look("ear-light", "On the ear, light skin", _EARRINGS, "person", _LIGHT, ("ear-light",), 62),
    Look("ear-tan", "On the ear, tan skin", _EARRINGS, "person", _TAN, ("ear-tan",), 62),
    Look("ear-deep", "On the ear, deep skin", _EARRINGS, "person", _DEEP, ("ear-deep",), 62),
)
# A person is on offer where the picture that most pieces need is in the pack.
LOOKS: dict[str, Look] = {
    look.id: look
    for look in (*PEOPLE, *SCENES)
    if look.sort == "scene" or available(look.templates[:1])
}


def looks_for(kind: Kind) -> tuple[Look, ...]:
    """The looks that suit this kind, people first."""
    suiting = (look for look in LOOKS.values() if kind in look.kinds)
    return tuple(sorted(suiting, key=lambda look: look.sort))
