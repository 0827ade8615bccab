"""What lies in the openings of a piece and beside it, where nobody declared the background.

The background shows all round the piece, and what fills an opening or hangs at the outline is
compared with that: its hue, as shadows leave it (a shadow takes light from all channels alike),
that it is no brighter, and, in an opening, that it has no more texture. Where the piece itself
would pass for background, as gray steel before a gray wall, an opening filled with metal can't be
told; where the background is as bright as paper, a scrap of paper can't. Then nothing is said.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    blur,
    floats,
    grown,
    lab,
    shrunk,
    to_linear,
    to_srgb,
    window_round,
)
from jewelrymodel.studio.placement import Layer

Integers = NDArray[np.int64]
LEAST_OPENING = 0.002
"""Of the piece's area: a smaller opening is below what a soft outline shows."""
FILLED, ALIKE = 0.3, 0.25
_REFLECTED = 0.5
PAPER = 0.62  # linear light of paper in the shade
_BESIDE, ROUND_IT = 0.06, 0.16  # of the piece's longer edge: where scraps hang, where background is
_OFF_PX = 4  # a soft outline shows some of the piece
_HUES, _NEAR_HUES = 80, 5
_BRIGHTER, _ROUGHER, _SURELY_ROUGH = 1.15, 1.5, 2.5
_STANDS_OUT = 8.0  # ΔE
_SCALE_PX = 7.0
_DEEP, _WIDE = 2, 3  # of these: where an opening has room for texture, and leaves the shadow
_SMALLEST_RING = 400
_SIDES, _MOSTLY_KNOWN = 4, 0.8


@dataclass(frozen=True)
class Surroundings:
    """The sizes of the piece's openings in pixels, in how many of them something else than
    background shows (None: it can't be told), and the largest such spot at its outline, inside or
    outside, in pixels (None alike).
    """

    openings: tuple[int, ...]
    filled: int | None
    beside: int | None


def surroundings(layer: Layer, made: Bytes) -> Surroundings:
    """Look round the piece's layer, which lies exactly over the piece in the picture (HxWx3)."""
    piece = np.asarray(layer.cover > 0.5)
    reach = max(int(np.ptp(np.flatnonzero(piece.any(axis)))) + 1 for axis in (0, 1))
    clear = ~grown(np.asarray(layer.cover > 0.02), 2 * _OFF_PX + 1)
    openings = openings_of(piece)
    sizes = sizes_of(openings)
    outside = clear & (openings == 0)
    near = outside & grown(piece, int(2 * _BESIDE * reach) | 1)
    around = outside & grown(piece, int(2 * ROUND_IT * reach) | 1) & ~near
    inner = shrunk(np.asarray(layer.cover > 0.94), 3)
    if around.sum() < _SMALLEST_RING or not inner.any():
        return Surroundings(sizes, None, None)
    light = blur(to_linear(made), 1.0)
    if _is_varied(light, around):
        return Surroundings(sizes, None, None)
    background = Colors.of(light, around)
    other = ~background.holds(light)
    return Surroundings(
        sizes,
        _filled(light, other, openings * clear, inner, (around, near)),
        _beside(light, other & (near | (clear & (openings > 0))), inner, piece)
        if background.brightest < PAPER
        else None,
    )


