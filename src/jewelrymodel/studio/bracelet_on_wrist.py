"""A closed bracelet or bangle on the wrist of a virtual model, as it was photographed lying.

The photo shows it from above, at a slant or laid flat: the opening is an ellipse, its near side in
front. Turned so that the near side lies on the back of the wrist, its far side is behind it.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.bracelet_strand import has_charms, render_strand
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.kept_findings import kept
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.piece_kinds import largest_hole
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused, refuse_cut
from jewelrymodel.studio.ring_band import band_through
from jewelrymodel.studio.ring_on_hand import Wear, nearest_hand, worn_round
from jewelrymodel.studio.ring_view import (
    RingView,
    ellipse_of,
    largest_part,
    outer_edge,
    reach_beyond,
)
from jewelrymodel.studio.steps import OnStep, Step
from jewelrymodel.studio.watch_on_wrist import open_watch, render_watch

_OPEN, _FILLED = 0.45, 0.72  # of the piece's width; of the opening's ellipse
_LARGER = 1.08
_FLATTEST = 0.15  # the ellipse's height by its width
_ROUND = 0.8  # higher than that it was laid flat, its clasp at the top
_LAID = 0.62  # higher than that its strand is laid round the wrist, where one can be followed
_LEAST_EDGE = 40  # pixels
_CUFF_MISFIT, _COVERED = 0.035, 220  # of half its width; of 360 degrees
_WITHIN = 0.7  # of the opening: where its nearer half ends, there is nothing to cut through
_CUFF = (0.2, 0.8)  # its ellipse by its width
_CHARM, _BULGE = 0.015, 0.06  # of the piece, of its width: more hangs into it than a bead's bulge
_WRIST = Wear(
    snug=1.03, relief_mm=3.0, fitted=Alteration.WRIST_FITTED, hidden=Alteration.WRIST_HIDDEN,
    plain_behind=False,
)  # fmt: skip


def render_bracelet(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep
) -> Rendered:
    """The bracelet worn. Raises ViewRefused where the photo doesn't show it at a slant."""
    on_step(Step.CHOOSING_VIEW)
    refuse_cut(cutout.alpha)
    try:
        view = bracelet_view(cutout.rgba)
    except ViewRefused:
        return _worn_open(cutout, look, request, on_step)
    if view.ratio > _LAID and has_charms(cutout.alpha):  # turned, they would stand up
        return render_strand(cutout, look, request, on_step)
    if view.ratio > _LAID and view.head is None:
        try:
            return render_strand(cutout, look, request, on_step)
        except ViewRefused as refusal:
            if refusal.message.code is not ViewProblem.NOT_AT_A_SLANT:
                raise
    return _worn_rigid(cutout, look, request, on_step, view)


def _worn_open(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """One that isn't closed in its photo: a watch, a strand, or else a cuff that was photographed
    at a slant.
    """
    watch = open_watch(cutout.alpha)
    if watch is not None:
        return render_watch(cutout, look, request, on_step, watch)
    try:
        return render_strand(cutout, look, request, on_step)
    except ViewRefused:
        view = cuff_view(largest_part(cutout.alpha > 0.5))
        if view is None:
            raise
    return _worn_rigid(cutout, look, request, on_step, view)


def _worn_rigid(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep, view: RingView
) -> Rendered:
    try:
        seat = nearest_hand(look, view)
    except ViewRefused as refusal:
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT) from refusal
    return worn_round(cutout, look, request, on_step, view, seat, _WRIST)


