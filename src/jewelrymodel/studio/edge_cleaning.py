"""The brush that cleans a cutout's edge: what shows the ground beside the piece, or through its
links, goes; what the network is sure of stays unless nothing but ground can be there.
"""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.brush_path import Stretch, stretches
from jewelrymodel.studio.components import distance_from
from jewelrymodel.studio.corrections import Correction
from jewelrymodel.studio.ground_evidence import FREE, GroundEvidence, ground_evidence

_ROOM_PX = 50  # beside the brush: there the ground is looked up
_BESIDE_PX = 6
_DEPTH = 0.6  # of the radius: so deep a fringe may reach into the piece
_LEAST_DEPTH_PX = 2.5
_OUTSIDE = 0.3  # of cover: from there the depth counts
_HALF, _SURE = 0.6, 0.9  # of cover: in between the network's word counts more and more
_MOST_WORD = 4.0
_CALM = 2.5  # ΔE of a ground's own noise: paper, not wood
_LEAST_GAP_PX = 9
_PLAIN = 0.5  # of a spot's pixels that can't be anything but ground
_GAP_LIKE = 0.5  # of a gap's pixels that show ground
_MOST_CONFUSION = 0.45  # under a brush the seller has pointed at the edge
_MOST_UNASKED = 0.2  # along a whole outline nobody has looked at every place
_TILE_PX = 256
_OUTLINE_PX = 10.0  # the brush along a whole outline, in a photo of this edge
_OUTLINE_EDGE_PX = 1200

Labels = NDArray[np.int32]


def cleaned(alpha: Floats, colors: Floats, stroke: Correction, before: Mask) -> Floats:
    """`alpha` with a clean edge under a stroke; `colors` is the photo in Lab. Where such a brush
    went `before` (HxW), colors alone decide: the network was sure of a shadow there.
    """
    along = list(stretches(stroke, alpha.shape, _ROOM_PX))
    after = _cleaned(alpha, colors, along, _MOST_CONFUSION)
    for one in along:
        again = np.asarray(before[one.window] & one.inside)
        if again.any():
            rest = _rest(alpha[one.window], colors[one.window], one, _MOST_CONFUSION, is_again=True)
            if rest is not None:
                left = np.minimum(after[one.window], 1 - one.brush * (1 - rest))
                after[one.window] = np.where(again, left, after[one.window])
    return after


def cleaned_outline(alpha: Floats, colors: Floats) -> Floats:
    """`alpha` with a clean edge along its whole outline, where the photo clearly says so."""
    return _cleaned(alpha, colors, _along_outline(alpha), _MOST_UNASKED)


def _along_outline(alpha: Floats) -> Iterator[Stretch]:
    """The outline, tile by tile."""
    height, width = alpha.shape
    radius = _OUTLINE_PX * max(1.0, max(height, width) / _OUTLINE_EDGE_PX)
    covered = np.asarray(alpha > _OUTSIDE)
    distance = distance_from(np.asarray(grown(covered, 3) & ~covered))
    for top in range(0, height, _TILE_PX):
        for left in range(0, width, _TILE_PX):
            tile = slice(top, top + _TILE_PX), slice(left, left + _TILE_PX)
            if (distance[tile] <= radius).any():
                inside = np.zeros(alpha.shape, bool)
                inside[tile] = True
                window = _wider(tile)
                yield Stretch(window, floats(np.where(inside, distance, np.inf)[window]), radius)


def _wider(tile: tuple[slice, slice]) -> tuple[slice, slice]:
    rows, columns = (slice(max(0, one.start - _ROOM_PX), one.stop + _ROOM_PX) for one in tile)
    return rows, columns


def _cleaned(
    alpha: Floats, colors: Floats, along: Iterable[Stretch], most_confusion: float
) -> Floats:
    after = alpha.copy()
    for one in along:
        rest = _rest(alpha[one.window], colors[one.window], one, most_confusion)
        if rest is not None:
            gone = one.brush * (1 - rest)
            after[one.window] = np.minimum(after[one.window], 1 - gone)
    return after


