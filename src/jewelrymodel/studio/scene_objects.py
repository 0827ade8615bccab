"""Things in a generated scene that are not of the surface that the piece lies on.

What a surface is made of shows in many places of the picture; a thing is in one. So a color counts
as the surface's where many cells of a grid hold it, whatever the surface is, and what is of other
colors hangs together as things. A piece of jewelry among them glints: within it brightness changes
much and suddenly, as it does in no knot of wood, leaf or stain.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, lab, to_srgb
from jewelrymodel.studio.scene_canvas import widened

Integers = NDArray[np.int64]
EDGE_PX = 512  # of the picture's longer edge: as fine as things are looked for
LEAST, LEAST_PX = 0.005, 40  # of the piece's area, and at all
CONTRAST = 45.0  # gray levels between a thing's dark and light twentieth
STEEPNESS = 5.0  # gray levels a pixel, in the mean over it
LEAST_GROWN, _GROWN_STEEPNESS = 0.01, 1.5  # a copy that grew may be of one tone
_GRID, _CELLS, _SHARE = 8, 10, 0.01  # a surface's color is a hundredth of ten of its 64 parts
_COLOR, SPAN = 8.0, 34  # ΔE, and cells along each axis
_SHADES = (0.8, 0.65, 0.5, 0.38, 0.28)  # how much light a cast shadow leaves
_OWN = 0.5  # of a thing, in the piece's colors


@dataclass(frozen=True)
class SceneObject:
    """A thing: its `area` as a share of the piece's, how far its dark and light twentieth are apart
    and how steeply it changes, in gray levels; whether it `hangs` on the piece, and how much of it
    has the piece's colors.
    """

    area: float
    contrast: float
    steepness: float
    hangs: bool
    alike: float

    @property
    def glints(self) -> bool:
        """Whether it looks like jewelry."""
        return self.contrast >= CONTRAST and self.steepness >= STEEPNESS

    @property
    def is_growth(self) -> bool:
        """Whether it could be the piece's copy that went on beyond its outline."""
        return self.hangs and self.area >= LEAST_GROWN and self.steepness >= _GROWN_STEEPNESS

    @property
    def has_the_pieces_colors(self) -> bool:
        """Whether most of it could be of the piece."""
        return self.alike >= _OWN


def objects(scene: Bytes, cover: Floats, rim: Mask) -> list[SceneObject]:
    """Return the things of at least LEAST in a scene (HxWx3) beyond the `rim` (HxW) round the
    piece, whose opacity is `cover` (HxW); those that hang on it only where they aren't its shadow.
    """
    shrink = min(1.0, EDGE_PX / max(rim.shape))
    if shrink < 1:
        size = (round(rim.shape[1] * shrink), round(rim.shape[0] * shrink))
        scene = np.asarray(cv2.resize(scene, size, interpolation=cv2.INTER_AREA), np.uint8)
        cover = floats(cv2.resize(cover, size, interpolation=cv2.INTER_AREA))
        rim = cv2.resize(rim.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    piece, beyond = np.asarray(cover > 0.94), ~rim
    if not piece.any() or not beyond.any():
        return []
    soft = np.asarray(cv2.GaussianBlur(scene, (0, 0), 1.0), np.uint8)
    numbers = color_cells(lab(soft))
    surface = _surface(numbers, beyond)
    own = with_neighbors(np.bincount(numbers[piece], minlength=SPAN**3) > 0.002 * piece.sum())
    found = _things(~with_neighbors(surface)[numbers] & beyond, scene, piece, rim, own[numbers])
    if not any(one.hangs for one in found):
        return found
    lit = _things(
        ~with_neighbors(_shaded(surface))[numbers] & beyond, scene, piece, rim, own[numbers]
    )
    return [one for one in found if not one.hangs] + [one for one in lit if one.hangs]


def color_cells(colors: Floats) -> Integers:
    """The number of each color's cell in Lab, cubes of _COLOR."""
    cube = np.floor(colors / _COLOR).astype(np.int64) + np.array([1, SPAN // 2, SPAN // 2])
    return np.asarray(cube @ np.array([SPAN * SPAN, SPAN, 1]))


def with_neighbors(table: Mask) -> Mask:
    """Those cells and the ones beside them, by number."""
    cube = table.reshape(SPAN, SPAN, SPAN)
    for axis in range(3):
        cube = cube | np.roll(cube, 1, axis) | np.roll(cube, -1, axis)
    return np.asarray(cube.ravel())


def _things(other: Mask, scene: Bytes, piece: Mask, rim: Mask, alike: Mask) -> list[SceneObject]:
    opened = cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)) * ~rim
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed.astype(np.uint8))
    gray = floats(cv2.cvtColor(scene, cv2.COLOR_RGB2GRAY))
    steep, near = _steepness(gray), widened(rim, 3)
    least, found = max(LEAST_PX, LEAST * piece.sum()), []
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < least:
            continue
        here = labels == label
        dark, light = np.percentile(gray[here], (5, 95))
        found.append(
            SceneObject(
                area=float(here.sum() / piece.sum()),
                contrast=float(light - dark),
                steepness=float(steep[here].mean()),
                hangs=bool((here & near).any()),
                alike=float(alike[here].mean()),
            )
        )
    return found


def _steepness(gray: Floats) -> Floats:
    soft = cv2.GaussianBlur(gray, (0, 0), 1.0)
    slopes = [cv2.Sobel(soft, cv2.CV_32F, *one) / 8 for one in ((1, 0), (0, 1))]
    return floats(np.hypot(*slopes))


def _surface(numbers: Integers, beyond: Mask) -> Mask:
    """Which colors, by number, are held by many parts of the picture."""
    high, wide = numbers.shape
    down, across = np.mgrid[0:high, 0:wide]
    part = (down * _GRID // high * _GRID + across * _GRID // wide)[beyond]
    size = np.bincount(part, minlength=_GRID**2)
    pairs, counts = np.unique(numbers[beyond] * _GRID**2 + part, return_counts=True)
    held = counts >= np.maximum(2, _SHARE * size[pairs % _GRID**2])
    spread = np.bincount(pairs[held] // _GRID**2, minlength=SPAN**3)
    return np.asarray(spread >= _CELLS)


def _shaded(surface: Mask) -> Mask:
    """The surface's colors and those that a cast shadow makes of them."""
    cells = np.argwhere(surface.reshape(SPAN, SPAN, SPAN)) - np.array([1, SPAN // 2, SPAN // 2])
    colors = floats((cells + 0.5) * _COLOR)[None]
    light = np.clip(cv2.cvtColor(colors, cv2.COLOR_LAB2LRGB), 0, 1)
    shaded = surface.copy()
    for share in _SHADES:
        shaded[color_cells(lab(to_srgb(light * np.float32(share))))[0]] = True
    return shaded
