"""Whether a generated scene has a seam round the piece: the edge of the mask that it was sent.

What lies within the mask then differs from the scene beyond it by a step that goes all round. It is
looked for as an edge that one can't get through from the piece outward, as sharp as hardly any
other in the scene.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.scene_canvas import widened

REACH = 0.16  # of the piece's longer edge: how far from it a mask's edge may lie
OPEN = 0.3  # of the way round has to be free of the edge
_SOFT_PX = 1.2
_STEP = 1.6  # gray levels a pixel: less isn't seen
_RARE = 97.0  # percentile of the scene's own edges


def has_seam(scene: Bytes, covered: Mask, healed_px: int, reach_px: int) -> bool:
    """Whether an edge closes round what is `covered` (HxW) by the piece and healed so far round it,
    in a scene (HxWx3) where the piece's longer edge has `reach_px`.
    """
    inner = widened(covered, healed_px + 2)
    outer = widened(covered, max(healed_px + 8, round(REACH * reach_px)))
    beyond = ~outer
    if beyond.mean() < 0.05:
        return False
    steep = _steepness(scene)
    wall = steep > max(_STEP, float(np.percentile(steep[beyond], _RARE)))
    wall = cv2.morphologyEx(wall.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
    free = outside(inner) & outer & ~inner & ~wall
    _, labels = cv2.connectedComponents(free.astype(np.uint8), connectivity=4)
    start = np.unique(labels[widened(inner, 1) & free])
    came = np.isin(labels, start[start > 0])
    edge = widened(beyond, 1) & ~beyond & outside(inner)
    return bool(edge.any() and came[edge].mean() < OPEN)


def _steepness(scene: Bytes) -> Floats:
    soft = cv2.GaussianBlur(floats(scene), (0, 0), _SOFT_PX)
    slopes = [cv2.Sobel(soft, cv2.CV_32F, *one) / 8 for one in ((1, 0), (0, 1))]
    return floats(np.hypot(*slopes).max(2))


def outside(mask: Mask) -> Mask:
    """What isn't enclosed by the mask: its openings are no way outward."""
    framed = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    return np.asarray((labels == labels[0, 0])[1:-1, 1:-1])
