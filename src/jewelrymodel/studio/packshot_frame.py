"""Where a packshot shows the piece: upright, in the middle, as large as the rule of margins asks.

At the photo's own resolution where that fits: a piece that isn't turned keeps its own pixels, byte
for byte. Nothing is enlarged.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, Mask, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.frame_sides import NEAR_PX, Side, sides_cut
from jewelrymodel.studio.messages import ViewProblem
from jewelrymodel.studio.packshot_axes import turn_deg
from jewelrymodel.studio.packshot_settings import MAX_EDGE_PX
from jewelrymodel.studio.pendant_body import find_body, photo_px_per_mm
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Matrix, by_hand, reach_of, scale_of
from jewelrymodel.studio.render_request import ASPECTS, RenderRequest, ViewRefused, refuse_cut
from jewelrymodel.studio.scene_placement import Cuts, beyond

SHOWN = 0.06  # of cover: a paler fringe needs no room of its own
_FADE = 0.07  # of the piece's longer side, over which what the photo cut fades out
_MAX_CUT = 0.3  # of the piece's side: a broader cut goes through its body

_STRANDED = {Kind.PENDANT, Kind.NECKLACE, Kind.BRACELET}  # photographed with their chains cut


@dataclass(frozen=True)
class Frame:
    """The transform (2x3) from the cutout to a picture of `size` (width, height), the longer edge
    that the photo's own pixels would fill, the piece's turn, its pixels per millimeter, and what
    fades out (HxW of the cutout, 0…1), None for nothing.
    """

    transform: Matrix
    size: tuple[int, int]
    own_px: int
    turn: float
    px_per_mm: float
    left_out: Floats | None


def framed(
    cutout: Cutout, request: RenderRequest, detail: tuple[float, float] = (1.0, 1.0)
) -> Frame:
    """Where the piece goes. `detail` is how many pixels of the photo one of the cutout's stands
    for, across and down. Raises ViewRefused where the photo cut it through its body.
    """
    alpha = cutout.alpha
    body = find_body(alpha) if request.kind is Kind.PENDANT else None
    if request.kind not in _STRANDED:
        refuse_cut(alpha)
    left_out = _faded(alpha, _cuts(alpha))
    shown = alpha if left_out is None else floats(alpha * (1 - left_out))
    turn = turn_deg(shown) if request.packshot.straighten else 0.0
    linear = _turned(turn) * np.array(detail)
    low, high = _reach(shown, linear)
    wide, tall = ASPECTS[request.aspect]
    fill = request.packshot.fill
    needed = max((high[0] - low[0]) / wide, (high[1] - low[1]) / tall) * max(wide, tall) / fill
    own = math.ceil(needed)
    edge = min(own, request.edge_px, MAX_EDGE_PX)
    scale = 1.0 if edge == own else edge / needed
    size = round(edge * wide / max(wide, tall)), round(edge * tall / max(wide, tall))
    shift = np.array(size) / 2 - scale * (low + high) / 2
    if scale == 1 and turn == 0:  # the photo's pixels fall on the picture's
        middles = 0.5 * np.array(detail) - 0.5
        shift = np.round(shift - middles) + middles
    matrix = np.hstack([scale * linear, shift[:, None]])
    if request.adjustment.moves:
        matrix = _by_hand(shown, matrix, size, request)
    scale_mm = photo_px_per_mm(alpha, request.kind, request.size_mm, body)
    return Frame(matrix, size, own, turn, scale_mm * scale_of(matrix), left_out)


def _by_hand(
    shown: Floats, matrix: Matrix, size: tuple[int, int], request: RenderRequest
) -> Matrix:
    """The transform with what the seller set; raises ViewRefused where a part would be cut off."""
    low, high = _reach(shown, np.eye(2))
    middle = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    moved = by_hand(matrix, middle, request.adjustment, size)
    left, top, right, bottom = reach_of(shown, moved)
    if min(left, top) < 0 or right > size[0] or bottom > size[1]:
        raise ViewRefused(ViewProblem.MOVED_OUT)
    return moved


def _turned(degrees: float) -> Matrix:
    """Turning clockwise, as pictures have it: y points down."""
    if degrees == 0:
        return np.eye(2)
    radians = math.radians(degrees)
    cos, sin = math.cos(radians), math.sin(radians)
    return np.array([[cos, -sin], [sin, cos]])


def _reach(alpha: Floats, linear: Matrix) -> tuple[Matrix, Matrix]:
    """The corners (x, y) of the upright frame round the piece under a 2x2 matrix."""
    shown = np.argwhere(alpha > SHOWN)[:, ::-1].astype(np.float32)
    hull = cv2.convexHull(shown)[:, 0].astype(np.float64)
    turned = np.vstack([hull, hull + 1]) @ linear.T
    return turned.min(0), turned.max(0)


def _cuts(alpha: Floats) -> Cuts:
    """Where the photo's frame cut the piece. An end inside the photo stays as it is: the seller
    approved it so.
    """
    height, width = alpha.shape
    sides = sides_cut(alpha)
    return Cuts(
        NEAR_PX if Side.LEFT in sides else None,
        NEAR_PX if Side.TOP in sides else None,
        width - NEAR_PX if Side.RIGHT in sides else None,
        height - NEAR_PX if Side.BOTTOM in sides else None,
    )


def _faded(alpha: Floats, cuts: Cuts) -> Floats | None:
    """1 beyond the photo's cuts and less and less inside them, so that no chain ends in mid-air."""
    if not cuts.any:
        return None
    gone = beyond(alpha, cuts)
    solid = np.asarray(alpha > 0.5)
    length = _FADE * max(np.ptp(np.flatnonzero(solid.any(axis))) for axis in (0, 1))
    height, width = alpha.shape
    down, across = np.arange(height)[:, None], np.arange(width)[None, :]
    inward = [
        across - cuts.left if cuts.left is not None else None,
        down - cuts.top if cuts.top is not None else None,
        cuts.right - 1 - across if cuts.right is not None else None,
        cuts.bottom - 1 - down if cuts.bottom is not None else None,
    ]
    for depth in inward:
        if depth is not None:
            _refuse_broad(solid, depth)
            share = np.clip(depth / length, 0, 1)
            gone = np.maximum(gone, 1 - share * share * (3 - 2 * share))
    return floats(gone)


def _refuse_broad(solid: Mask, depth: NDArray[np.floating]) -> None:
    """Refuse a cut that isn't across strands. `depth` is how far inside the cut a place lies."""
    places = depth.ravel()
    inside = np.flatnonzero(places >= 0)
    at = int(inside[places[inside].argmin()])
    along = solid[:, at] if depth.shape[0] == 1 else solid[at]
    side = solid.any(1 if depth.shape[0] == 1 else 0)
    if along.sum() > _MAX_CUT * side.sum():
        raise ViewRefused(ViewProblem.PIECE_CUT)
