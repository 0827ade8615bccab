"""A ring worn is where the same ring, cast as a solid onto the finger, is."""

import dataclasses

import numpy as np
import pytest

from jewelrymodel.studio import ring_on_hand
from jewelrymodel.studio.looks import LOOKS, Look
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.render import RenderRequest, ViewRefused, render
from tests.support.drawn_rings import SolidRing, photographed, turned, worn_like

EDGE = 480
PLAIN, HEADED = SolidRing(breadth=5), SolidRing(head=(4, 4, 2.6))


@pytest.mark.parametrize("look_id", ["hand-light", "hand-tan", "hand-deep"])
@pytest.mark.parametrize(("ring", "tilt_deg"), [(PLAIN, 30), (HEADED, 35), (HEADED, 60)])
def test_a_ring_is_worn_as_the_same_solid_would_be(
    look_id: str, ring: SolidRing, tilt_deg: float
) -> None:
    piece = photographed(ring, turned(tilt_deg, 40), 400)
    made = render(piece, RenderRequest(Kind.RING, look_id, ring.inner, EDGE))
    assert made.fidelity.passed, made.fidelity
    declared = made.declaration
    assert declared.visible is not None
    shown = place(piece.rgba, declared.transform, (EDGE, EDGE)).clipped(declared.visible).cover
    truth = worn_like(ring, piece, look_id, EDGE)
    both, either = (shown > 0.5) & (truth > 0.5), (shown > 0.5) | (truth > 0.5)
    assert both.sum() / either.sum() > 0.6


def test_what_a_finger_hides_is_said() -> None:
    piece = photographed(HEADED, turned(35, 0), 400)
    made = render(piece, RenderRequest(Kind.RING, "hand-light", 17, EDGE))
    assert Alteration.BAND_HIDDEN in {one.code for one in made.alterations}


def test_a_hand_that_is_seen_from_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    steep: Look = dataclasses.replace(LOOKS["hand-light"], templates=("hand-light-55",))
    monkeypatch.setitem(LOOKS, "hand-light", steep)
    with pytest.raises(ViewRefused) as caught:
        render(
            photographed(PLAIN, turned(8, 0), 400),
            RenderRequest(Kind.RING, "hand-light", 17, EDGE),
        )
    assert caught.value.message.code is ViewProblem.VIEW_TOO_FAR
    assert ring_on_hand.MAX_LEAN_DEG < 55 - 8


def test_a_plain_band_may_be_hidden_by_more_than_half() -> None:
    piece = photographed(PLAIN, turned(50, 0), 400)
    made = render(piece, RenderRequest(Kind.RING, "hand-light", 17, EDGE))
    assert made.fidelity.passed
    assert np.asarray(made.image).shape == (EDGE, EDGE, 3)
