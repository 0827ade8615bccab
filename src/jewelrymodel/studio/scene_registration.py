"""Where a generator put the piece that it was to leave alone.

No mask binds a generator: it shifts, zooms and turns what it was sent, and answers in sizes of its
own. So the piece's copy is looked for in what came back, by a masked template at many scales and
then by masked ECC (Evangelidis and Psarakis 2008), on brightness and once more on edges. Only
where both agree, within limits, is the scene moved back to where it belongs.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, shrunk, window_round
from jewelrymodel.studio.placement import Matrix
from jewelrymodel.studio.scene_canvas import Canvas, chained

SCALES = np.linspace(0.88, 1.12, 13)
SCALE_LIMITS = (0.92, 1.08)
MAX_TURN_DEG = 4.0
MAX_SHIFT = 0.06  # of the canvas's longer edge
MAX_SHAPE = 0.03  # how far the answer's aspect may be from the canvas's
MIN_CORRELATION = 0.8
MIN_TEMPLATE = 0.5
MAX_DISPUTE_PX, MAX_DISPUTE = 3.0, 0.01  # of the piece's longer edge
SECOND_PIECE, SMALLER = 0.6, (0.36, 0.44, 0.55, 0.7, 0.85)  # of the first one's likeness and size
_COARSE_PX, _FINE_PX = 96, (96, 256)  # the piece's longer edge, while it is looked for
_CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 80, 1e-6)


class SceneFault(StrEnum):
    """Why what a generator made can't surround the piece."""

    SHAPE = "shape"
    PIECE_NOT_FOUND = "piece_not_found"
    SHIFTED = "shifted"
    SCALED = "scaled"
    TURNED = "turned"
    DISPUTED = "disputed"
    SECOND_PIECE = "second_piece"
    UNCOVERED = "uncovered"
    EXPANDED = "expanded"


@dataclass(frozen=True)
class Registration:
    """How the piece's copy lies in the scene: `transform` (2x3) leads from the canvas to the scene,
    without shear. `scale` is beside the one that the sizes explain, `shift` a share of the canvas's
    longer edge, `correlation` that of ECC, `dispute_px` how far both estimates are apart.
    """

    transform: Matrix
    scale: float
    turn_deg: float
    shift: float
    correlation: float
    dispute_px: float


def register(canvas: Canvas, scene: Bytes) -> Registration | SceneFault:
    """Find the piece of the canvas in `scene` (HxWx3, of any size)."""
    high, wide = canvas.picture.shape[:2]
    height, width = scene.shape[:2]
    if abs(math.log(width * high / (height * wide))) > MAX_SHAPE:
        return SceneFault.SHAPE
    fit = _fit((wide, high), (width, height))
    back = cv2.invertAffineTransform(fit)
    edges = cv2.BORDER_REPLICATE
    seen = cv2.warpAffine(scene, back, (wide, high), flags=cv2.INTER_AREA, borderMode=edges)
    as_canvas = np.asarray(seen, np.uint8)
    start = _coarse(canvas, as_canvas)
    if isinstance(start, SceneFault):
        return start
    if _shift(canvas, start) > 1.5 * MAX_SHIFT:  # too far for ECC to start from
        return SceneFault.SHIFTED
    fine = _fine(canvas, as_canvas, start)
    if fine is None:
        return SceneFault.PIECE_NOT_FOUND
    (one, correlation), (two, _) = fine
    dispute = _apart(one, two, canvas)
    if correlation < MIN_CORRELATION:
        return SceneFault.PIECE_NOT_FOUND
    if dispute > max(MAX_DISPUTE_PX, MAX_DISPUTE * canvas.reach_px):
        return SceneFault.DISPUTED
    return _within_limits(canvas, one, fit, correlation, dispute)


def _fit(canvas: tuple[int, int], scene: tuple[int, int]) -> Matrix:
    """From the canvas to the scene as their sizes have it: one scale, middle on middle."""
    scale = math.sqrt(scene[0] * scene[1] / (canvas[0] * canvas[1]))
    shift = [(s - 1) / 2 - scale * (c - 1) / 2 for c, s in zip(canvas, scene, strict=True)]
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)


def _within_limits(
    canvas: Canvas, found: Matrix, fit: Matrix, correlation: float, dispute: float
) -> Registration | SceneFault:
    scale = math.hypot(found[0, 0], found[1, 0])
    turn = math.degrees(math.atan2(found[1, 0], found[0, 0]))
    shift = _shift(canvas, found)
    if not SCALE_LIMITS[0] <= scale <= SCALE_LIMITS[1]:
        return SceneFault.SCALED
    if abs(turn) > MAX_TURN_DEG:
        return SceneFault.TURNED
    if shift > MAX_SHIFT:
        return SceneFault.SHIFTED
    return Registration(chained(fit, found), scale, turn, shift, correlation, dispute)


def _shift(canvas: Canvas, found: Matrix) -> float:
    """How far the piece's middle moves, as a share of the canvas's longer edge."""
    middle = np.array([*_middle(canvas.solid), 1.0])
    moved = found @ middle - middle[:2]
    return float(np.hypot(*moved) / max(canvas.picture.shape[:2]))


def _middle(mask: Mask) -> tuple[float, float]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return float(columns[0] + columns[-1]) / 2, float(rows[0] + rows[-1]) / 2


