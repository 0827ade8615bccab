"""How true a cutout's edge is: its alpha beside the true outline, and what that looks like when the
piece lies on another ground.

Only where the cutout has its edge near the true one: what is wrong more deeply is counted by
`tests.support.cutout_truth`, and would hide an edge's own fault here.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown, shrunk
from jewelrymodel.studio.edge_colors import foreground_colors
from tests.support.drawn_photos import Photo

_REACH_PX = 4  # from the true outline
_DEEPLY_PX = 9  # of a square: an error wider than half of it is no edge's
_ROOM_PX = 25
_COLORED = 0.98  # from this alpha on the service keeps the photo's own color
NAVY, WHITE = (26 / 255, 43 / 255, 70 / 255), (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class EdgeFigures:
    """`cover` is the mean error of alpha near the true outline, 0 to 1, and `lean` the same with
    its sign: above 0 the cutout is too wide. `on_navy` and `on_white` are mean differences of color
    there, of 255, between the piece laid on these grounds by the cutout and by the truth.
    """

    cover: float
    lean: float
    on_navy: float
    on_white: float


def edge_figures(alpha: Floats, photo: Photo) -> EdgeFigures | None:
    """Measure the edge of a cutout's alpha; None where no part of it is near the true one."""
    window = _window(np.maximum(alpha, photo.alpha))
    rgb, truth, cover = floats(photo.rgb[window] / 255), photo.alpha[window], alpha[window]
    near = _near_outline(truth) & ~_deeply_wrong(cover, truth)
    if not near.any():
        return None
    wrong = (cover - truth)[near]
    colors, true_colors = _colors(rgb, cover), _colors(rgb, truth)
    on = [
        float(np.abs(_laid(colors, cover, one) - _laid(true_colors, truth, one))[near].mean() * 255)
        for one in (NAVY, WHITE)
    ]
    return EdgeFigures(float(np.abs(wrong).mean()), float(wrong.mean()), *on)


def _window(cover: Floats) -> tuple[slice, slice]:
    rows, columns = (np.flatnonzero((cover > 0.02).any(axis)) for axis in (1, 0))
    top, left = max(0, int(rows[0]) - _ROOM_PX), max(0, int(columns[0]) - _ROOM_PX)
    return slice(top, int(rows[-1]) + _ROOM_PX), slice(left, int(columns[-1]) + _ROOM_PX)


def _near_outline(truth: Floats) -> Mask:
    solid = np.asarray(truth > 0.5)
    outline = ((truth > 0.03) & (truth < 0.97)) | (solid & ~shrunk(solid, 3))
    edge_px = 2 * _REACH_PX + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge_px, edge_px))
    return np.asarray(cv2.dilate(outline.astype(np.uint8), disc) > 0)


def _deeply_wrong(cover: Floats, truth: Floats) -> Mask:
    inner = shrunk(np.asarray(truth > 0.97), _DEEPLY_PX)
    outer = ~grown(np.asarray(truth > 0.03), _DEEPLY_PX)
    return grown(np.asarray((inner & (cover < 0.5)) | (outer & (cover > 0.5))), _ROOM_PX)


def _colors(rgb: Floats, cover: Floats) -> Floats:
    """The piece's colors as the service keeps them."""
    return floats(np.where(cover[..., None] > _COLORED, rgb, foreground_colors(rgb, cover)))


def _laid(colors: Floats, cover: Floats, ground: tuple[float, float, float]) -> Floats:
    share = cover[..., None]
    return floats(colors * share + (1 - share) * np.array(ground, np.float32))


def as_photo(rgb: Bytes, alpha: Floats) -> Photo:
    """A photo with this truth, without strands."""
    return Photo("", "", "", rgb, alpha, np.zeros((0, 2), np.int32))
