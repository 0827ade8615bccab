"""Where a brush went: windows of the photo along its path, and how far each pixel is from it."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats
from jewelrymodel.studio.corrections import Correction, Point

_LENGTH = 8.0  # radii: so long is a stretch, so that its colors are those of the place
_LEAST_LENGTH_PX = 96.0
_SUBPIXEL_BITS = 4


@dataclass(frozen=True)
class Stretch:
    """A part of a stroke in a `window` (rows, columns) of the photo: `distance` of each pixel in it
    from the path, in pixels, and the brush's `radius`.
    """

    window: tuple[slice, slice]
    distance: Floats
    radius: float

    @property
    def brush(self) -> Floats:
        """The brush's own mark (0 to 1), with an edge of one pixel."""
        return floats(np.clip(self.radius + 0.5 - self.distance, 0, 1))

    @property
    def inside(self) -> Mask:
        """The pixels under the brush."""
        return np.asarray(self.distance <= self.radius)


def stretches(stroke: Correction, shape: tuple[int, ...], room_px: int) -> Iterator[Stretch]:
    """The stroke in parts that follow each other, each with so much room round its brush; `shape`
    (height, width) is the photo's.
    """
    for points in _parts(stroke.points, stroke.radius):
        yield _stretch(points, stroke.radius, shape, room_px)


def _parts(points: tuple[Point, ...], radius: float) -> Iterator[list[Point]]:
    longest = max(_LENGTH * radius, _LEAST_LENGTH_PX)
    part, length = [points[0]], 0.0
    for point in _steps(points, longest):
        length += math.dist(part[-1], point)
        part.append(point)
        if length >= longest:
            yield part
            part, length = [point], 0.0
    if len(part) > 1 or len(points) == 1:
        yield part


def _steps(points: tuple[Point, ...], longest: float) -> Iterator[Point]:
    """The places after the first, with some between two that are farther apart."""
    for start, end in itertools.pairwise(points):
        count = math.ceil(math.dist(start, end) / longest) or 1
        for n in range(1, count + 1):
            share = n / count
            yield start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _stretch(points: list[Point], radius: float, shape: tuple[int, ...], room_px: int) -> Stretch:
    places = np.array(points, np.float64)
    reach = radius + room_px
    low = np.maximum(np.floor(places.min(0) - reach), 0).astype(int)
    high = np.minimum(np.ceil(places.max(0) + reach) + 1, (shape[1], shape[0])).astype(int)
    low = np.minimum(low, high - 1)
    ground = np.full((high[1] - low[1], high[0] - low[0]), 255, np.uint8)
    # A place is a point of the photo's plane, and a pixel's middle is half a pixel inside it.
    inside = np.round((places - low - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(ground, [inside], isClosed=False, color=0, shift=_SUBPIXEL_BITS)
    at = np.clip(np.floor(places - low).astype(int), 0, np.array(ground.shape)[::-1] - 1)
    ground[at[:, 1], at[:, 0]] = 0  # a tap draws no line
    distance = floats(cv2.distanceTransform(ground, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    window = slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
    return Stretch(window, distance, radius)