def _coarse(canvas: Canvas, scene: Bytes) -> Matrix | SceneFault:
    """From the canvas to the scene by the best template of SCALES, upright; both equally large."""
    shrink = min(1.0, _COARSE_PX / canvas.reach_px)
    size = (round(scene.shape[1] * shrink), round(scene.shape[0] * shrink))
    small = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8)
    part = window_round(canvas.solid, 0)
    part = (slice(part[0].start, part[0].stop + 1), slice(part[1].start, part[1].stop + 1))
    top, left = part[0].start, part[1].start
    best = (-1.0, 1.0, (0, 0))
    for scale in SCALES:
        scores = _likeness(canvas, part, small, shrink * scale)
        _, score, _, place = cv2.minMaxLoc(scores)
        best = max(best, (score, float(scale), (int(place[0]), int(place[1]))))
    score, scale, (x, y) = best
    if score < MIN_TEMPLATE:
        return SceneFault.PIECE_NOT_FOUND
    high, wide = (round((one.stop - one.start) * shrink * scale) for one in part)
    for smaller in (1.0, *SMALLER):
        others = _likeness(canvas, part, small, shrink * scale * smaller)
        reach = (round(high * (1 + smaller) / 4), round(wide * (1 + smaller) / 4))
        middle = (y + round(high * (1 - smaller) / 2), x + round(wide * (1 - smaller) / 2))
        near = [slice(max(0, m - r), m + r + 1) for m, r in zip(middle, reach, strict=True)]
        others[near[0], near[1]] = -1  # there it would overlap the first by half
        if others.max() > max(SECOND_PIECE * score, MIN_TEMPLATE):
            return SceneFault.SECOND_PIECE
    shift = [x / shrink - scale * left, y / shrink - scale * top]
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64)


def _likeness(canvas: Canvas, part: tuple[slice, slice], scene: Bytes, scale: float) -> Floats:
    """How like the piece, `scale` as large, the scene is at each place (its upper left corner)."""
    picture = _resized(canvas.picture[part], scale)
    mask = _resized(canvas.solid[part].astype(np.uint8) * 255, scale)
    if picture.shape[0] > scene.shape[0] or picture.shape[1] > scene.shape[1]:
        return np.full((1, 1), -1, np.float32)
    scores = floats(cv2.matchTemplate(scene, picture, cv2.TM_CCOEFF_NORMED, mask=mask))
    scores[~np.isfinite(scores) | (scores > 1.01)] = -1
    return scores


def _resized(values: Bytes, scale: float) -> Bytes:
    size = (max(8, round(values.shape[1] * scale)), max(8, round(values.shape[0] * scale)))
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.uint8)


def _fine(
    canvas: Canvas, scene: Bytes, start: Matrix
) -> tuple[tuple[Matrix, float], tuple[Matrix, float]] | None:
    """Two estimates from `start`, by brightness and by edges, each with its correlation."""
    found: list[tuple[Matrix, float]] = [(start, 0.0)] * 2
    for level_px in _FINE_PX:
        shrink = min(1.0, level_px / canvas.reach_px)
        one, two = (_gray(picture, shrink) for picture in (canvas.picture, scene))
        solid = _resized(canvas.solid.astype(np.uint8) * 255, shrink) > 127
        inner = shrunk(np.asarray(solid), 3)
        pairs = ((one, two), (_edges(one), _edges(two)))
        for number, (left, right) in enumerate(pairs):
            estimate = _ecc(left, right, inner, _scaled(found[number][0], shrink))
            if estimate is None:
                return None
            found[number] = (_scaled(estimate[0], 1 / shrink), estimate[1])
    return found[0], found[1]


def _gray(picture: Bytes, shrink: float) -> Floats:
    return floats(cv2.cvtColor(_resized(picture, shrink), cv2.COLOR_RGB2GRAY))


def _edges(gray: Floats) -> Floats:
    soft = cv2.GaussianBlur(gray, (0, 0), 1.2)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    return floats(np.hypot(across, down))


def _ecc(one: Floats, two: Floats, inner: Mask, start: Matrix) -> tuple[Matrix, float] | None:
    warp = start.astype(np.float32)
    mask, every = inner.astype(np.uint8) * 255, np.full(two.shape, 255, np.uint8)
    try:
        value, found = cv2.findTransformECCWithMask(
            one, two, mask, every, warp, cv2.MOTION_AFFINE, _CRITERIA, 5
        )
    except cv2.error:  # nothing in common
        return None
    points = _frame(inner)
    affine = np.asarray(found, np.float64)
    return similarity_of(points, points @ affine[:, :2].T + affine[:, 2]), float(value)


def _frame(mask: Mask) -> NDArray[np.float64]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    xs, ys = (columns[0], columns[-1]), (rows[0], rows[-1])
    return np.array([(x, y) for x in xs for y in ys], np.float64)


def similarity_of(points: NDArray[np.float64], there: NDArray[np.float64]) -> Matrix:
    """The similarity (2x3) that takes `points` (Nx2) nearest to `there` (Umeyama 1991): a sheared
    ring would be another ring.
    """
    middle, aim = points.mean(0), there.mean(0)
    one, two = points - middle, there - aim
    cos, sin = (one * two).sum(), (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]).sum()
    size = (one * one).sum()
    turn = np.array([[cos, -sin], [sin, cos]]) / size
    return np.column_stack([turn, aim - turn @ middle])


def _scaled(matrix: Matrix, scale: float) -> Matrix:
    """The transform between both pictures when each is `scale` as large, by pixels' middles."""
    there = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2]], np.float64)
    back = np.asarray(cv2.invertAffineTransform(there), np.float64)
    return chained(there, chained(matrix, back))


def _apart(one: Matrix, two: Matrix, canvas: Canvas) -> float:
    """The mean distance of the piece's corners by both transforms."""
    points = _frame(canvas.solid)
    points = np.column_stack([points, np.ones(len(points))])
    return float(np.linalg.norm(points @ one.T - points @ two.T, axis=1).mean())
