"""Whether a generated scene steps along a mask's edge: at one distance from the piece all round.

Nothing real keeps its distance from an outline. So colors are averaged just within and just beyond
a line that runs at some distance from the piece, for each direction by itself, and compared with
what such averages differ by at other distances there. The line is the piece's own outline, widened,
or made of the square cells that a model works in.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats
from jewelrymodel.studio.placement import Matrix
from jewelrymodel.studio.scene_canvas import CELL_PX, Canvas

EDGE_PX = 512  # of the picture's longer edge: as fine as a step is looked for
NEAREST, FARTHEST = 0.05, 0.16  # of the piece's longer edge; nearer, its own shadow steps
SIDES = 24  # directions from the piece's middle
MOST, MOST_CELLS = 0.8, 0.6  # of these step at the edge of a mask, or of cells
_STEP, _LIFT = 5.0, 2.0  # gray levels; beside the usual step of that direction
_GAP_PX, _WIDE_PX = 1, 2  # left out of the averages, and what they are taken of
_AROUND_PX = 12  # on both sides of a line of cells: what it is compared with
_OFF_PX = 2  # how far from the cells' line a step may be: the scene was moved back
_FEWEST = 4  # pixels in an average

Integers = NDArray[np.int64]


def steps_along_a_mask(scene: Bytes, covered: Mask, canvas: Canvas) -> bool:
    """Whether the scene (HxWx3) steps at one distance from what the piece has `covered` (HxW), or
    along cells of the `canvas` that it was made of.
    """
    shrink = min(1.0, EDGE_PX / max(covered.shape))
    if shrink < 1:
        size = (round(covered.shape[1] * shrink), round(covered.shape[0] * shrink))
        scene = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8)
        covered = cv2.resize(covered.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    soft = np.asarray(cv2.GaussianBlur(scene, (0, 0), 0.7), np.uint8)
    away = floats(cv2.distanceTransform((~covered).astype(np.uint8), cv2.DIST_L2, 5))
    reach = max(int(np.ptp(np.flatnonzero(covered.any(axis)))) + 1 for axis in (0, 1))
    nearest, farthest = NEAREST * reach, FARTHEST * reach
    side = _sides(covered)
    if _stepping(soft, away, side, (nearest, farthest)) > MOST:
        return True
    to_canvas = canvas.from_final @ np.diag([1 / shrink, 1 / shrink, 1.0])
    return any(
        _stepping(soft, line, side, (_WIDE_PX + 2, 2 * _AROUND_PX - 3), at=_AROUND_PX) > MOST_CELLS
        for line in _cell_lines(away, to_canvas, canvas.paint.shape, (nearest, farthest))
    )


def _sides(covered: Mask) -> Integers:
    """The number of the direction (HxW) in which each pixel lies from the piece's middle."""
    rows, columns = np.nonzero(covered)
    down, across = np.indices(covered.shape)
    angle = np.arctan2(down - rows.mean(), across - columns.mean())
    return np.asarray(((angle + np.pi) / (2 * np.pi) * SIDES).astype(np.int64) % SIDES)


def _stepping(
    scene: Bytes,
    away: Floats,
    side: Integers,
    span: tuple[float, float],
    *,
    at: int | None = None,
) -> float:
    """The largest share of the directions that step at one distance of `span`, by `away` (HxW, 0:
    left out); at about the distance `at` where it is given.
    """
    first, last = int(span[0]), int(span[1])
    if last - first < 2:
        return 0.0
    steps, told = _steps(scene, away, side, last)
    steps, told = steps[:, first:last], told[:, first:last]
    usual = np.median(steps, axis=1, keepdims=True)
    high = (steps > np.maximum(_STEP, _LIFT * usual)) & told
    if at is not None:
        near = slice(at - _OFF_PX - first, at + _OFF_PX + 1 - first)
        high, told = high[:, near], told[:, near]
    counted = told.sum(0)
    shares = high.sum(0) / np.maximum(counted, SIDES // 2)
    return float(shares.max(initial=0.0))


def _steps(scene: Bytes, away: Floats, side: Integers, last: int) -> tuple[Floats, Mask]:
    """By how much colors differ across each distance below `last` (sides x distances), 0 where too
    little is there to tell; and where it is told.
    """
    deep = last + _GAP_PX + _WIDE_PX + 1
    whole = np.round(away).astype(np.int64)
    here = (whole > 0) & (whole < deep)
    key = side[here] * deep + whole[here]
    weights = [None, *(scene[..., n][here] for n in range(3))]
    counts, *sums = (
        np.bincount(key, weights=one, minlength=SIDES * deep).reshape(SIDES, deep)
        for one in weights
    )
    total = np.cumsum(np.pad(np.stack([counts, *sums], -1), [(0, 0), (1, 0), (0, 0)]), axis=1)
    at = np.arange(last)
    until = np.maximum(at - _GAP_PX, 0)
    within = total[:, until] - total[:, np.maximum(until - _WIDE_PX, 0)]
    beyond = total[:, at + _GAP_PX + _WIDE_PX] - total[:, at + _GAP_PX]
    told = (within[..., 0] >= _FEWEST) & (beyond[..., 0] >= _FEWEST)
    means = [one[..., 1:] / np.maximum(one[..., :1], 1) for one in (within, beyond)]
    return floats(np.where(told, np.abs(means[0] - means[1]).max(-1), 0)), np.asarray(told)


def _cell_lines(
    away: Floats, to_canvas: Matrix, shape: tuple[int, ...], span: tuple[float, float]
) -> Iterator[Floats]:
    """For each set of cells that hold something nearer than a distance of `span`: how far each
    pixel is from their edge, _AROUND_PX on it and more beyond it; 0 farther off.
    """
    high, wide = shape[0] // CELL_PX, shape[1] // CELL_PX
    edges = cv2.BORDER_REPLICATE
    there = cv2.warpAffine(away, to_canvas, (shape[1], shape[0]), borderMode=edges)
    nearest = there[: high * CELL_PX, : wide * CELL_PX]
    nearest = nearest.reshape(high, CELL_PX, wide, CELL_PX).min((1, 3))
    before: Mask | None = None
    for distance in np.arange(*span, 2.0):
        cells = np.asarray(nearest < distance)
        if before is not None and np.array_equal(cells, before):
            continue
        before = cells
        drawn = cells.repeat(CELL_PX, 0).repeat(CELL_PX, 1).astype(np.uint8)
        how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        inside = cv2.warpAffine(drawn, to_canvas, away.shape[::-1], flags=how)
        outward = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
        line = floats(outward - cv2.distanceTransform(inside, cv2.DIST_L2, 5) + _AROUND_PX)
        yield floats(np.where((line > 0) & (line < 2 * _AROUND_PX) & (away > 0), line, 0))
