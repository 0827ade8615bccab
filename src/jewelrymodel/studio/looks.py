"""The looks on offer: who or what the piece is shown with."""

from collections.abc import Callable
from dataclasses import dataclass

from jewelrymodel.studio.arrays import Floats
from jewelrymodel.studio.look_kinds import LookKind
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.model_templates import available
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.surfaces import linen, marble, paper, velvet

__all__ = [
    "LOOKS",
    "MODELS",
    "PACKSHOTS",
    "SCENES",
    "Look",
    "LookKind",
    "looks_for",
    "own_look",
]
Surface = Callable[[int, int, float, int], Floats]
ALL = frozenset(Kind)


@dataclass(frozen=True)
class Look:
    """One look. `piece_kinds` are the kinds of piece that it suits; `alterations` is what it adds
    of its own: a model.

    For packshots: `transparent` leaves out the white. For scenes: `surface` makes the surface; a
    glossy one mirrors the piece; `shade` is how deep its shadows are. For models: `templates` are
    the pictures to choose from, the indispensable one first, and `span_mm` how much of the model
    the picture's width shows; `mirrored` turns the person to the other side, and a pendant hangs
    on a chain of `chain_mm`, clasped (0: the usual one, or a shorter one for a long piece).
    """

    id: str
    kind: LookKind
    piece_kinds: frozenset[Kind]
    alterations: tuple[Alteration, ...] = ()
    templates: tuple[str, ...] = ()
    span_mm: float = 0
    mirrored: bool = False
    chain_mm: float = 0
    surface: Surface | None = None
    gloss: float = 0
    shade: float = 0.5
    transparent: bool = False


def _blush(height: int, width: int, _px_per_mm: float, seed: int) -> Floats:
    return paper(height, width, (0.9, 0.83, 0.79), seed)


PACKSHOTS = (
    Look("packshot", LookKind.PACKSHOT, ALL),
    Look("packshot-clear", LookKind.PACKSHOT, ALL, transparent=True),
)
SCENES = (
    Look("marble", LookKind.SCENE, ALL, surface=marble, gloss=0.3, shade=0.55),
    Look("velvet", LookKind.SCENE, ALL, surface=velvet, shade=0.85),
    Look("linen", LookKind.SCENE, ALL, surface=linen, shade=0.6),
    Look("sweep", LookKind.SCENE, ALL, surface=_blush, gloss=0.1, shade=0.42),
)

_HANGING = frozenset({Kind.PENDANT, Kind.NECKLACE})
_PENDANTS = frozenset({Kind.PENDANT})
_EARRINGS = frozenset({Kind.EARRING})
_LIGHT = (Alteration.MODEL_LIGHT,)
_TAN = (Alteration.MODEL_TAN,)
_DEEP = (Alteration.MODEL_DEEP,)
# The trade's chains for which the pictures of necks are tall enough (15 and 18 inches; matinee and
# opera aren't), and how much of the model shows with each.
CHAINS_MM = {"choker": (380.0, 190.0), "princess": (450.0, 200.0)}
_RINGS = frozenset({Kind.RING})
_BRACELETS = frozenset({Kind.BRACELET})
_HANDS = ("hand-light-55", "hand-light-35", "hand-light-15")
_TAN_HANDS = ("hand-tan-55", "hand-tan-35", "hand-tan-15")
_DEEP_HANDS = ("hand-deep-55", "hand-deep-35", "hand-deep-15")


def _on_chain(look_id: str, alterations: tuple[Alteration, ...], template: str) -> Look:
    """A pendant on a chain of a length that the trade has a name for: the name begins the id."""
    chain_mm, span_mm = CHAINS_MM[look_id.partition("-")[0]]
    return Look(
        look_id, LookKind.MODEL, _PENDANTS, alterations, (template,), span_mm, chain_mm=chain_mm
    )


MODELS = (
    Look("neck-light", LookKind.MODEL, _HANGING, _LIGHT, ("neck-light",), 150),
    Look("neck-tan", LookKind.MODEL, _HANGING, _TAN, ("neck-tan",), 150),
    Look("neck-deep", LookKind.MODEL, _HANGING, _DEEP, ("neck-deep",), 150),
    Look("bust-light", LookKind.MODEL, _HANGING, _LIGHT, ("neck-light",), 250),
    _on_chain("choker-light", _LIGHT, "neck-light"),
    _on_chain("choker-tan", _TAN, "neck-tan"),
    _on_chain("choker-deep", _DEEP, "neck-deep"),
    _on_chain("princess-light", _LIGHT, "neck-light"),
    _on_chain("princess-tan", _TAN, "neck-tan"),
    _on_chain("princess-deep", _DEEP, "neck-deep"),
    Look("hand-light", LookKind.MODEL, _RINGS, _LIGHT, _HANDS, 105),
    Look("hand-tan", LookKind.MODEL, _RINGS, _TAN, _TAN_HANDS, 105),
    Look("hand-deep", LookKind.MODEL, _RINGS, _DEEP, _DEEP_HANDS, 105),
    Look("wrist-light", LookKind.MODEL, _BRACELETS, _LIGHT, ("wrist-light",), 165),
    Look("wrist-tan", LookKind.MODEL, _BRACELETS, _TAN, ("wrist-tan",), 165),
    Look("wrist-deep", LookKind.MODEL, _BRACELETS, _DEEP, ("wrist-deep",), 165),
    Look("ear-light", LookKind.MODEL, _EARRINGS, _LIGHT, ("ear-light",), 62),
    Look("ear-tan", LookKind.MODEL, _EARRINGS, _TAN, ("ear-tan",), 62),
    Look("ear-deep", LookKind.MODEL, _EARRINGS, _DEEP, ("ear-deep",), 62),
    Look("ear-light-left", LookKind.MODEL, _EARRINGS, _LIGHT, ("ear-light",), 62, mirrored=True),
    Look("ear-tan-left", LookKind.MODEL, _EARRINGS, _TAN, ("ear-tan",), 62, mirrored=True),
    Look("ear-deep-left", LookKind.MODEL, _EARRINGS, _DEEP, ("ear-deep",), 62, mirrored=True),
)
# A model is on offer where the picture that most pieces need is in the pack.
LOOKS: dict[str, Look] = {
    look.id: look
    for look in (*PACKSHOTS, *MODELS, *SCENES)
    if look.kind is not LookKind.MODEL or available(look.templates[:1])
}
_ORDER = tuple(LookKind)


def looks_for(kind: Kind) -> tuple[Look, ...]:
    """The looks that suit this kind of piece: packshots first, then models."""
    suiting = (look for look in LOOKS.values() if kind in look.piece_kinds)
    return tuple(sorted(suiting, key=lambda look: _ORDER.index(look.kind)))


_OWN = {"hand": _RINGS, "ear": _EARRINGS, "neck": _HANGING, "wrist": _BRACELETS}
_OWN_SPANS_MM = {"hand": 105.0, "ear": 62.0, "neck": 150.0, "wrist": 165.0}  # as with ours
_LEAST_SPAN_PX = 1200  # fewer pixels of a photo would be enlarged so that it shows


def own_look(model_id: str, part: str, px_per_mm: float = 1.0) -> Look:
    """The look of a seller's own model, whose photo is a template with the same id: as near as our
    own people, but not nearer than its pixels allow.
    """
    kinds = _OWN.get(part, frozenset())
    span_mm = max(_OWN_SPANS_MM.get(part, 0.0), _LEAST_SPAN_PX / px_per_mm)
    return Look(model_id, LookKind.MODEL, kinds, (Alteration.OWN_MODEL,), (model_id,), span_mm)
