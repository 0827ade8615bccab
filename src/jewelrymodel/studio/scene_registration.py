"""Where a generator put the piece that it was to leave alone.

No mask binds a generator: it shifts, zooms and turns what it was sent, and answers in sizes of its
own. So the piece's copy is looked for in what came back, by a masked template at many scales and
then by masked ECC (Evangelidis and Psarakis 2008), on brightness and once more on edges. Only
where both agree, within limits, is the scene moved back to where it belongs.
"""

import math
from dataclasses import dataclass, replace
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
MIN_SIZE = 0.45  # of the canvas's: less would be a scene out of focus behind a sharp piece
MIN_CORRELATION = 0.8
HOPELESS = 0.6  # a correlation that no larger picture mends
MIN_TEMPLATE = 0.5
MAX_DISPUTE_PX, MAX_DISPUTE = 3.0, 0.01  # of the piece's longer edge
SURE, MAX_DISPUTE_SURE = 0.93, 0.02  # where edges leave no doubt, a bent copy may be less exact
SECOND_PIECE, SMALLER = 0.6, (0.36, 0.44, 0.55, 0.7, 0.85)  # of the first one's likeness and size
_COARSE_PX, _FINE_PX = 96, (96, 256)  # the piece's longer edge, while it is looked for
_AS_SENT = np.eye(2, 3)  # most generators keep the frame
_AGREED_PX = 1.0
_ROUND = 0.3  # of the piece's longer edge: more than it may be shifted by
_TONES, _CONTRASTS = 45.0, (0.5, 2.0)  # how far a second piece's may be from the first one's
_PEAKS, _ON_FIRST = 4, 0.5  # places looked at, and how much of one may lie on the first piece
_CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 50, 1e-5)


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
    TOO_SMALL = "too_small"
    OTHER_LIGHT = "other_light"
    BLURRED = "blurred"
    SEAM = "seam"
    OTHER_OBJECT = "other_object"


@dataclass(frozen=True)
class Registration:
    """How the piece's copy lies in the scene: `transform` (2x3) leads from the canvas to the scene,
    without shear. `scale` is beside the one that the sizes explain, `shift` a share of the canvas's
    longer edge, `correlation` that of ECC, `dispute_px` how far both estimates are apart.
    `seems_twice`: another place is like the piece, which a surface can be by chance.
    """

    transform: Matrix
    scale: float
    turn_deg: float
    shift: float
    correlation: float
    dispute_px: float
    seems_twice: bool = False


def register(canvas: Canvas, scene: Bytes) -> Registration | SceneFault:
    """Find the piece of the canvas in `scene` (HxWx3, of any size)."""
    high, wide = canvas.picture.shape[:2]
    height, width = scene.shape[:2]
    if abs(math.log(width * high / (height * wide))) > MAX_SHAPE:
        return SceneFault.SHAPE
    if width < MIN_SIZE * wide:
        return SceneFault.TOO_SMALL
    fit = _fit((wide, high), (width, height))
    back = cv2.invertAffineTransform(fit)
    edges = cv2.BORDER_REPLICATE
    seen = cv2.warpAffine(scene, back, (wide, high), flags=cv2.INTER_AREA, borderMode=edges)
    as_canvas = np.asarray(seen, np.uint8)
    coarse = _coarse(canvas, as_canvas)
    start, seems_twice = coarse if isinstance(coarse, tuple) else (coarse, False)
    far = not isinstance(start, SceneFault) and _shift(canvas, start) > 1.5 * MAX_SHIFT
    starts = [_AS_SENT] if far or isinstance(start, SceneFault) else [start, _AS_SENT]
    fine = _fine(canvas, as_canvas, starts)
    if fine is None or fine[0][1] < MIN_CORRELATION:
        return SceneFault.SHIFTED if far else SceneFault.PIECE_NOT_FOUND
    (one, correlation), (two, second) = fine
    dispute = _apart(one, two, canvas)
    most = MAX_DISPUTE_SURE if second > SURE else MAX_DISPUTE
    if dispute > max(MAX_DISPUTE_PX, most * canvas.reach_px):
        return SceneFault.DISPUTED
    found = _within_limits(canvas, one, fit, correlation, dispute)
    return replace(found, seems_twice=seems_twice) if isinstance(found, Registration) else found


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


