"""Uses of the network's answers that weren't kept; docs/cutouts.md has the figures."""

from collections.abc import Callable

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.matte_refinement import closer_box, two_passes
from jewelrymodel.studio.matting import Matting

Use = Callable[[Bytes, Matting], Floats]
_TILE, _STEP = 0.56, 0.44  # of the piece's frame
_DARKER = 2.2  # the power of each channel, 0 to 1


def both(rgb: Bytes, matting: Matting) -> tuple[Floats, Floats]:
    """The whole frame's answer, and the same with the closer one where it was looked closer."""
    first = floats(matting.alpha(rgb))
    box, second = closer_box(first), first.copy()
    if box is not None:
        x0, y0, x1, y1 = box
        second[y0:y1, x0:x1] = matting.alpha(np.ascontiguousarray(rgb[y0:y1, x0:x1]))
    return first, second


def _stretched(alpha: Floats) -> Floats:
    return floats(np.clip((alpha - 0.05) / 0.88, 0, 1))


def _mean(rgb: Bytes, matting: Matting) -> Floats:
    first, second = both(rgb, matting)
    return _stretched(floats((first + second) / 2))


def _minimum(rgb: Bytes, matting: Matting) -> Floats:
    return _stretched(floats(np.minimum(*both(rgb, matting))))


def _where_unsure(rgb: Bytes, matting: Matting) -> Floats:
    first, second = both(rgb, matting)
    unsure = grown(np.asarray((first > 0.05) & (first < 0.95)), 2)
    return _stretched(floats(np.where(unsure, np.maximum(second, 0.9 * first), first)))


def _thin_additions(rgb: Bytes, matting: Matting) -> Floats:
    """Additions of the closer look that are thicker than 1 % of the piece are left out."""
    first, second = both(rgb, matting)
    box = closer_box(first)
    size = max(box[2] - box[0], box[3] - box[1]) if box else 1
    added: Mask = np.asarray((second > 0.4) & (first < 0.4))
    depth = cv2.distanceTransform(added.astype(np.uint8), cv2.DIST_L2, 3)
    count, labels = cv2.connectedComponents(added.astype(np.uint8))
    deepest = np.zeros(count)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    thick = grown(np.asarray((deepest > 0.005 * size)[labels] & added), 4)
    return _stretched(floats(np.where(thick, first, np.maximum(second, 0.9 * first))))


def _small_additions(rgb: Bytes, matting: Matting) -> Floats:
    """The rule of the service with a limit of 2 % instead of 5 %."""
    first, second = both(rgb, matting)
    added = float(np.maximum(second - first, 0)[first < 0.3].sum()) / max(1.0, float(first.sum()))
    return _stretched(first if added > 0.02 else floats(np.maximum(second, 0.9 * first)))


def _closer_edge(rgb: Bytes, matting: Matting) -> Floats:
    """The outline of the closer look where both differ by less than four pixels."""
    first, second = both(rgb, matting)
    merged = floats(np.maximum(second, 0.9 * first))
    near, wide, kernel = (
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge)) for edge in (9, 17, 7)
    )
    inside = (second > 0.5).astype(np.uint8)
    differ = ((merged > 0.5) != (second > 0.5)).astype(np.uint8)
    deeply = cv2.dilate(cv2.morphologyEx(differ, cv2.MORPH_OPEN, kernel), wide) > 0
    band = (cv2.dilate(inside, near) > 0) & (cv2.erode(inside, near) == 0) & ~deeply
    share = cv2.GaussianBlur(floats(band), (0, 0), 1)
    return _stretched(floats(share * second + (1 - share) * merged))


def _mirrored(rgb: Bytes, matting: Matting) -> Floats:
    turned = matting.alpha(np.ascontiguousarray(rgb[:, ::-1]))[:, ::-1]
    return _stretched(floats((matting.alpha(rgb) + turned) / 2))


def _tiles(rgb: Bytes, matting: Matting) -> Floats:
    """Four overlapping tiles over the piece; only what they and the passes agree on."""
    matte = two_passes(rgb, matting)
    x0, y0, x1, y1 = closer_box(floats(matting.alpha(rgb))) or (0, 0, *rgb.shape[1::-1])
    tiled = np.zeros_like(matte)
    for across in (0, _STEP):
        for down in (0, _STEP):
            left, top = x0 + int(across * (x1 - x0)), y0 + int(down * (y1 - y0))
            right = min(x1, left + int(_TILE * (x1 - x0)))
            low = min(y1, top + int(_TILE * (y1 - y0)))
            answer = matting.alpha(np.ascontiguousarray(rgb[top:low, left:right]))
            tiled[top:low, left:right] = np.maximum(tiled[top:low, left:right], answer)
    inside = np.zeros(matte.shape, bool)
    inside[y0:y1, x0:x1] = True
    return floats(np.where(inside, np.minimum(matte, _stretched(tiled)), matte))


OF_TWO_PASSES: dict[str, Use] = {
    "mean of both": _mean,
    "minimum of both": _minimum,
    "closer only where unsure": _where_unsure,
    "thin additions only": _thin_additions,
    "limit of 2 %": _small_additions,
    "edge of the closer look": _closer_edge,
}


def _darkened(rgb: Bytes, matting: Matting) -> Floats:
    """The rule of the service, its closer look always asked and at the photo darkened: pale metal
    differs more from paper then.
    """
    first = floats(matting.alpha(rgb))
    box, second = closer_box(first), np.zeros_like(first)
    if box is not None:
        x0, y0, x1, y1 = box
        darker = np.round(255 * (rgb[y0:y1, x0:x1] / 255) ** _DARKER).astype(np.uint8)
        second[y0:y1, x0:x1] = matting.alpha(np.ascontiguousarray(darker))
        second[first < 0.02] *= 0.5
    added = float(np.maximum(second - first, 0)[first < 0.3].sum()) / max(1.0, float(first.sum()))
    return _stretched(first if added > 0.07 else floats(np.maximum(second, 0.9 * first)))


OF_MORE_PASSES: dict[str, Use] = {
    "mean with the mirrored frame": _mirrored,
    "2 × tiles": _tiles,
    "closer, at the photo darkened": _darkened,
}
