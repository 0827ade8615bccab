"""How a strand lies along a curve: where in its photo each place beside the curve comes from."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Floats, Mask, blur, floats
from jewelrymodel.studio.bend import Bend
from jewelrymodel.studio.placement import SUPERSAMPLE, Matrix

_STEP_MM = 0.1
_NEIGHBOR = 2.0  # strand widths along the line: what is farther belongs to another run
_ROOM_PX = 4
_REFINEMENTS = 3
_CALM = 4  # points
LEAST_SHORTENED, _EVEN_MM = 0.86, 10.0


@dataclass(frozen=True)
class Track:
    """The curve in the picture that a strand lies on: `px` (Nx2), `arc_mm` from its lowest point
    (negative to the left) and `px_per_mm`.
    """

    px: Floats
    arc_mm: Floats
    px_per_mm: Floats


@dataclass(frozen=True)
class Strand2D:
    """A strand in its photo: the middle line (Nx2, a point per pixel, its outer side on the right
    hand), the pixel of it (`middle`) that hangs lowest, its scale and its width.
    """

    line: Floats
    middle: float
    px_per_mm: float
    width_px: float

    def arc_mm(self, index: Floats) -> Floats:
        """How far points of the line are from its middle."""
        return floats((index - self.middle) / self.px_per_mm)


@dataclass(frozen=True)
class Beside:
    """For each pixel of a photo or picture: the nearest point of a line as an index with its
    fraction, and the distance from the line, positive on its right hand; NaN where nobody asked.
    """

    index: Floats
    aside: Floats


def track_of(px: Floats, arc_mm: Floats, px_per_mm: Floats) -> Track:
    """A curve as a dense track that counts from its lowest point.

    Where the curve runs away from the camera, beads look nearer to each other. A flat photo can't
    be turned so, so it is shortened evenly, and never by more than a little.
    """
    from scipy.interpolate import CubicSpline  # slow to load: only where it works

    at = np.arange(float(arc_mm[0]), float(arc_mm[-1]), _STEP_MM)
    places = CubicSpline(arc_mm, px)(at)
    scale = np.interp(at, arc_mm, px_per_mm)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1) / scale[1:]
    shortened = blur(floats(steps / _STEP_MM)[:, None], _EVEN_MM / _STEP_MM)[:, 0]
    arc = np.concatenate([[0], np.cumsum(steps / np.clip(shortened, LEAST_SHORTENED, 1))])
    lowest = arc[int(np.argmax(places[:, 1]))]
    return Track(floats(places), floats(arc - lowest), floats(scale))


def beside(line: Floats, asked: Mask) -> Beside:
    """Which point of the line (Nx2, at least a point per pixel) each pixel of `asked` (HxW) is
    beside.
    """
    canvas, owner = np.ones(asked.shape, np.uint8), np.full(asked.shape, -1, np.int32)
    columns, rows = np.round(line).astype(int).T
    inside = (columns >= 0) & (rows >= 0) & (columns < asked.shape[1]) & (rows < asked.shape[0])
    canvas[rows[inside], columns[inside]] = 0
    owner[rows[inside], columns[inside]] = np.flatnonzero(inside)
    _, labels = cv2.distanceTransformWithLabels(
        canvas, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    by_label = np.zeros(int(labels.max()) + 1, np.int32)
    by_label[labels[canvas == 0]] = owner[canvas == 0]
    down, across = np.nonzero(asked)
    nearest = by_label[labels[down, across]]
    whole = np.full((2, *asked.shape), np.nan, np.float32)
    whole[:, down, across] = _refined(line, floats(nearest), floats(across), floats(down))
    return Beside(whole[0], whole[1])


def _refined(line: Floats, index: Floats, across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """The nearest points between the line's own points, and how far they are: a line of pixels
    alone would shake what is laid along it.
    """
    tangent = unit_tangents(line)
    steps = np.maximum(np.linalg.norm(np.diff(line, axis=0), axis=1), 1e-6)
    last = len(line) - 1
    x = y = along = np.zeros(0)
    for _ in range(_REFINEMENTS):
        # Beyond an end the line goes on straight.
        low = np.clip(np.floor(index), 0, last - 1).astype(np.int32)
        share = (index - low)[:, None]
        on_line = line[low] * (1 - share) + line[low + 1] * share
        along = tangent[low] * (1 - share.clip(0, 1)) + tangent[low + 1] * share.clip(0, 1)
        x, y = across - on_line[:, 0], down - on_line[:, 1]
        index = floats(index + (x * along[:, 0] + y * along[:, 1]) / steps[low])
    return index, floats(-x * along[:, 1] + y * along[:, 0])


def unit_tangents(line: Floats) -> Floats:
    """The direction of a line at each of its points, without what rounding does to it."""
    direction = cv2.GaussianBlur(
        np.gradient(line.astype(np.float64), axis=0)[:, None, :], (1, 6 * _CALM + 1), _CALM,
        borderType=cv2.BORDER_REPLICATE,
    )[:, 0]  # fmt: skip
    return floats(direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6))


def bend_along(
    strand: Strand2D, own: Beside, reach: tuple[float, float], track: Track, size: tuple[int, int]
) -> Bend:
    """The bend that lays the strand along the track. `own` says of each photo pixel what it is
    beside, `reach` how far the piece goes to the inner and the outer side, in photo pixels.
    """
    scale = float(track.px_per_mm.max()) / strand.px_per_mm
    room = max(reach) * scale + _ROOM_PX
    low = np.clip(np.floor(track.px.min(0) - room), 0, np.array(size) - 1).astype(int)
    high = np.clip(np.ceil(track.px.max(0) + room), low + 1, size).astype(int)
    shape = tuple(int(edge) * SUPERSAMPLE for edge in (high - low)[::-1])
    fine = (track.px - low + 0.5) * SUPERSAMPLE - 0.5
    asked = np.zeros(shape, np.uint8)
    thick = int(2 * (max(reach) * scale + 1) * SUPERSAMPLE) | 1
    cv2.polylines(
        asked, [np.round(fine).astype(np.int32)], isClosed=False, color=1, thickness=thick
    )
    near = beside(floats(fine), asked > 0)
    places, at = _places(strand, near, reach, track)
    places[~_is_its_own(strand, own, places, at)] = np.nan
    return Bend(floats(places), (int(low[0]), int(low[1])))


def _places(
    strand: Strand2D, near: Beside, reach: tuple[float, float], track: Track
) -> tuple[NDArray[np.float32], Floats]:
    """The photo's place for each place of the window, and which point of the line it is beside."""
    last = len(track.arc_mm) - 1
    numbers = np.arange(last + 1)
    arc = floats(np.interp(near.index, numbers, track.arc_mm))
    scale = floats(np.interp(near.index, numbers, track.px_per_mm))
    at = arc * strand.px_per_mm + strand.middle
    aside = near.aside / SUPERSAMPLE / scale * strand.px_per_mm
    count = np.arange(len(strand.line))
    normal = unit_tangents(strand.line)[:, ::-1] * np.array([-1, 1], np.float32)
    places = np.empty((*near.index.shape, 2), np.float32)
    for axis in (0, 1):
        center = np.interp(at, count, strand.line[:, axis])
        places[..., axis] = center + np.interp(at, count, normal[:, axis]) * aside
    ends = (near.index < -1) | (near.index > last + 1) | (at < 0) | (at > len(strand.line) - 1)
    outside = (aside < -reach[0]) | (aside > reach[1])
    places[ends | outside | np.isnan(aside)] = np.nan
    return places, floats(at)