def _is_off(canvas: Canvas, found: Matrix) -> bool:
    """Whether an estimate is beyond the limits: a small picture of an even band fits itself at
    wrong places, too, so that a larger one has to begin anew as well.
    """
    return isinstance(_within_limits(canvas, found, _AS_SENT, 0, 0), SceneFault)


def _shift(canvas: Canvas, found: Matrix) -> float:
    """How far the piece's middle moves, as a share of the canvas's longer edge."""
    middle = np.array([*_middle(canvas.solid), 1.0])
    moved = found @ middle - middle[:2]
    return float(np.hypot(*moved) / max(canvas.picture.shape[:2]))


def _middle(mask: Mask) -> tuple[float, float]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return float(columns[0] + columns[-1]) / 2, float(rows[0] + rows[-1]) / 2


def _coarse(canvas: Canvas, scene: Bytes) -> tuple[Matrix, bool] | SceneFault:
    """From the canvas to the scene by the best template of SCALES, upright; both equally large. And
    whether another place is like the piece, too.
    """
    shrink = min(1.0, _COARSE_PX / canvas.reach_px)
    size = (round(scene.shape[1] * shrink), round(scene.shape[0] * shrink))
    small = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8)
    gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    part = window_round(canvas.solid, 0)
    part = (slice(part[0].start, part[0].stop + 1), slice(part[1].start, part[1].stop + 1))
    top, left = part[0].start, part[1].start
    best = (-1.0, 1.0, (0, 0))
    for scale in SCALES:
        scores = _likeness(canvas, part, gray, shrink * scale)
        _, score, _, place = cv2.minMaxLoc(scores)
        best = max(best, (score, float(scale), (int(place[0]), int(place[1]))))
    score, scale, (x, y) = best
    if score < MIN_TEMPLATE:
        return SceneFault.PIECE_NOT_FOUND
    high, wide = (round((one.stop - one.start) * shrink * scale) for one in part)
    first = np.zeros(small.shape[:2], bool)
    own = _resized(canvas.solid[part].astype(np.uint8) * 255, shrink * scale) > 127
    first[y : y + own.shape[0], x : x + own.shape[1]] = own
    first = cv2.dilate(first.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    seems_twice = False
    for smaller in (1.0, *SMALLER):
        others = _likeness(canvas, part, gray, shrink * scale * smaller)
        reach = (round(high * (1 + smaller) / 4), round(wide * (1 + smaller) / 4))
        middle = (y + round(high * (1 - smaller) / 2), x + round(wide * (1 - smaller) / 2))
        _forget(others, middle, reach)  # there it would overlap the first by half
        least = max(SECOND_PIECE * score, MIN_TEMPLATE)
        if _is_again(canvas, part, small, first, shrink * scale * smaller, others, least):
            seems_twice = True
            break
    shift = [x / shrink - scale * left, y / shrink - scale * top]
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float64), seems_twice


def _forget(scores: Floats, middle: tuple[int, int], reach: tuple[int, int]) -> None:
    near = [slice(max(0, m - r), m + r + 1) for m, r in zip(middle, reach, strict=True)]
    scores[near[0], near[1]] = -1


