"""One metal is never sold as another: recolored pieces fail in every look."""

from dataclasses import replace

import numpy as np
import pytest

from jewelrymodel.studio.arrays import Bytes, Floats, floats, lab, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import compared, expected, without
from jewelrymodel.studio.lighting import Light
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.model_templates import PACK, load_template
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.render import RenderRequest, render
from jewelrymodel.studio.skin_lighting import light_gains
from tests.support import pieces

EDGE = 420
METALS = {
    "yellow": (212, 175, 95),
    "rose": (205, 150, 125),
    "white": (215, 215, 212),
    "steel": (140, 146, 152),
    "green": (90, 160, 95),
}
DRAWN = {
    Kind.PENDANT: pieces.on_chain(500).cutout,
    Kind.RING: pieces.ring(),
    Kind.EARRING: pieces.hooked_pair(420),
}
EVERY = [
    (kind, look.id, True) for kind in DRAWN for look in LOOKS.values() if kind in look.piece_kinds
]
PLAIN = [
    (Kind.PENDANT, "neck-deep", False),
    (Kind.RING, "hand-tan", False),
    (Kind.EARRING, "ear-light", False),
    (Kind.RING, "velvet", False),
]


def in_metal(piece: Cutout, color: tuple[int, int, int], *, stone: bool) -> Cutout:
    edge = piece.rgba.shape[0]
    plain = pieces.of(piece.rgba[..., 3], pieces.metal(edge, color), piece.kind)
    if not stone:
        return plain
    gem = pieces.golden(piece).rgba[..., :3]
    red = gem[..., 0].astype(int) > 2 * gem[..., 1].astype(int)
    colors = np.where(red[..., None], gem, plain.rgba[..., :3])
    return pieces.of(piece.rgba[..., 3], np.asarray(colors, np.uint8), piece.kind)


def metal_of(piece: Bytes, declared: Declaration, size: tuple[int, int]) -> Floats:
    """The metal's own share of the light in the finished picture of `size`; stones have none."""
    kept = piece if declared.left_out is None else without(piece, declared.left_out)
    ours = kept.copy()
    stone = ours[..., 0].astype(int) > 2 * ours[..., 1].astype(int)
    ours[stone, :3] = 0
    metal_only = place(ours, declared.transform, size).lit(declared.light.gains)
    if declared.visible is not None:
        metal_only = metal_only.clipped(declared.visible)
    return metal_only.light


def on_white(image: Bytes) -> Bytes:
    """A transparent packshot as a shop's white page shows it; every other picture as it is."""
    if image.shape[2] == 3:
        return image
    share = image[..., 3:] / 255
    return to_bytes((image[..., :3] * share + 255 * (1 - share)) / 255)


def gains_between(one: tuple[int, int, int], other: tuple[int, int, int]) -> Floats:
    before, after = to_linear(np.array(one, np.uint8)), to_linear(np.array(other, np.uint8))
    return floats(after / before)


@pytest.mark.parametrize(("kind", "look_id", "stone"), [*EVERY, *PLAIN])
def test_another_metal_fails(kind: Kind, look_id: str, stone: bool) -> None:
    every_pair = stone and look_id in ("neck-light", "hand-light", "ear-light", "linen")
    for name in METALS if every_pair else ("yellow", "steel"):
        color = METALS[name]
        piece = in_metal(DRAWN[kind], color, stone=stone)
        made = render(piece, RenderRequest(kind, look_id, 20, EDGE))
        assert made.fidelity.passed, (name, made.fidelity)
        whole = to_linear(on_white(made.image))
        size = whole.shape[1], whole.shape[0]
        metal = metal_of(piece.rgba, made.declaration, size)
        blind = replace(made.declaration, behind=None, laid=None)  # the harder case
        wanted = expected(piece.rgba, blind, size)  # all are compared with the same
        assert wanted is not None
        for other, another in METALS.items():
            if other == name:
                continue
            gains = gains_between(color, another)
            sold = to_bytes(to_srgb(whole + metal * (gains - 1)))
            figures = compared(wanted, sold)
            assert not figures.passed, (name, other, figures)


@pytest.mark.parametrize(
    "template_id", sorted(folder.parent.name for folder in PACK.glob("*/template.json"))
)
def test_the_light_on_a_person_leaves_a_metal_its_name(template_id: str) -> None:
    light = Light(light_gains(load_template(template_id)))
    assert light.is_plausible
    colors = {name: np.array([[color]], np.uint8) for name, color in METALS.items()}
    lit = {n: lab(to_srgb(to_linear(c) * light.gains))[0, 0] for n, c in colors.items()}
    for name, seen in lit.items():
        apart = {n: float(np.linalg.norm(lab(c)[0, 0] - seen)) for n, c in colors.items()}
        assert min(apart, key=lambda n: apart[n]) == name
