"""Damage that is planted into a finished picture is found, whatever the look; nothing else is."""

from functools import cache

import numpy as np
import pytest

from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import RenderRequest, render
from tests.support.seeded_damage import DAMAGES, Scene, scene, unknown_behind
from tests.support.seeded_jewelry import drawn

EDGE = 480
ABSENT = {("missing strand", kind) for kind in Kind if kind is not Kind.PENDANT}
HIDDEN = {
    ("lost engraving", "hand-light"),
    ("filled opening", "hand-light"),
    ("duplicated stone", "neck-tan"),
}
"""Behind the finger, or without room on the pendant alone."""
SHOWN = [
    (Kind.RING, "hand-light"),
    (Kind.PENDANT, "neck-tan"),
    (Kind.EARRING, "ear-deep"),
    (Kind.BRACELET, "linen"),
    (Kind.PENDANT, "marble"),
]
ONLY_KNOWN = {"filled opening", "rag", "missing strand"}
"""What can be told only where the picture behind the piece is known (docs/image_check.md)."""


@cache
def shown(kind: Kind, look_id: str) -> Scene:
    piece = drawn(3, kind, EDGE)
    made = render(piece.cutout, RenderRequest(kind, look_id, piece.size_mm, EDGE))
    assert made.fidelity.passed, made.fidelity
    assert (made.fidelity.changed, made.fidelity.added) == (0, 0)
    return scene(piece, made.image, made.declaration)


@pytest.mark.parametrize(("kind", "look_id"), SHOWN)
@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_no_match(name: str, kind: Kind, look_id: str) -> None:
    view = shown(kind, look_id)
    image = DAMAGES[name](view, np.random.default_rng(5))
    if image is None:
        assert (name, kind) in ABSENT or (name, look_id) in HIDDEN
        return
    rgba = view.piece.cutout.rgba
    assert not measure(rgba, image, view.declared).passed
    if name not in {*ONLY_KNOWN, "lost prong"}:  # a small one is below what compressing changes
        assert not measure(rgba, image, unknown_behind(view.declared)).passed


@pytest.mark.parametrize(("kind", "look_id"), SHOWN)
def test_an_undamaged_picture_is_a_match_also_where_its_background_is_unknown(
    kind: Kind, look_id: str
) -> None:
    view = shown(kind, look_id)
    assert measure(view.piece.cutout.rgba, view.image, unknown_behind(view.declared)).passed