def openings_of(piece: Mask) -> Integers:
    """Number the openings (HxW, 0 elsewhere): what the piece encloses and is large enough."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (~piece).astype(np.uint8), connectivity=4
    )
    height, width = piece.shape
    least, numbers = LEAST_OPENING * piece.sum(), np.zeros(count, np.int64)
    for label in range(1, count):
        left, top, wide, high, area = stats[label]
        framed = left > 0 and top > 0 and left + wide < width and top + high < height
        if framed and area >= least:
            numbers[label] = numbers.max() + 1
    return np.asarray(numbers[labels])


def sizes_of(openings: Integers) -> tuple[int, ...]:
    """The pixels of each numbered opening."""
    return tuple(int(size) for size in np.bincount(openings.ravel())[1:])


@dataclass(frozen=True)
class Colors:
    """The hues (a table of chromaticities) of a part of a picture, and the most light in it, as a
    mean of the channels.
    """

    hues: Mask
    brightest: float

    @classmethod
    def of(cls, light: Floats, where: Mask) -> "Colors":
        """What is common there: one pixel in five thousand is none."""
        hues, total = _hues(light[where])
        table = np.bincount(hues @ (_HUES, 1), minlength=_HUES**2).reshape(_HUES, _HUES)
        common = table >= max(2.0, 0.0002 * len(total))
        return cls(grown(common, _NEAR_HUES), float(np.quantile(total, 0.998)) * _BRIGHTER)

    def holds(self, light: Floats) -> Mask:
        """Where the light could be of these colors, in the shade or not."""
        hues, total = _hues(light)
        return np.asarray(self.hues[hues[..., 0], hues[..., 1]] & (total <= self.brightest + 0.004))


def _hues(light: Floats) -> tuple[Integers, Floats]:
    total = floats((light[..., 0] + light[..., 1] + light[..., 2]) / 3 + 1e-4)
    places = np.clip(light[..., :2] / (3 * total[..., None]) * _HUES, 0, _HUES - 1)
    return places.astype(np.int64), total


def _is_varied(light: Floats, around: Mask) -> bool:
    """Whether one side of the background can't be told from the others: then neither can what an
    opening shows.
    """
    down, across = np.nonzero(around)
    angle = np.arctan2(down - down.mean(), across - across.mean())
    side = np.zeros(around.shape, np.int64)
    side[around] = 1 + np.minimum((angle + np.pi) / (2 * np.pi) * _SIDES, _SIDES - 1)
    for number in range(1, _SIDES + 1):
        here = np.asarray(side == number)
        others = around & ~here
        if here.any() and others.any():
            known = Colors.of(light, others).holds(light[here])
            if known.mean() < _MOSTLY_KNOWN:
                return True
    return False


def _filled(
    light: Floats, other: Mask, openings: Integers, inner: Mask, background: tuple[Mask, Mask]
) -> int | None:
    """How many openings show another color than the background, or more texture where there is
    room to see it; None where the piece would be taken for background. A narrow one lies in the
    piece's shadow, as the nearer part of the background does.
    """
    around, near = background
    roughest = [
        _ROUGHER * float(np.quantile(_roughness(light, where), 0.95)) + 0.01
        for where in (around, around | near)
    ]
    alike = 1 - float(other[inner].mean()) > ALIKE
    smooth = float(np.median(_roughness(light, inner))) < _SURELY_ROUGH * roughest[1]
    count = untold = 0
    for number in range(1, int(openings.max()) + 1):
        here = np.asarray(openings == number)
        depth = cv2.distanceTransform(here.astype(np.uint8), cv2.DIST_L2, 3).max() / _SCALE_PX
        most = roughest[0] if depth > _WIDE else roughest[1]
        rough = depth > _DEEP and float(np.median(_roughness(light, here))) > most
        if here.any() and (rough or other[here].mean() > FILLED):
            count += 1
        elif alike and (smooth or depth <= _DEEP):
            untold += 1
    return count if count or not untold else None


def _roughness(light: Floats, where: Mask) -> Floats:
    """The relative deviation from the mean of the neighborhood, of what is there alone."""
    window = window_round(where, round(4 * _SCALE_PX))
    light, where = light[window], where[window]
    total, weight = floats(light.mean(2)), floats(where)
    share = np.maximum(blur(weight, _SCALE_PX), 1e-3)
    even = blur(floats(total * weight), _SCALE_PX) / share
    square = blur(floats((total - even) ** 2 * weight), _SCALE_PX) / share
    return floats((np.sqrt(np.maximum(square, 0)) / (even + 0.01))[where])


def _beside(light: Floats, other: Mask, inner: Mask, piece: Mask) -> int | None:
    """The largest spot that touches the piece; None where it may be the piece's own reflection."""
    opened = cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    touching = np.unique(labels[grown(piece, 2 * _OFF_PX + 5)])
    largest = max(touching[touching > 0], key=lambda label: stats[label, 4], default=0)
    if not largest:
        return 0
    spot = np.asarray(labels == largest)
    beyond = grown(spot, 13) & ~grown(spot, 5) & ~grown(piece, 2 * _OFF_PX + 1)
    if not beyond.any() or _apart(light, spot, beyond) < _STANDS_OUT:
        return 0
    reflected = Colors.of(light, inner).holds(light[spot]).mean() > _REFLECTED
    return None if reflected else int(stats[largest, 4])


def _apart(light: Floats, one: Mask, other: Mask) -> float:
    """How far the mean colors of two places are apart (CIE76)."""
    means = floats([light[where].mean(0) for where in (one, other)])
    colors = lab(to_srgb(means)[None])[0]
    return float(np.linalg.norm(colors[0] - colors[1]))
