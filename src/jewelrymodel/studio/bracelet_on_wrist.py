"""A closed bracelet or bangle on the wrist of a virtual model, as it was photographed lying.

The photo shows it from above, at a slant or laid flat: the opening is an ellipse, its near side in
front. Turned so that the near side lies on the back of the wrist, its far side is behind it.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, ViewProblem
from jewelrymodel.studio.piece_kinds import largest_hole
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused, refuse_cut
from jewelrymodel.studio.ring_on_hand import Wear, nearest_hand, worn_round
from jewelrymodel.studio.ring_view import RingView, ellipse_of, reach_beyond
from jewelrymodel.studio.steps import OnStep, Step

_OPEN, _FILLED = 0.45, 0.72  # of the piece's width; of the opening's ellipse
_LARGER = 1.08
_FLATTEST = 0.15  # the ellipse's height by its width
_ROUND = 0.8  # higher than that it was laid flat, its clasp at the top
_WRIST = Wear(
    snug=1.1, relief_mm=3.0, fitted=Alteration.WRIST_FITTED, hidden=Alteration.WRIST_HIDDEN
)


def render_bracelet(
    cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep
) -> Rendered:
    """The bracelet worn. Raises ViewRefused where the photo doesn't show it at a slant."""
    on_step(Step.CHOOSING_VIEW)
    refuse_cut(cutout.alpha)
    view = bracelet_view(cutout.rgba)
    try:
        seat = nearest_hand(look, view)
    except ViewRefused as refusal:
        raise ViewRefused(ViewProblem.NOT_AT_A_SLANT) from refusal
    return worn_round(cutout, look, request, on_step, view, seat, _WRIST)


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
    return RingView(center, major, min(1.0, minor / major), floats(-near * narrow), thick)


def _near_side(solid: Mask, center: Floats, narrow: Floats) -> int:
    """The side of the minor axis that is nearer to the camera: it looks larger, or else is lower
    in the photo.
    """
    at = (np.column_stack(np.nonzero(solid)[::-1]) - center) @ np.asarray(narrow, np.float64)
    one, other = int((at > 0).sum()), int((at < 0).sum())
    if max(one, other) > _LARGER * min(one, other):
        return 1 if one > other else -1
    return 1 if narrow[1] > 0 else -1
