"""Doubts drawn as edges to lay over the photo: readable for eyes that tell few colors."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Mask, grown
from jewelrymodel.studio.cutout_doubts import Doubts

# Blue and vermilion are told apart with every common color blindness (Okabe and Ito, 2008).
MISSING_RGB = (0, 114, 178)
EXTRA_RGB = (213, 94, 0)
_HALO_RGB = (255, 255, 255)
_WIDTH = 1 / 350  # of the photo's longer edge
_DASH = 5  # times the width


def drawn(doubts: Doubts) -> Bytes | None:
    """Solid edges round what may be missing and dashed ones round what may not belong, each with
    a light halo (HxWx4, straight alpha); None where there is nothing to draw.
    """
    if not doubts.any:
        return None
    shape = doubts.missing.shape
    width = max(2, round(_WIDTH * max(shape)))
    overlay = np.zeros((*shape, 4), np.uint8)
    missing, extra = _outlines(doubts.missing, width), _outlines(doubts.extra, width)
    dashes = [dash for line in extra for dash in _dashes(line, _DASH * width)]
    for lines, color, thick in (
        ([*missing, *dashes], _HALO_RGB, 2 * width + 1),
        (missing, MISSING_RGB, width),
        (dashes, EXTRA_RGB, width),
    ):
        for line in lines:
            cv2.polylines(overlay, [line], isClosed=False, color=(*color, 255), thickness=thick)
    return overlay


def _outlines(mask: Mask, width: int) -> list[np.ndarray]:
    """The closed outlines, a little outside of what they mark, as Nx1x2 points."""
    apart = grown(mask, 4 * width + 1).astype(np.uint8)
    lines, _ = cv2.findContours(apart, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [np.concatenate([line, line[:1]]) for line in lines]


def _dashes(line: np.ndarray, length: int) -> list[np.ndarray]:
    return [line[at : at + length] for at in range(0, len(line), 2 * length)]
