"""Bracelets that were laid flat: round the wrist by their own order, charms towards the hand."""

from functools import cache

import cv2
import numpy as np
import pytest

from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.bracelet_on_wrist import cuff_view
from jewelrymodel.studio.bracelet_strand import find_strand
from jewelrymodel.studio.composition import Adjustment
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.render import Rendered, RenderRequest, ViewRefused, render
from jewelrymodel.studio.ring_lighting import skin_of, worn_light
from jewelrymodel.studio.ring_on_hand import framed, limb_of
from jewelrymodel.studio.watch_on_wrist import open_watch
from jewelrymodel.studio.wrist_curve import curve_round, girth_mm
from tests.support import pieces

EDGE, PHOTO, LOOK = 480, 600, "wrist-light"
AROUND = np.linspace(0, 2 * np.pi, 200)


def drawn(
    turns: Floats, *, high: float = 230, thick: int = 26, knob: int = 0, charm: bool = False
) -> Cutout:
    """A wire that lies along a part of an ellipse, 460 pixels wide and `high` to either side; with
    knobs at its ends, or with a charm at its lowest point.
    """
    mask = np.zeros((PHOTO, PHOTO), np.uint8)
    course = np.column_stack([300 + 230 * np.cos(turns), 290 + high * np.sin(turns)])
    cv2.polylines(mask, [course.astype(np.int32)], isClosed=False, color=255, thickness=thick)
    for end in course[[0, -1]] if knob else ():
        cv2.circle(mask, (int(end[0]), int(end[1])), knob, 255, -1)
    if charm:
        cv2.line(mask, (300, 520), (300, 552), 255, 4)
        cv2.circle(mask, (300, 570), 24, 255, -1)
    return pieces.of(mask, pieces.metal(PHOTO), Kind.BRACELET)


def worn(piece: Cutout, adjustment: Adjustment | None = None) -> Rendered:
    by = adjustment or Adjustment()
    return render(piece, RenderRequest(Kind.BRACELET, LOOK, 60, EDGE, adjustment=by))


@cache
def loop() -> Rendered:
    return worn(drawn(AROUND))


def test_a_flat_loop_is_laid_round_the_wrist_and_said_to_be() -> None:
    made = loop()
    assert made.fidelity.passed, made.fidelity
    assert made.declaration.bend is not None
    told = {one.code: one.parameters for one in made.alterations}
    assert Alteration.STRAND_ROUND_WRIST in told
    assert 40 <= int(told[Alteration.WRIST_HIDDEN]["percent"]) <= 60


def test_it_lies_across_the_arm_and_no_wider_than_a_bracelet() -> None:
    declared = loop().declaration
    assert declared.visible is not None
    shown = declared.placed(drawn(AROUND).rgba, (EDGE, EDGE)).cover * declared.visible > 0.5
    template = load_template(LOOK)
    limb = limb_of(template.anchors)
    view = framed(template, limb, 165, RenderRequest(Kind.BRACELET, LOOK, 60, EDGE))
    axis = np.array(limb["axis_px"])
    at = np.argwhere(shown)[:, ::-1] - view.points(limb["seat_px"])
    unit = float(limb["px_per_mm"]) * view.zoom
    across, along = at @ [axis[1], -axis[0]] / unit, at @ axis / unit
    assert np.ptp(across) == pytest.approx(float(limb["width_mm"]) + 8, abs=5)
    assert -22 < along.min() < along.max() < 25


@pytest.mark.parametrize("outer_to_hand", [True, False])
def test_the_way_round_is_as_long_as_the_ellipse(outer_to_hand: bool) -> None:
    template = load_template(LOOK)
    limb = limb_of(template.anchors)
    view = framed(template, limb, 165, RenderRequest(Kind.BRACELET, LOOK, 60, EDGE))
    still = floats([0, 0])
    curve = curve_round(view, limb, lift_mm=0, size=1, outer_to_hand=outer_to_hand, moved_px=still)
    wide, high = float(limb["width_mm"]) + 1.0, float(limb["height_mm"]) + 1.0
    sides = np.hypot(wide / 2 * np.cos(AROUND), high / 2 * np.sin(AROUND))
    assert curve.girth_mm == pytest.approx(float(np.trapezoid(sides, AROUND)), rel=0.002)
    assert girth_mm(limb, 2) > curve.girth_mm > 2 * curve.front_mm * 0.9
    leftwards = curve.track.px[0, 0] > curve.track.px[-1, 0]
    assert leftwards != outer_to_hand


def test_knobs_of_a_cuff_lie_on_the_back_of_the_wrist() -> None:
    open_turns = np.linspace(0.8, 2 * np.pi - 0.8, 200)
    plain = find_strand(drawn(open_turns).alpha).strand
    knobs = find_strand(drawn(open_turns, knob=40).alpha).strand
    front, back = (one.line[int(one.middle)] for one in (knobs, plain))
    assert front[0] > 420 > 100 > back[0]
    made = worn(drawn(open_turns, knob=40))
    assert made.fidelity.passed, made.fidelity


def test_a_charm_is_told_from_a_link() -> None:
    hanging = find_strand(drawn(AROUND, charm=True).alpha)
    assert len(hanging.charms) == 1
    front = hanging.strand.line[round(hanging.charms[0].joint)]
    assert front == pytest.approx([300, 520], abs=12)
    assert not find_strand(drawn(AROUND).alpha).charms


