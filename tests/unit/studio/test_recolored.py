"""One metal is never sold as another: recolored pieces fail in every look."""

from typing import Any

import numpy as np
import pytest

from jewelrymodel.studio import earring_on_ear, pendant_on_neck, ring_on_hand, scenes
from jewelrymodel.studio.arrays import Bytes, Floats, floats, lab, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.fidelity import Fidelity, measure, without
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


def recolored(piece: Bytes, image: Bytes, call: dict[str, Any], metal: Floats) -> Bytes:
    """The finished picture with the metal's channels under gains of their own; stones stay."""
    kept = piece if call["left_out"] is None else without(piece, call["left_out"])
    ours = kept.copy()
    stone = ours[..., 0].astype(int) > 2 * ours[..., 1].astype(int)
    size = (image.shape[1], image.shape[0])
    ours[stone, :3] = 0
    metal_only = place(ours, call["transform"], size).lit(call["light"].gains)
    if call["visible"] is not None:
        metal_only = metal_only.clipped(call["visible"])
    return to_bytes(to_srgb(to_linear(image) + metal_only.light * (metal - 1)))


def gains_between(one: tuple[int, int, int], other: tuple[int, int, int]) -> Floats:
    before, after = to_linear(np.array(one, np.uint8)), to_linear(np.array(other, np.uint8))
    return floats(after / before)


@pytest.mark.parametrize(("kind", "look_id", "stone"), [*EVERY, *PLAIN])
def test_another_metal_fails(
    kind: Kind, look_id: str, stone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    call: dict[str, Any] = {}

    def noted(
        approved: Bytes, image: Bytes, transform: Any, light: Light, **masks: Any
    ) -> Fidelity:
        call.update(transform=transform, light=light, left_out=None, visible=None)
        call.update(masks)
        return measure(approved, image, transform, light, **masks)

    for module in (earring_on_ear, pendant_on_neck, ring_on_hand, scenes):
        monkeypatch.setattr(module, "measure", noted)
    every_pair = stone and look_id in ("neck-light", "hand-light", "ear-light", "linen")
    for name in METALS if every_pair else ("yellow", "steel"):
        color = METALS[name]
        piece = in_metal(DRAWN[kind], color, stone=stone)
        made = render(piece, RenderRequest(kind, look_id, 20, EDGE))
        assert made.fidelity.passed, (name, made.fidelity)
        for other, another in METALS.items():
            if other == name:
                continue
            sold = recolored(piece.rgba, made.image, call, gains_between(color, another))
            masks = {mask: call[mask] for mask in ("left_out", "visible")}
            figures = measure(piece.rgba, sold, call["transform"], call["light"], **masks)
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
