"""From the network's answers to one clean alpha: two passes, hysteresis, thin structures.

The figures are measured on real sellers' photographs (docs/adr/0005).
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats, grown
from jewelrymodel.studio.backdrop import Backdrop
from jewelrymodel.studio.matting import Matting

CLOSER_MARGIN = 0.12
_WEAK = 0.12
_FIRST_PASS_TRUST = 0.9


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


def two_passes(rgb: Bytes, matting: Matting) -> Floats:
    """The whole frame, then again closer. Never the closer pass alone: it drops chain strands."""
    first = matting.alpha(rgb)
    box = closer_box(first)
    if box is None:
        return _stretched(first)
    x0, y0, x1, y1 = box
    second = np.zeros_like(first)
    second[y0:y1, x0:x1] = matting.alpha(np.ascontiguousarray(rgb[y0:y1, x0:x1]))
    second[first < 0.02] *= 0.5
    return _stretched(floats(np.maximum(second, first * _FIRST_PASS_TRUST)))


def _stretched(alpha: Floats) -> Floats:
    return floats(np.clip((alpha - 0.05) / 0.88, 0, 1))


def seeds(alpha: Floats) -> Mask:
    """Where the piece surely is: solid components of at least 12 % of the largest one's area."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.5).astype(np.uint8))
    if count < 2:
        return np.zeros(alpha.shape, bool)
    areas = stats[:, 4].astype(np.float64)
    mean = np.bincount(labels.ravel(), weights=alpha.ravel(), minlength=count) / areas
    keep = (areas > 0.12 * areas[1:].max()) & (mean > 0.8)
    keep[0] = False
    return np.asarray(keep[labels])


def connected(alpha: Floats, sure: Mask, extra: Floats | None = None) -> Floats:
    """What hangs together with a seed at a low threshold: rulers and captions go, chains stay."""
    weak, bridge_px = alpha > _WEAK, 5
    if extra is not None:
        weak, bridge_px = weak | (extra > 0.5), 9
    bridge = np.ones((bridge_px, bridge_px), np.uint8)
    closed = cv2.morphologyEx(weak.astype(np.uint8), cv2.MORPH_CLOSE, bridge)
    count, labels = cv2.connectedComponents(closed)
    hit = np.bincount(labels[sure], minlength=count) > 0
    hit[0] = False
    kept = grown(np.asarray(hit[labels]), 3)
    whole = alpha if extra is None else np.maximum(alpha, extra * (alpha < 0.9))
    return _without_specks(floats(whole * kept))


def _without_specks(alpha: Floats) -> Floats:
    """Crumbs of less than a thousandth of the largest part are noise, not jewellery."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.05).astype(np.uint8))
    areas = stats[:, 4].astype(np.float64)
    keep = areas > max(12, 0.001 * float(areas[1:].max(initial=0)))
    keep[0] = False
    return floats(alpha * keep[labels])


def thin_evidence(backdrop: Backdrop) -> Floats:
    """How surely a pixel belongs to a thin structure (a chain), judged by colour; 0 on busy
    backdrops.
    """
    if not backdrop.is_calm:
        return np.zeros_like(backdrop.distance)
    low, high = 1.8 * backdrop.noise + 2.5, 1.8 * backdrop.noise + 7
    # A half-covered pixel is half as far from the backdrop as the metal beside it.
    nearby = cv2.dilate(backdrop.distance, np.ones((11, 11), np.uint8))
    full = np.maximum(high, 0.7 * nearby)
    soft = floats(np.clip((backdrop.distance - low) / (full - low), 0, 1))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (23, 23))
    thick = cv2.morphologyEx((soft > 0.4).astype(np.uint8), cv2.MORPH_OPEN, disc) > 0
    return _long_only(floats(soft * ~grown(np.asarray(thick), 7)))


def _long_only(evidence: Floats) -> Floats:
    """Only runs of at least 6 % of the photo: the dark rim of a shadow is thin too, but short."""
    joined = cv2.morphologyEx(
        (evidence > 0.3).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    keep = stats[:, 2:4].max(1) >= 0.06 * max(evidence.shape)
    keep[0] = False
    return floats(evidence * grown(np.asarray(keep[labels]), 3))


def carved(alpha: Floats, backdrop: Backdrop) -> Floats:
    """Openings that show clean backdrop are cut out of the matte again (only on very calm
    backdrops).
    """
    if backdrop.noise >= 1.6:
        return alpha
    limit = max(1.5, 1.3 * backdrop.noise)
    clear = ((backdrop.distance < limit) & (alpha > 0.3)).astype(np.uint8)
    opened = cv2.morphologyEx(clear, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return floats(alpha * (1 - blur(floats(opened), 0.7)))
