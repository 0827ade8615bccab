"""A first outline, seconds before the cutout: enough to see that the right thing was found."""

from pathlib import Path

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.matting import MattingUnavailable, load_matting
from jewelrymodel.studio.matting_weights import U2NETP

EDGE_PX = 800  # of the longer edge: enough for a page
_RGB, _HALO_RGB = (158, 118, 42), (255, 255, 255)
_WIDTH_PX = 3
_LEAST = 0.002  # of the picture: less is a speck


def first_outline(rgb: Bytes, models_dir: Path) -> Bytes | None:
    """Where the small network sees the piece, as a line to lay over the photo (HxWx4, straight
    alpha, at most EDGE_PX); None where it isn't installed or sees nothing.
    """
    try:
        matting = load_matting(models_dir, U2NETP.name)
    except MattingUnavailable:
        return None
    scale = min(1.0, EDGE_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    seen = np.asarray(matting.alpha(np.asarray(small, np.uint8)) > 0.5).astype(np.uint8)
    lines, _ = cv2.findContours(seen, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    lines = [line for line in lines if cv2.contourArea(line) >= _LEAST * seen.size]
    if not lines:
        return None
    overlay = np.zeros((*seen.shape, 4), np.uint8)
    for color, width in ((_HALO_RGB, _WIDTH_PX + 4), (_RGB, _WIDTH_PX)):
        cv2.drawContours(overlay, lines, -1, (*color, 255), width, cv2.LINE_AA)
    return overlay
