"""From the network's answers to one clean alpha: one pass or two, shadows, then hysteresis.

Whole parts are kept or dropped; nothing is added to the network's own matte, and of what it was
unsure of only a shadow on even ground is taken away (docs/adr/0014). What each step is worth stands
in docs/cutouts.md.
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, grown
from jewelrymodel.studio.matting import Matting
from jewelrymodel.studio.shadow_haze import without_shadow_haze

CLOSER_MARGIN = 0.12
_WEAK = 0.12
_FIRST_PASS_TRUST = 0.9
_SURE = 0.09  # unsure area by the piece's: below it a closer look changed nothing
_EMPTY = 0.3
_INVENTED = 0.07  # of the piece: a closer look that adds more takes the ground for metal


def closer_box(alpha: Floats) -> tuple[int, int, int, int] | None:
    """The frame (x0, y0, x1, y1) for a second, closer look; None where it would gain nothing."""
    height, width = alpha.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.3).astype(np.uint8))
    if count < 2:
        return None
    boxes = stats[1:][stats[1:, 4] > 0.04 * stats[1:, 4].max()]
    x0, y0 = boxes[:, 0].min(), boxes[:, 1].min()
    x1, y1 = (boxes[:, 0] + boxes[:, 2]).max(), (boxes[:, 1] + boxes[:, 3]).max()
    pad = int(CLOSER_MARGIN * max(x1 - x0, y1 - y0))
    x0, y0 = max(0, int(x0) - pad), max(0, int(y0) - pad)
    x1, y1 = min(width, int(x1) + pad), min(height, int(y1) + pad)
    return None if (x1 - x0) * (y1 - y0) > 0.8 * width * height else (x0, y0, x1, y1)


def clean_matte(rgb: Bytes, matting: Matting) -> Floats:
    """The network's matte of a photo by one pass or two, without the haze of soft shadows."""
    return without_shadow_haze(rgb, two_passes(rgb, matting))


def two_passes(rgb: Bytes, matting: Matting) -> Floats:
    """The whole frame, then again closer, where the first is unsure and the second agrees.

    Never the closer pass alone: it drops chain strands. And not at all where it finds much more
    piece in places that the whole frame thought empty: close up, paper inside a ring, a reflection
    or a pebble looks like one thing with the metal.
    """
    first = matting.alpha(rgb)
    box = closer_box(first)
    if box is None or _unsure_share(first) < _SURE:
        return _stretched(first)
    x0, y0, x1, y1 = box
    second = np.zeros_like(first)
    second[y0:y1, x0:x1] = matting.alpha(np.ascontiguousarray(rgb[y0:y1, x0:x1]))
    if _invented_share(first, second) > _INVENTED:
        return _stretched(first)
    # What only the closer look sees counts half: it is more often haze in an opening than metal.
    second[first < 0.02] *= 0.5
    return _stretched(floats(np.maximum(second, first * _FIRST_PASS_TRUST)))


def _unsure_share(alpha: Floats) -> float:
    unsure = (alpha > 0.1) & (alpha < 0.9)
    return float(unsure.sum() / max(1, int((alpha > 0.5).sum())))


def _invented_share(first: Floats, second: Floats) -> float:
    """What the second pass adds where the first saw nothing, by all that the first saw."""
    added = np.maximum(second - first, 0)[first < _EMPTY]
    return float(added.sum() / max(1.0, float(first.sum())))


def _stretched(alpha: Floats) -> Floats:
    return floats(np.clip((alpha - 0.05) / 0.88, 0, 1))


def seeds(alpha: Floats) -> Mask:
    """Where the piece surely is: solid components of at least 12 % of the largest one's area."""
    solid = np.asarray(alpha > 0.5)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    if count < 2:
        return np.zeros(alpha.shape, bool)
    areas = stats[:, 4].astype(np.float64)
    mean = np.bincount(labels[solid], weights=alpha[solid], minlength=count) / areas
    keep = (areas > 0.12 * areas[1:].max()) & (mean > 0.8)
    keep[0] = False
    return np.asarray(keep[labels])


def connected(alpha: Floats, sure: Mask) -> Floats:
    """What hangs together with a seed at a low threshold: rulers and captions go, chains stay."""
    closed = cv2.morphologyEx(
        (alpha > _WEAK).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)
    )
    count, labels = cv2.connectedComponents(closed)
    hit = np.bincount(labels[sure], minlength=count) > 0
    hit[0] = False
    return _without_specks(floats(alpha * grown(np.asarray(hit[labels]), 3)))


def _without_specks(alpha: Floats) -> Floats:
    """Crumbs of less than a thousandth of the largest part are noise, not jewelry."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.05).astype(np.uint8))
    areas = stats[:, 4].astype(np.float64)
    keep = areas > max(12, 0.001 * float(areas[1:].max(initial=0)))
    keep[0] = False
    return floats(alpha * keep[labels])