def test_a_charm_keeps_its_form_and_hangs_towards_the_hand() -> None:
    piece = drawn(AROUND, charm=True)
    made = worn(piece)
    assert made.fidelity.passed, made.fidelity
    (charm,) = find_strand(piece.alpha).charms
    alone = piece.rgba.copy()
    alone[~charm.mask] = 0
    declared = made.declaration
    shown = np.argwhere(declared.placed(alone, (EDGE, EDGE)).cover > 0.5)[:, ::-1]
    strand = np.argwhere(loop().declaration.placed(drawn(AROUND).rgba, (EDGE, EDGE)).cover > 0.5)
    over = strand[np.abs(strand[:, 1] - shown[:, 0].mean()) < 8, 0].min()
    assert shown[:, 1].min() > over
    axis = np.array(limb_of(load_template(LOOK).anchors)["axis_px"])
    across = np.ptp(shown @ [axis[1], -axis[0]])
    assert 2 * 24 * 0.95 < across / np.sqrt(np.linalg.det(declared.transform[:, :2])) < 2 * 26


def test_a_cuff_at_a_slant_is_seen_from_its_nearer_half() -> None:
    half = drawn(np.linspace(-0.5, np.pi + 0.5, 120), high=110, thick=16)
    view = cuff_view(half.alpha > 0.5)
    assert view is not None
    assert view.facing == pytest.approx([0, -1], abs=0.1)
    assert view.ratio == pytest.approx(110 / 230, abs=0.12)
    assert cuff_view(drawn(np.linspace(1.2, 1.9, 50)).alpha > 0.5) is None


def test_what_would_leave_the_wrist_is_refused() -> None:
    for by in (Adjustment(turn_deg=20), Adjustment(right=0.2)):
        with pytest.raises(ViewRefused) as moved:
            worn(drawn(AROUND), by)
        assert moved.value.message.code is ViewProblem.MOVED_TOO_FAR


def watch() -> Cutout:
    """A round watch, its strap open and flat, the half with the holes longer than the other."""
    mask, rgb = np.zeros((PHOTO, PHOTO), np.uint8), pieces.metal(PHOTO, (70, 46, 36)).copy()
    cv2.rectangle(mask, (270, 20), (330, 570), 255, -1)
    cv2.circle(mask, (300, 250), 58, 255, -1)
    cv2.circle(rgb, (300, 250), 58, (200, 190, 170), -1)
    cv2.circle(rgb, (300, 250), 46, (24, 30, 60), -1)
    cv2.line(rgb, (300, 250), (300, 214), (240, 240, 240), 4)
    cv2.line(rgb, (300, 250), (326, 262), (240, 240, 240), 4)
    return pieces.of(mask, rgb, Kind.BRACELET)


def test_the_case_of_a_watch_stays_round_on_the_back_of_the_wrist() -> None:
    piece = watch()
    found = open_watch(piece.alpha)
    assert found is not None
    assert found.middle == pytest.approx([300, 250], abs=8)
    assert found.up == pytest.approx([0, -1], abs=0.05)
    made = worn(piece)
    assert made.fidelity.passed, made.fidelity
    face = piece.rgba.copy()
    face[..., 3] = np.where(piece.rgba[..., 2] < 90, face[..., 3], 0)
    face[np.hypot(*(np.mgrid[0:PHOTO, 0:PHOTO] - np.array([[[250]], [[300]]]))) > 46] = 0
    shown = np.argwhere(made.declaration.placed(face, (EDGE, EDGE)).cover > 0.5)[:, ::-1]
    template = load_template(LOOK)
    limb = limb_of(template.anchors)
    view = framed(template, limb, 165, RenderRequest(Kind.BRACELET, LOOK, 60, EDGE))
    assert shown.mean(0) == pytest.approx(view.points(limb["top_px"]), abs=0.05 * EDGE)
    wide, high = np.ptp(shown, axis=0)
    assert wide == pytest.approx(high, rel=0.1)


def test_a_plain_strand_is_no_watch() -> None:
    assert open_watch(drawn(AROUND).alpha) is None
    assert open_watch(drawn(np.linspace(0.8, 5.4, 200), knob=40).alpha) is None
    bar = watch()
    bar.rgba[:, :270] = bar.rgba[:, 331:] = 0
    assert open_watch(floats(bar.rgba[..., 3] / 255)) is None


def test_what_runs_behind_the_wrist_is_in_its_shade() -> None:
    template = load_template(LOOK)
    limb = limb_of(template.anchors)
    view = framed(template, limb, 165, RenderRequest(Kind.BRACELET, LOOK, 60, EDGE))
    nothing = Layer(np.zeros((EDGE, EDGE, 3), np.float32), np.zeros((EDGE, EDGE), np.float32))
    skin, seat = skin_of(view), view.points(limb["seat_px"])
    plain = worn_light(view, limb, nothing, skin).gains
    shaded = worn_light(view, limb, nothing, skin, seat).gains
    axis = np.array(limb["axis_px"])
    half = float(limb["width_px"]) * view.zoom / 2 + 8
    share = (shaded / plain).max(-1)
    beside = seat - half * np.array([axis[1], -axis[0]])  # the other side is before the hand
    behind, before = (beside + along * axis for along in (45, -45))
    assert share[int(behind[1]), int(behind[0])] < 0.95
    assert share[int(before[1]), int(before[0])] == 1
    assert share[int(seat[1]) + 40, int(seat[0])] == 1  # on the wrist's own skin nothing changes
