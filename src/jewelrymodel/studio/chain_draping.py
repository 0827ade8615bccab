"""A chain from the photo, straightened and laid anew along a curve in space.

Its links keep their own pixels and their size in millimeters; only its course is new, and where the
photo's run is too short it is repeated (mirrored at the ends).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, blur, floats, to_linear
from jewelrymodel.studio.placement import Layer

_STEP_MM = 0.1
_REACH_PX = 14


@dataclass(frozen=True)
class Strip:
    """A straightened strand: rows run along it from the body upwards, columns across; premultiplied
    linear light and cover (NxWx4), and its photo pixels per millimeter.
    """

    pixels: Floats
    px_per_mm: float

    @property
    def half(self) -> int:
        return int(self.pixels.shape[1]) // 2


@dataclass(frozen=True)
class Course:
    """Where a chain runs: `px` in the picture (Nx2), `arc_mm` along the real curve, `px_per_mm` and
    `shade` (a gain) at each point; from the body upwards.
    """

    px: Floats
    arc_mm: Floats
    px_per_mm: Floats
    shade: Floats

    def gone_on(self, px: Floats) -> "Course":
        """The course with further places at its upper end, as bright as that."""
        steps = np.linalg.norm(np.diff(px, axis=0, prepend=self.px[-1:]), axis=1)
        arc = self.arc_mm[-1] + np.cumsum(steps) / self.px_per_mm[-1]
        more = len(px)
        return Course(
            floats(np.concatenate([self.px, px])),
            floats(np.concatenate([self.arc_mm, arc])),
            floats(np.pad(self.px_per_mm, (0, more), mode="edge")),
            floats(np.pad(self.shade, (0, more), mode="edge")),
        )


def straighten(rgba: Bytes, line: Floats, px_per_mm: float) -> Strip:
    """The strand along `line` (Nx2, photo pixels) as a strip, trimmed of its upper end."""
    cover = floats(rgba[..., 3] / 255)
    source = np.dstack([to_linear(rgba[..., :3]) * cover[..., None], cover])
    dense = _resampled(line)
    dense = dense[: len(dense) - min(len(dense) // 10, 8)]
    normal = _normals(dense)
    across = np.arange(-_REACH_PX, _REACH_PX + 1)
    places = dense[:, None, :] + normal[:, None, :] * across[None, :, None]
    strip = cv2.remap(source, floats(places[..., 0]), floats(places[..., 1]), cv2.INTER_LINEAR)
    profile = strip[..., 3].mean(0)
    used = np.abs(across[profile > 0.04])
    half = int(min(_REACH_PX, (used.max() if used.size else 4) + 2))
    middle = _REACH_PX
    used_columns = floats(strip[:, middle - half : middle + half + 1])
    return Strip(used_columns[_without_gaps(floats(used_columns[..., 3]))], px_per_mm)


def _without_gaps(cover: Floats) -> Mask:
    """The rows where there is chain. A gap longer than a link is the cutout's, not the chain's."""
    shown = np.asarray(cover.max(1) > 0.3)
    if not shown.any():
        return np.ones(len(cover), bool)
    link = np.ones((int(cover.shape[1]) | 1, 1), np.uint8)
    framed = cv2.copyMakeBorder(
        shown.astype(np.uint8)[:, None], len(link), len(link), 0, 0, cv2.BORDER_REPLICATE
    )
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, link)
    return np.asarray(closed[len(link) : -len(link), 0] > 0)


def lay(strip: Strip, course: Course, size: tuple[int, int]) -> Layer:
    """The strip along the course, in a picture of `size` (width, height)."""
    width, height = size
    reach = float((strip.half / strip.px_per_mm * course.px_per_mm).max()) + 2
    low = np.clip(np.floor(course.px.min(0) - reach), 0, [width - 1, height - 1]).astype(int)
    high = np.clip(np.ceil(course.px.max(0) + reach), low + 1, [width, height]).astype(int)
    finer = 2  # sampled finer than the picture, then averaged
    shape = tuple((high - low)[::-1] * finer)
    down, across = np.mgrid[0 : shape[0], 0 : shape[1]]
    near = _near(course.px - low, shape, finer, reach)
    places = np.column_stack([across[near], down[near]]) / finer + low + 0.25
    samples = np.zeros((*shape, 4), np.float32)
    samples[near] = _sampled(strip, course, floats(places), reach)
    window = (int(high[0] - low[0]), int(high[1] - low[1]))
    whole = np.zeros((height, width, 4), np.float32)
    whole[low[1] : high[1], low[0] : high[0]] = cv2.resize(
        samples, window, interpolation=cv2.INTER_AREA
    )
    return Layer(whole[..., :3], np.clip(whole[..., 3], 0, 1))


def _near(line: Floats, shape: tuple[int, ...], finer: int, reach: float) -> Mask:
    """The pixels that the chain can reach: asking for all of them would take ten times as long."""
    canvas = np.zeros(shape, np.uint8)
    points = np.round(line * finer).astype(np.int32)
    cv2.polylines(canvas, [points], isClosed=False, color=1, thickness=int(2 * reach * finer) + 2)
    return np.asarray(canvas > 0)


def _sampled(strip: Strip, course: Course, places: Floats, reach: float) -> Floats:
    from scipy.spatial import cKDTree  # slow to load: only where it works

    distance, nearest = cKDTree(course.px).query(places, distance_upper_bound=reach)
    found = np.isfinite(distance)
    at = nearest[found]
    # The ends are cut square: what lies beyond the last point belongs to nobody.
    offset = places[found] - course.px[at]
    tangent, normal = _tangents(course.px), _normals(course.px)
    beyond = np.abs((offset * tangent[at]).sum(1)) > 1.5
    sideways = (offset * normal[at]).sum(1)
    scale = strip.px_per_mm / course.px_per_mm[at]
    column = sideways * scale + strip.half
    along = course.arc_mm[at] * strip.px_per_mm + (offset * tangent[at]).sum(1) * scale
    period = max(1, strip.pixels.shape[0] - 1)
    row = period - np.abs((np.abs(along) % (2 * period)) - period)
    sigma = 0.45 / max(0.2, float(np.median(1 / scale))) if np.median(scale) > 1 else 0.0
    smooth = blur(strip.pixels, sigma)
    taken = _remapped(smooth, floats(column), floats(row))
    taken[..., :3] *= course.shade[at][:, None]
    taken[beyond] = 0
    out = np.zeros((len(places), 4), np.float32)
    out[found] = taken
    return out


def _remapped(pixels: Floats, column: Floats, row: Floats) -> Floats:
    """`cv2.remap` refuses more than 32767 rows: the list of places is folded into a table."""
    wide = 4096
    pad = (-len(column)) % wide
    table = [np.pad(v, (0, pad), constant_values=-9).reshape(-1, wide) for v in (column, row)]
    taken = cv2.remap(pixels, table[0], table[1], cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))
    return floats(taken.reshape(-1, 4)[: len(column)])


def course_through(
    px: Floats, camera_mm: Floats, px_per_mm: Floats, joint: Floats, brightness: Floats
) -> Course:
    """A smooth course through a draped chain's visible run, from the body (first point) upwards.

    `joint` is where the body wants it to start: the first centimeter bends to meet it.
    `brightness` is a field of the picture that shades the chain as it shades the skin.
    """
    steps = np.linalg.norm(np.diff(camera_mm, axis=0), axis=1)
    arc = np.concatenate([[0], np.cumsum(steps)])
    dense = np.arange(0, arc[-1], _STEP_MM)
    from scipy.interpolate import CubicSpline  # slow to load: only where it works

    center = CubicSpline(arc, px)(dense)
    center += (joint - px[0]) * np.exp(-((dense / 9.0) ** 2))[:, None]
    scale = np.interp(dense, arc, px_per_mm)
    rows, columns = (
        np.clip(center[:, i].astype(int), 0, brightness.shape[1 - i] - 1) for i in (1, 0)
    )
    lightness = brightness[rows, columns]
    shade = np.clip(lightness / max(float(lightness[0]), 1e-3), 0.35, 1.2) ** 0.8
    return Course(floats(center), floats(dense), floats(scale), floats(shade))


def straight_course(start: Floats, end: Floats, px_per_mm: float) -> Course:
    """A straight course between two places of the picture."""
    length_mm = float(np.hypot(*(end - start))) / px_per_mm
    arc = floats(np.linspace(0, length_mm, max(4, int(length_mm / _STEP_MM) + 1)))
    px = floats(start + (end - start) * (arc / max(length_mm, 1e-6))[:, None])
    return Course(px, arc, floats(np.full(len(arc), px_per_mm)), floats(np.ones(len(arc))))


def _resampled(line: Floats) -> Floats:
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.arange(0, steps[-1], 1.0)
    return floats(np.column_stack([np.interp(at, steps, line[:, i]) for i in (0, 1)]))


def _tangents(line: Floats) -> Floats:
    direction = np.gradient(line, axis=0)
    return floats(direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6))


def _normals(line: Floats) -> Floats:
    direction = _tangents(line)
    return floats(np.column_stack([-direction[:, 1], direction[:, 0]]))
