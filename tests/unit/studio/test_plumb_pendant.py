"""Pendants that hang aslant or lie sideways in their photo are turned plumb on their own chain."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.neck_curves import curve_of
from jewelrymodel.studio.pendant_body import find_body
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.plumb_pendant import find_plumb_body
from jewelrymodel.studio.render import Rendered, RenderRequest, render
from tests.support import pieces

EDGE = 500


def turned(degrees: float) -> Cutout:
    """A stone on its chain, photographed by a camera that was turned."""
    rgba = pieces.on_chain().cutout.rgba
    matrix = cv2.getRotationMatrix2D((450, 620), degrees, 1)
    whole = cv2.warpAffine(rgba, matrix, rgba.shape[1::-1], flags=cv2.INTER_LINEAR)
    alpha = np.asarray(whole[..., 3], np.uint8)
    return pieces.of(alpha, np.asarray(whole[..., :3], np.uint8), Kind.PENDANT)


def worn(piece: Cutout, size_mm: float = 20) -> Rendered:
    return render(piece, RenderRequest(Kind.PENDANT, "neck-light", size_mm, EDGE))


@pytest.mark.parametrize("degrees", [30, -50, 80])
def test_a_piece_on_its_chain_is_turned_plumb(degrees: float) -> None:
    piece = turned(degrees)
    plumb = find_plumb_body(piece.alpha)
    assert plumb.body.unclear is None
    assert len(plumb.body.strands) == 2
    assert abs(plumb.turn_deg - degrees) < 5
    upright = find_plumb_body(pieces.on_chain().cutout.alpha)
    assert upright.turn_deg == 0
    assert abs(plumb.height_px - upright.height_px) < 0.06 * upright.height_px
    made = worn(piece)
    assert made.fidelity.passed, made.fidelity
    assert {Alteration.OWN_CHAIN_LAID, Alteration.TURNED} <= {one.code for one in made.alterations}
    rows, columns = np.nonzero(plumb.body.mask * piece.alpha > 0.5)
    hang = made.declaration.transform @ np.array([*plumb.body.hang, 1.0])
    middle = made.declaration.transform @ np.array([columns.mean(), rows.mean(), 1.0])
    assert abs(middle[0] - hang[0]) < 0.1 * abs(middle[1] - hang[1])


def leaning(degrees: float) -> Cutout:
    """A stone that swings aside below its chain, which comes from straight above."""
    truth = pieces.on_chain()
    alpha, rows = truth.cutout.rgba[..., 3].copy(), np.flatnonzero(truth.body.any(1))
    body = np.where(truth.body, alpha, 0).astype(np.uint8)
    matrix = cv2.getRotationMatrix2D((450, int(rows[0])), degrees, 1)
    swung = cv2.warpAffine(body, matrix, alpha.shape[::-1], flags=cv2.INTER_LINEAR)
    mask = np.maximum(np.where(truth.body, 0, alpha), swung).astype(np.uint8)
    mask[-20:, :20] = 8  # a breath of the backdrop, which is no part of the piece
    return pieces.of(mask, pieces.metal(900).copy(), Kind.PENDANT)


@pytest.mark.parametrize("degrees", [32, -32])
def test_a_piece_that_swings_aside_hangs_straight_below_its_chain(degrees: float) -> None:
    plumb = find_plumb_body(leaning(degrees).alpha)
    assert plumb.body.unclear is None
    assert len(plumb.body.strands) == 2
    assert abs(plumb.turn_deg - degrees) < 8
    upright = find_plumb_body(pieces.on_chain().cutout.alpha)
    assert abs(plumb.height_px - upright.height_px) < 0.08 * upright.height_px


def test_a_piece_that_was_turned_by_its_joints_is_true_to_its_cutout() -> None:
    assert worn(leaning(32)).fidelity.passed


def test_a_piece_that_lies_across_its_chain_is_not_worn() -> None:
    assert find_plumb_body(leaning(70).alpha).body.unclear is not None


def ringed(*, chain: bool) -> Cutout:
    """A triangle in a ring of even width under a bail; or the same with a chain for a bail."""
    mask = np.zeros((900, 900), np.uint8)
    cv2.circle(mask, (450, 560), 190, 255, 24, cv2.LINE_AA)
    triangle = np.array([(450, 350), (300, 640), (600, 640)], np.int32)
    cv2.fillPoly(mask, [triangle], 255)
    if chain:
        for side in (-1, 1):
            cv2.line(mask, (450, 350), (450 + side * 180, 120), 255, 12, cv2.LINE_AA)
    else:
        cv2.ellipse(mask, (450, 320), (20, 50), 0, 0, 360, 255, -1, cv2.LINE_AA)
    return pieces.golden(pieces.of(mask, pieces.facets(900), Kind.PENDANT))


def test_the_arcs_of_a_piece_under_its_bail_are_no_chain() -> None:
    body = find_body(ringed(chain=False).alpha)
    assert body.unclear is None
    assert not body.strands
    made = worn(ringed(chain=False), 40)
    assert made.fidelity.passed, made.fidelity
    assert Alteration.PLAIN_CHAIN_DRAWN in {one.code for one in made.alterations}


def test_a_smooth_chain_without_a_bail_is_never_taken_for_the_piece() -> None:
    body = find_body(ringed(chain=True).alpha)
    assert body.unclear is not None or body.strands


def test_a_long_pendant_hangs_on_a_shorter_chain() -> None:
    template = load_template("neck-light")
    lows = [float(curve_of(template, mm, pendant=True).px[:, 1].max()) for mm in (370, 400, 450)]
    assert lows == sorted(lows)
    long = np.zeros((900, 900), np.uint8)
    cv2.rectangle(long, (420, 120), (480, 860), 255, -1)
    cv2.circle(long, (450, 100), 24, 255, 8)
    piece = pieces.golden(pieces.of(long, pieces.facets(900), Kind.PENDANT))
    usual, shorter = worn(piece, 40), worn(piece, 55)
    assert shorter.fidelity.passed, shorter.fidelity
    lift = [one.declaration.transform @ np.array([450, 90, 1.0]) for one in (usual, shorter)]
    assert np.isfinite(floats(lift)).all()


def test_a_person_of_whom_one_curve_is_known_wears_every_length_on_it() -> None:
    template = load_template("neck-light")
    chains = [one for one in template.anchors["chains"] if not one["pendant"]][:1]
    own = replace(template, anchors={**template.anchors, "chains": chains})
    assert (curve_of(own, 380).px == curve_of(own, 500).px).all()
