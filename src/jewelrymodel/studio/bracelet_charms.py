"""What hangs from a bracelet's strand: each charm keeps its form and hangs from its own place.

Laid along a curve a charm would be pressed together; turned as a whole it would stand up.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats, grown
from jewelrymodel.studio.bend import Bend
from jewelrymodel.studio.placement import SUPERSAMPLE
from jewelrymodel.studio.strand_layout import Beside, Strand2D, unit_tangents
from jewelrymodel.studio.wrist_curve import WristCurve

_FAR = 1.4  # how far a charm stands out, by the width of its joint; a link in the strand doesn't
_LEAST = 0.003  # of the piece; less is a claw or a link's corner
_JOINT_PX, _RIM_PX = 3, 4
_AT_THE_SIDE = 0.97  # of the way before the wrist: farther round a charm hangs out of sight


@dataclass(frozen=True)
class Charm:
    """What hangs on the outer side of a strand: its pixels (HxW) with their soft rim, and the place
    of the line, as an index, from which it hangs.
    """

    mask: Mask
    joint: float


def charms_of(solid: Mask, own: Beside, width_px: float) -> tuple[Charm, ...]:
    """The charms of a strand that is `width_px` thick: they stand out farther than they are joined
    to it.
    """
    beyond = np.nan_to_num(own.aside) > width_px
    count, labels, stats, _ = cv2.connectedComponentsWithStats((solid & beyond).astype(np.uint8))
    charms = []
    for number in range(1, count):
        if stats[number, cv2.CC_STAT_AREA] < _LEAST * float(solid.sum()):
            continue
        mask = np.asarray(labels == number)
        aside, index = own.aside[mask], own.index[mask]
        joint = index[aside < width_px + _JOINT_PX]
        if joint.size and float(aside.max()) - width_px > _FAR * (float(np.ptp(joint)) + 1):
            charms.append(Charm(grown(mask, 2 * _RIM_PX + 1) & beyond, float(np.median(joint))))
    return tuple(charms)


def together(charms: tuple[Charm, ...], shape: tuple[int, ...]) -> Mask:
    """The pixels of all charms (HxW)."""
    return np.any([charm.mask for charm in charms], axis=0) if charms else np.zeros(shape, bool)


def is_shown(charm: Charm, strand: Strand2D, curve: WristCurve) -> bool:
    """Whether a charm hangs before the wrist."""
    arc_mm = abs(float(strand.arc_mm(floats([charm.joint]))[0]))
    return arc_mm < _AT_THE_SIDE * curve.front_mm / 2


def hung(
    bend: Bend, charms: tuple[Charm, ...], strand: Strand2D, curve: WristCurve, way: Floats,
    size: tuple[int, int],
) -> Bend:  # fmt: skip
    """The bend with the charms, each as it is in the photo, hanging along `way` (a unit direction
    in the picture of `size`) from its place on the strand.
    """
    for charm in charms:
        bend = _with_charm(bend, charm, strand, curve, way, size)
    return bend


def _with_charm(
    bend: Bend, charm: Charm, strand: Strand2D, curve: WristCurve, way: Floats,
    size: tuple[int, int],
) -> Bend:  # fmt: skip
    at = round(min(max(charm.joint, 0), len(strand.line) - 1))
    along = unit_tangents(strand.line)[at]
    out = floats([-along[1], along[0]])
    arc_mm = float(strand.arc_mm(floats([charm.joint]))[0])
    track = curve.track
    step = int(np.argmin(np.abs(track.arc_mm - arc_mm)))
    scale = float(track.px_per_mm[step]) / strand.px_per_mm
    tangent = unit_tangents(track.px)[step]
    edge = strand.width_px * scale * floats([-tangent[1], tangent[0]])
    source, target = strand.line[at] + out * strand.width_px, track.px[step] + edge
    # Turned so that what was outwards in the photo hangs along the way.
    cos, sin = float(out @ way), float(out[0] * way[1] - out[1] * way[0])
    turn = np.array([[cos, -sin], [sin, cos]])
    rows, columns = np.nonzero(charm.mask)
    corners = np.array([[x, y] for x in (columns.min(), columns.max())
                        for y in (rows.min(), rows.max())], np.float64)  # fmt: skip
    reached = (corners - source) @ turn.T * scale + target
    low = np.clip(np.floor(reached.min(0)) - 2, 0, np.array(size) - 1).astype(int)
    high = np.clip(np.ceil(reached.max(0)) + 3, low + 1, size).astype(int)
    wider = _widened(bend, low, high)
    x, y = np.meshgrid(
        *((np.arange((b - a) * SUPERSAMPLE) + 0.5) / SUPERSAMPLE - 0.5 + a
          for a, b in zip(low, high, strict=True))
    )  # fmt: skip
    photo = (np.dstack([x, y]) - target) / scale @ turn + source
    column, row = np.round(photo).astype(int).transpose(2, 0, 1)
    inside = (column >= 0) & (row >= 0)
    inside &= (column < charm.mask.shape[1]) & (row < charm.mask.shape[0])
    inside[inside] = charm.mask[row[inside], column[inside]]
    start = (low - np.array(wider.corner)) * SUPERSAMPLE
    window = wider.places[
        start[1] : start[1] + inside.shape[0], start[0] : start[0] + inside.shape[1]
    ]
    window[inside] = photo[inside]
    return wider


def _widened(bend: Bend, low: Floats, high: Floats) -> Bend:
    """The bend for a window that reaches from `low` to `high` (x, y) at least."""
    corner = np.array(bend.corner)
    far = corner + np.array(bend.places.shape[1::-1]) // SUPERSAMPLE
    first, last = np.minimum(corner, low), np.maximum(far, high)
    wide, tall = (int(edge) * SUPERSAMPLE for edge in last - first)
    places = np.full((tall, wide, 2), np.nan, np.float32)
    x, y = ((corner - first) * SUPERSAMPLE).astype(int)
    places[y : y + bend.places.shape[0], x : x + bend.places.shape[1]] = bend.places
    return Bend(places, (int(first[0]), int(first[1])))
