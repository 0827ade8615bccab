"""A closed bracelet is worn with its near side on the back of the wrist, however it was laid."""

import dataclasses

import numpy as np
import pytest

from jewelrymodel.studio.bracelet_on_wrist import bracelet_view
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render
from jewelrymodel.studio.ring_on_hand import framed, limb_of
from tests.support import pieces
from tests.support.drawn_rings import SolidRing, photographed, turned, worn

EDGE = 480
BANGLE = SolidRing(inner=20, wall=1.2, breadth=2.5)  # a third of its size: the frame is 30 mm


def bangle(tilt_deg: float, roll_deg: float = 180.0) -> Cutout:
    """As it lies: the camera above, the near side below the opening."""
    made = photographed(BANGLE, turned(tilt_deg, roll_deg), 400)
    return dataclasses.replace(made, kind=Kind.BRACELET)


@pytest.mark.parametrize(
    ("tilt_deg", "look_id"),
    [(20, "wrist-light"), (30, "wrist-tan"), (45, "wrist-deep"), (80, "wrist-light")],
)
def test_it_goes_round_the_wrist_as_the_same_solid_would(tilt_deg: float, look_id: str) -> None:
    piece = bangle(tilt_deg)
    request = RenderRequest(Kind.BRACELET, look_id, 60, EDGE)
    made = render(piece, request)
    assert made.fidelity.passed, made.fidelity
    codes = {one.code for one in made.alterations}
    assert {Alteration.WRIST_FITTED, Alteration.WRIST_HIDDEN} <= codes
    declared = made.declaration
    assert declared.visible is not None
    shown = declared.placed(piece.rgba, (EDGE, EDGE)).cover * declared.visible > 0.5
    template = load_template(look_id)
    view = framed(template, limb_of(template.anchors), LOOKS[look_id].span_mm, request)
    truth = worn(BANGLE, view, 1.1) > 0.5
    off = np.argwhere(shown).mean(0) - np.argwhere(truth).mean(0)
    assert abs(off[1]) < 0.02 * EDGE
    assert abs(off[0]) < 0.06 * EDGE  # one that was laid flat leans, and hangs a little


def test_the_near_side_is_the_larger_one() -> None:
    view = bracelet_view(bangle(30, roll_deg=180).rgba)
    assert view.facing == pytest.approx([0, -1], abs=0.1)
    assert view.ratio == pytest.approx(0.4, abs=0.12)


def test_what_is_not_closed_is_refused() -> None:
    stone = pieces.pendant(chain=False)
    with pytest.raises(ViewRefused) as nothing:
        bracelet_view(stone.rgba)
    assert nothing.value.message.code is ViewProblem.NOT_AT_A_SLANT
    edge_on = bangle(1)
    with pytest.raises(ViewRefused) as flat:
        bracelet_view(edge_on.rgba)
    assert flat.value.message.code is ViewProblem.NOT_AT_A_SLANT