def _is_again(
    canvas: Canvas,
    part: tuple[slice, slice],
    scene: Bytes,
    first: Mask,
    scale: float,
    scores: Floats,
    least: float,
) -> bool:
    """Whether one of the best places by `scores` (upper left corners) shows the piece once more:
    beside the `first`, in its tones and as rich in contrast, which likeness alone doesn't ask for.
    """
    own = floats(_resized(canvas.picture[part], scale))
    mask = _resized(canvas.solid[part].astype(np.uint8) * 255, scale) > 127
    if not mask.any():
        return False
    high, wide = mask.shape
    for _ in range(_PEAKS):
        _, score, _, (x, y) = cv2.minMaxLoc(scores)
        if score <= least:
            return False
        one, other = own[mask], floats(scene[y : y + high, x : x + wide])[mask]
        tones = np.abs(one.mean(0) - other.mean(0)).max()
        contrast = other.std(0).mean() / max(1.0, one.std(0).mean())
        beside = first[y : y + high, x : x + wide][mask].mean() < _ON_FIRST
        if beside and tones < _TONES and _CONTRASTS[0] < contrast < _CONTRASTS[1]:
            return True
        _forget(scores, (y, x), (high // 4, wide // 4))
    return False


def _likeness(canvas: Canvas, part: tuple[slice, slice], scene: Bytes, scale: float) -> Floats:
    """How like the piece, `scale` as large, the scene (HxW) is at each place (its upper left
    corner), in brightness.
    """
    picture = cv2.cvtColor(_resized(canvas.picture[part], scale), cv2.COLOR_RGB2GRAY)
    mask = _resized(canvas.solid[part].astype(np.uint8) * 255, scale)
    if picture.shape[0] > scene.shape[0] or picture.shape[1] > scene.shape[1]:
        return np.full((1, 1), -1, np.float32)
    scores = floats(cv2.matchTemplate(scene, picture, cv2.TM_CCOEFF_NORMED, mask=mask))
    scores[~np.isfinite(scores) | (scores > 1.01)] = -1
    return scores


def _resized(values: Bytes, scale: float) -> Bytes:
    size = (max(8, round(values.shape[1] * scale)), max(8, round(values.shape[0] * scale)))
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.uint8)


_Estimate = tuple[Matrix, float]


def _fine(canvas: Canvas, scene: Bytes, starts: list[Matrix]) -> tuple[_Estimate, _Estimate] | None:
    """Two estimates, by brightness and by edges, each with its correlation: from the best of
    `starts`, and where they differ, each from the other one's place as well.
    """
    begun: list[list[Matrix]] = [starts, starts]
    found: list[_Estimate | None] = [None, None]
    for level_px in _FINE_PX:
        pairs = _level(canvas, scene, level_px)
        found = [_best(pair, places) for pair, places in zip(pairs, begun, strict=True)]
        one, two = found
        if not one and not two:  # a wire is too thin at this size
            continue
        if max(each[1] for each in found if each) < HOPELESS:
            return None
        if not one or not two or _apart(one[0], two[0], canvas) > _AGREED_PX:
            others = (two, one)
            found = [
                _better(mine, _best(pair, [other[0]]) if other else None)
                for pair, mine, other in zip(pairs, found, others, strict=True)
            ]
        begun = [
            [one[0], *(starts if _is_off(canvas, one[0]) else [])] if one else places
            for one, places in zip(found, begun, strict=True)
        ]
    one, two = found
    return (one, two) if one and two else None


@dataclass(frozen=True)
class _Pair:
    """Canvas and scene by brightness or by edges, cut to the piece and some way round it, and where
    the piece is in them; `there` (2x3) leads from the canvas to these pictures.
    """

    canvas: Floats
    scene: Floats
    inner: Mask
    there: Matrix


def _level(canvas: Canvas, scene: Bytes, level_px: int) -> list[_Pair]:
    """Both pictures with the piece's longer edge at `level_px`: their brightness, their edges."""
    shrink = min(1.0, level_px / canvas.reach_px)
    window = window_round(canvas.solid, round(_ROUND * canvas.reach_px))
    top, left = window[0].start, window[1].start
    there = np.array(
        [
            [shrink, 0, (shrink - 1) / 2 - shrink * left],
            [0, shrink, (shrink - 1) / 2 - shrink * top],
        ]
    )
    one, two = (_gray(picture[window], shrink) for picture in (canvas.picture, scene))
    solid = _resized(canvas.solid[window].astype(np.uint8) * 255, shrink) > 127
    inner = shrunk(np.asarray(solid), 3)
    return [_Pair(one, two, inner, there), _Pair(_edges(one), _edges(two), inner, there)]


def _best(pair: _Pair, starts: list[Matrix]) -> _Estimate | None:
    best: _Estimate | None = None
    back = np.asarray(cv2.invertAffineTransform(pair.there), np.float64)
    for start in starts:
        begun = chained(pair.there, chained(start, back))
        estimate = _ecc(pair.canvas, pair.scene, pair.inner, begun)
        if estimate:
            found = chained(back, chained(estimate[0], pair.there))
            best = _better(best, (found, estimate[1]))
    return best


def _better(one: _Estimate | None, two: _Estimate | None) -> _Estimate | None:
    if one is None or two is None:
        return one or two
    return two if two[1] > one[1] else one


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


def _apart(one: Matrix, two: Matrix, canvas: Canvas) -> float:
    """The mean distance of the piece's corners by both transforms."""
    points = _frame(canvas.solid)
    points = np.column_stack([points, np.ones(len(points))])
    return float(np.linalg.norm(points @ one.T - points @ two.T, axis=1).mean())
