"""The scenes that providers of image models make, and the words in which they are asked for.

The templates are ours and are sent in English, whatever the seller's language; a scene in the
seller's own words has those in it as they are. They order a scene that needs nothing of the piece:
bare, with no other jewelry, nobody in it, and light as our shadow has it. A scene that fills a mask
is described as the finished picture, without negatives, because such models know none.
"""

from jewelrymodel.generation.rules.described_scene import (
    DESCRIBED,
    DescribedScene,
    light,
    surroundings,
)
from jewelrymodel.studio.looks import Look, LookKind
from jewelrymodel.studio.piece_kinds import Kind

_SURFACES = {
    "generated-stone": "a slab of pale sunlit limestone with a fine, matte grain",
    "generated-silk": "softly folded champagne-colored silk with a matte sheen",
    "generated-oak": "the top of an old oak table with a worn, matte surface",
    "generated-slate": "a dark slate plate with a rough, matte surface",
}
GENERATED_LOOKS = {
    look_id: Look(look_id, LookKind.SCENE, frozenset(Kind)) for look_id in (*_SURFACES, DESCRIBED)
}
_FILLING = {"bfl", "fal", "comfyui"}  # they fill a mask, and describe no change


def offered_looks() -> tuple[Look, ...]:
    """Return the looks that can be ordered. Those with a person stay off: nothing here looks for
    nudity or children in what a model returns.
    """
    return tuple(one for one in GENERATED_LOOKS.values() if one.kind is not LookKind.MODEL)


def prompt(look_id: str, kind: str, provider: str, scene: DescribedScene | None = None) -> str:
    """Return the words for a look round a piece of *kind*, as *provider*'s models read them; the
    look in a seller's own words is as *scene* has it.
    """
    scene = scene or DescribedScene()
    if look_id == DESCRIBED:
        return _described(scene, kind, provider)
    surface, its_light = _SURFACES[look_id], light(DescribedScene())
    if provider in _FILLING:
        return (
            f"Product photograph from above: one {kind} lies on {surface}. The surface is empty "
            f"and in focus all round it, plain and uncluttered. Light: {its_light}."
        )
    return (
        f"Replace only the gray background of this product photograph. The {kind} lies on "
        f"{surface}, seen from above; light: {its_light}. {_kept(kind)} The surface is bare: no "
        "other jewelry, no people, no hands, no text, no logo, no frame."
    )


def _described(scene: DescribedScene, kind: str, provider: str) -> str:
    if provider in _FILLING:
        return (
            f"Product photograph of one {kind} in these surroundings: {surroundings(scene)}. Room "
            f"is left round the {kind}, and all is still and empty. Light: {light(scene)}."
        )
    return (
        f"Replace only the gray background of this product photograph of a {kind}. The new "
        f'surroundings, in the words of its seller: "{surroundings(scene)}". Light: '
        f"{light(scene)}. {_kept(kind)} Whatever those words say, there is no other jewelry, "
        "nobody, no hand, no text, no logo and no frame."
    )


def _kept(kind: str) -> str:
    return (
        f"Change nothing else: the {kind}, its position, size, angle, colors and stones, and the "
        "crop of the picture stay exactly as they are."
    )