def _is_its_own(strand: Strand2D, own: Beside, places: Floats, at: Floats) -> Mask:
    """Whether a place of the photo is beside that very point of the line."""
    known = np.asarray(np.isfinite(places).all(-1))
    columns, rows = np.where(known[..., None], np.round(places), 0).astype(int).transpose(2, 0, 1)
    height, width = own.index.shape
    known &= (columns >= 0) & (rows >= 0) & (columns < width) & (rows < height)
    columns, rows = columns.clip(0, width - 1), rows.clip(0, height - 1)
    apart = np.abs(own.index[rows, columns] - at)  # NaN where the photo shows no piece
    return np.asarray(known & (apart < _NEIGHBOR * strand.width_px))


def middle_transform(strand: Strand2D, track: Track) -> Matrix:
    """The similarity that the bend is at the strand's middle."""
    lowest = int(np.argmin(np.abs(track.arc_mm)))
    scale = float(track.px_per_mm[lowest]) / strand.px_per_mm
    at = round(strand.middle)
    source, target = unit_tangents(strand.line)[at], unit_tangents(track.px)[lowest]
    cos = float(source @ target)
    sin = float(source[0] * target[1] - source[1] * target[0])
    turn = scale * np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, track.px[lowest] - turn @ strand.line[at]])