def _rest(
    alpha: Floats,
    colors: Floats,
    one: Stretch,
    most_confusion: float,
    *,
    is_again: bool = False,
) -> Floats | None:
    """What cleaning leaves of this stretch, 0 to 1; None where nothing can be said."""
    area = np.asarray(one.distance <= one.radius + _BESIDE_PX)
    free = np.asarray(alpha < FREE)
    evidence = ground_evidence(alpha, colors, np.asarray(area & ~free), is_pure=is_again)
    if evidence is None or evidence.confusion > most_confusion:
        return None
    by_evidence = _unsworn_share if is_again else _piece_share
    share = np.where(free, 0, np.where(area, by_evidence(alpha, evidence), 1))
    like_ground = _opened(np.asarray((share < 0.5) & area), 3)
    zone = _fringe(alpha, like_ground | free & area, one) | _gaps(like_ground, free, evidence)
    return floats(cv2.GaussianBlur(floats(np.where(grown(zone, 3), share, 1)), (0, 0), 0.6))


def _piece_share(alpha: Floats, evidence: GroundEvidence) -> Floats:
    """How much of each pixel is piece: by its colors, and where they say little, by the network,
    whose word counts the more the surer it is.
    """
    word = 1 + (_MOST_WORD - 1) * np.clip((alpha - _HALF) / (_SURE - _HALF), 0, 1)
    ground, piece = evidence.from_ground * word, evidence.from_piece
    share = np.clip((ground / np.maximum(ground + piece, 1e-3) - 0.35) / 0.3, 0, 1)
    unlike = np.maximum(evidence.from_ground, piece)
    clear = np.clip((unlike - evidence.noise - 1) / 3, 0, 1)
    sure = alpha > _SURE
    share = clear * share + (1 - clear) * np.where(sure, 1, alpha)
    plain = _plain_spots(evidence, np.asarray(alpha < FREE))
    if evidence.noise <= _CALM:  # on wood some streak looks like any metal
        plain |= sure & evidence.is_plain
    return floats(
        np.where(plain, np.minimum(share, _color_share(evidence)), np.where(sure, 1, share))
    )


def _unsworn_share(alpha: Floats, evidence: GroundEvidence) -> Floats:
    """How much of each pixel is piece by its colors; the network's word where they say nothing."""
    unlike = np.maximum(evidence.from_ground, evidence.from_piece)
    clear = np.clip((unlike - evidence.noise - 1) / 3, 0, 1)
    return floats(clear * _color_share(evidence) + (1 - clear) * alpha)


def _color_share(evidence: GroundEvidence) -> Floats:
    ground, piece = evidence.from_ground, evidence.from_piece
    share = np.clip((ground / np.maximum(ground + piece, 1e-3) - 0.35) / 0.3, 0, 1)
    return floats(cv2.GaussianBlur(floats(share), (0, 0), 0.7))


def _plain_spots(evidence: GroundEvidence, free: Mask) -> Mask:
    """Spots inside the piece that look like ground, and of which half can't be anything else."""
    nearer = np.asarray(evidence.from_ground < 0.55 * evidence.from_piece)
    labels = _labels(_opened(nearer, 3))
    count = int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count)
    is_plain = np.bincount(labels[evidence.is_plain], minlength=count) >= _PLAIN * sizes
    is_plain[np.unique(labels[grown(free, 3)])] = False
    is_plain[0] = False
    return np.asarray(is_plain[labels])


def _fringe(alpha: Floats, like_ground: Mask, one: Stretch) -> Mask:
    """What looks like ground and hangs together with it, no deeper than a part of the brush."""
    depth = max(_LEAST_DEPTH_PX, _DEPTH * one.radius)
    away = cv2.distanceTransform((alpha >= _OUTSIDE).astype(np.uint8), cv2.DIST_L2, 5)
    labels = _labels(np.asarray(like_ground & (away <= depth)))
    outer = np.unique(labels[alpha < FREE])
    return np.asarray(np.isin(labels, outer[outer > 0]))


def _gaps(like_ground: Mask, free: Mask, evidence: GroundEvidence) -> Mask:
    """Spots of ground that the piece encloses: what is seen through links."""
    labels = _labels(like_ground)
    count = int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count)
    shown = np.asarray(evidence.from_ground <= evidence.noise + 1)
    alike = np.bincount(labels[shown], minlength=count)
    is_gap = (sizes >= _LEAST_GAP_PX) & (alike >= _GAP_LIKE * sizes)
    is_gap[np.unique(labels[free])] = False
    is_gap[0] = False
    return np.asarray(is_gap[labels])


def _opened(mask: Mask, edge_px: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge_px, edge_px))
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0)


def _labels(mask: Mask) -> Labels:
    return np.asarray(cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)[1], np.int32)