@kept
def bracelet_view(rgba: Bytes) -> RingView:
    """How the photo (HxWx4) shows a closed bracelet. Raises ViewRefused where it doesn't."""
    parts = components_of(floats(rgba[..., 3] / 255))
    solid = np.asarray(rgba[..., 3] > 127)
    hole = largest_hole(solid) if len(parts) == 1 else None
    if hole is None or hole.sum() < 0.02 * solid.sum():
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT)
    outlines, _ = cv2.findContours(hole.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(max(outlines, key=len))[:, 0]
    center, minor, major, narrow = ellipse_of(floats(hull))
    if minor > _ROUND * major:
        narrow = floats([0, 1])
        major, minor = (float(np.ptp(hull[:, axis])) for axis in (0, 1))
    wide = floats([narrow[1], -narrow[0]])
    at = np.column_stack(np.nonzero(solid)[::-1]) @ np.asarray(wide, np.float64)
    filled = float(hole.sum()) / (np.pi / 4 * minor * major)
    if major < _OPEN * np.ptp(at) or filled < _FILLED or minor < _FLATTEST * major:
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT)
    near = _near_side(solid, center, narrow)
    thick = reach_beyond(solid, center, floats(near * narrow))
    within = cv2.fillConvexPoly(np.zeros(solid.shape, np.uint8), hull, 1) > 0
    charm = solid & within & _beyond(solid.shape, center, floats(near * narrow))
    bulge = np.ones((max(3, int(_BULGE * major)),) * 2, np.uint8)
    hangs = cv2.morphologyEx(charm.astype(np.uint8), cv2.MORPH_OPEN, bulge).sum()
    head = charm if hangs > _CHARM * solid.sum() else None
    facing = floats(-near * narrow)
    return RingView(center, major, min(1.0, minor / major), facing, thick, head)


@kept
def cuff_view(solid: Mask) -> RingView | None:
    """How the photo shows the nearer half of a cuff or an open bracelet (HxW), the rest of it open,
    hidden or cut away; None where its outer edge is no part of an ellipse at a slant.
    """
    edge = outer_edge(solid, np.zeros_like(solid))
    if len(edge) < _LEAST_EDGE:
        return None
    center, minor, major, narrow = ellipse_of(edge)
    wide = floats([narrow[1], -narrow[0]])
    at = (edge - center) @ np.column_stack([wide, narrow]) / (np.array([major, minor]) / 2)
    covered = 10 * len(np.unique(np.arctan2(at[:, 1], at[:, 0]) // np.radians(10)))
    facing = floats(-_near_side(solid, center, narrow) * narrow)
    band = band_through(edge[:: max(1, len(edge) // 150)], facing)
    if band.misfit > _CUFF_MISFIT or covered < _COVERED or not _CUFF[0] < band.ratio < _CUFF[1]:
        return None
    walls = [reach_beyond(solid, band.center, floats(sign * wide)) for sign in (1, -1)]
    across = 2 * band.across - sum(walls)
    rim = floats(band.center + band.along * band.length / 2 + wide * (walls[1] - walls[0]) / 2)
    thick = reach_beyond(solid, rim, floats(-band.along))
    steps = np.linspace(-_WITHIN, _WITHIN, int(across)) * across / 2
    columns, rows = (rim[:, None] + steps * wide[:, None]).round().astype(int)
    if solid[rows.clip(0, len(solid) - 1), columns.clip(0, solid.shape[1] - 1)].any():
        return None
    nearer = solid & _beyond(solid.shape, rim, floats(-band.along))
    return RingView(rim, across, band.ratio, band.along, thick, nearer)


def _beyond(shape: tuple[int, ...], center: Floats, way: Floats) -> Mask:
    """Which pixels of HxW lie in a direction from the opening's middle."""
    down, across = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    return np.asarray((across - center[0]) * way[0] + (down - center[1]) * way[1] > 0)


def _near_side(solid: Mask, center: Floats, narrow: Floats) -> int:
    """The side of the minor axis that is nearer to the camera: it looks larger, or else is lower
    in the photo.
    """
    at = (np.column_stack(np.nonzero(solid)[::-1]) - center) @ np.asarray(narrow, np.float64)
    one, other = int((at > 0).sum()), int((at < 0).sum())
    if max(one, other) > _LARGER * min(one, other):
        return 1 if one > other else -1
    return 1 if narrow[1] > 0 else -1
