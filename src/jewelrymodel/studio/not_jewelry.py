"""Hands, cards and boxes that a network takes for the piece, or for part of it.

Skin's color alone is no signal: gold has it too. Skin is smooth over wide places, which polished
metal with its highlights is not, and it comes into the photo from outside. Paper and card are
smooth as well, and end in straight edges; what lies on them leaves holes.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats, lab
from jewelrymodel.studio.frame_sides import sides_cut
from jewelrymodel.studio.piece_shapes import disc

_WORK_EDGE_PX = 500
_SKIN_EDGES, _PAPER_EDGES = 3.0, 1.5  # ΔE from pixel to pixel
_SKIN_SHARE = 0.5  # of the cutout
_PANEL_SHARE = 0.15  # of the cutout
_PANEL_HULL = 0.1  # of the photo


def shows_skin(rgb: Bytes, alpha: Floats) -> bool:
    """True where most of the cutout is a hand, or another part of a body, that comes in at the
    photo's edge.
    """
    if not sides_cut(alpha):
        return False
    colors, solid = _small(rgb, alpha)
    luma = cv2.cvtColor(colors, cv2.COLOR_RGB2YCrCb)
    red, blue = luma[..., 1], luma[..., 2]
    skin = (red > 135) & (red < 178) & (blue > 85) & (blue < 128)
    smooth = skin & (edge_strength(lab(colors)) < _SKIN_EDGES) & solid
    return float(_opened(smooth, 9).sum()) > _SKIN_SHARE * float(solid.sum())


def shows_card(rgb: Bytes, alpha: Floats) -> bool:
    """True where the cutout holds a smooth panel with straight edges and something on it: a card
    with earrings, a box. A panel that is the piece itself, as a plate's, has nothing on it.
    """
    colors, solid = _small(rgb, alpha)
    smooth = _opened((edge_strength(lab(colors)) < _PAPER_EDGES) & solid, 7)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(smooth.astype(np.uint8))
    large = np.flatnonzero(stats[:, 4] > _PANEL_SHARE * solid.sum())
    return any(_is_panel(np.asarray(labels == label)) for label in large if 0 < label < count)


def edge_strength(colors: Floats) -> Floats:
    """The change of color from pixel to pixel, in ΔE, of Lab colors (HxWx3)."""
    soft = blur(colors, 0.8)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1)))
    return floats(np.sqrt((across**2 + down**2).sum(2)))


def _is_panel(mask: Mask) -> bool:
    hull = cv2.convexHull(np.argwhere(mask)[:, ::-1].astype(np.int32))
    area = float(cv2.contourArea(hull))
    corners = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True)
    width, height = cv2.minAreaRect(hull)[1]
    return (
        area > _PANEL_HULL * mask.size
        and float(mask.sum()) < 0.8 * area
        and len(corners) <= 6
        and float(cv2.contourArea(corners)) > 0.93 * area
        and area > 0.8 * width * height
    )


def _small(rgb: Bytes, alpha: Floats) -> tuple[Bytes, Mask]:
    scale = min(1.0, _WORK_EDGE_PX / max(alpha.shape))
    size = (max(8, round(alpha.shape[1] * scale)), max(8, round(alpha.shape[0] * scale)))
    colors = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    cover = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    return np.asarray(colors, np.uint8), np.asarray(cover > 0.5)


def _opened(mask: Mask, edge: int) -> Mask:
    opened = cv2.morphologyEx(np.asarray(mask, np.uint8), cv2.MORPH_OPEN, disc(edge))
    return np.asarray(opened > 0)
