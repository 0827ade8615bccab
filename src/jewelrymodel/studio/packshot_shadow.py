"""The shadow of a piece on white: where it touches, and a soft one round it.

Pearls and white metal have no outline on white but this one. It is computed for a soft lamp above
and a little behind the camera, and ends before the picture does: marketplaces ask for edges of pure
white.
"""

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats
from jewelrymodel.studio.lighting import shifted
from jewelrymodel.studio.scene_floor import foot_of

_THIN, _STOUT = 1 / 220, 1 / 45  # of the picture's edge: how a millimeter may count
_FREE = 0.012  # of the picture's edge, without any shadow
_FADE = 0.05
_LAYERS = ((0.55, 0.04, 0.010), (0.30, 0.10, 0.026), (0.16, 0.24, 0.055))
"""A standing piece's shadow: how deep, how far beside where it touches, how thick; of its size."""


def lying_shadow(cover: Floats, px_per_mm: float) -> Floats:
    """The factor (HxW, 0…1) that a piece, lying under the camera, puts on the white below."""
    unit = _unit(cover, px_per_mm)
    contact = 0.42 * blur(shifted(cover, 0.03 * unit, 0.12 * unit), 0.16 * unit)
    cast = 0.26 * blur(shifted(cover, 0.12 * unit, 0.5 * unit), 0.7 * unit)
    ambient = 0.08 * blur(shifted(cover, 0.1 * unit, 1.1 * unit), 1.8 * unit)
    return _within(floats((1 - contact) * (1 - cast) * (1 - ambient)))


def standing_shadow(cover: Floats) -> Floats:
    """The same for a piece that stands, seen from a little above: below its foot, where it touches,
    and along the ground.
    """
    height, width = cover.shape
    solid = np.asarray(cover > 0.5)
    columns = np.flatnonzero(solid.any(0))
    foot = foot_of(cover) - 1
    lowest = solid[max(0, round(foot - 0.02 * solid.any(1).sum())) : round(foot) + 1]
    touching = np.flatnonzero(lowest.any(0))
    middle, half = float(touching.mean()), float(np.ptp(touching)) / 2
    down, across = np.ogrid[0:height, 0:width]
    beside, below = np.maximum(np.abs(across - middle) - half, 0), down - foot
    piece = float(np.sqrt(len(columns) * solid.any(1).sum()))

    def falling(depth: float, reach: float, thick: float) -> Floats:
        away = (beside / (reach * piece)) ** 2 + (below / (thick * piece)) ** 2
        return floats(depth * np.exp(-away))

    tight, near, ground = (falling(*one) for one in _LAYERS)
    around = 0.08 * blur(cover, 0.012 * piece)
    return _within(floats((1 - tight) * (1 - near) * (1 - ground) * (1 - around)))


def _unit(cover: Floats, px_per_mm: float) -> float:
    """A millimeter in pixels; a long necklace still gets a shadow to see, a stud no fog."""
    edge = float(max(cover.shape))
    return min(max(px_per_mm, _THIN * edge), _STOUT * edge)


def _within(factor: Floats) -> Floats:
    """The shadow, faded out before the picture ends."""
    height, width = factor.shape
    free, fade = _FREE * max(factor.shape), _FADE * max(factor.shape)

    def inner(size: int) -> Floats:
        places = np.arange(size)
        share = np.clip((np.minimum(places, size - 1 - places) - free) / fade, 0, 1)
        return floats(share * share * (3 - 2 * share))

    window = inner(height)[:, None] * inner(width)[None, :]
    return floats(1 - (1 - factor) * window)
