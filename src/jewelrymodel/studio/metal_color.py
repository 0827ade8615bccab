"""What color a piece's metal has, where the photo is sure enough of it to say so in words.

It is said of what is seen, "gold-colored": a photo knows no alloy. Hues and chroma are CIE Lab's.
What lies behind the piece tells the light: against near-white paper a cast is known and taken out;
without such paper only what no usual lamp does to another metal is said.
"""

from enum import StrEnum

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, lab

_SOLID = 240  # of 255: cover without what shines through
_BARE = 4  # of 255: cover of what is behind the piece
_FEW = 200  # pixels: a smaller piece isn't judged
_DARKEST, _BRIGHTEST = 12.0, 96.0  # lightness in which a color can be told
_PAPER = 70.0  # lightness from which the ground counts as paper
_CAST = 10.0  # chroma of paper in the light of a lamp, at most
_COLORLESS = 3.0  # chroma of a photo in black and white, at most
_GRAY = 7.0  # chroma of silver, at most
_GLEAM = 45.0  # between the lightness of metal's darks and lights: pearls and wood have less
_COLORED, _WARM = 14.0, 24.0  # chroma of gold, at least; the same where the light isn't known
_DEEP = 58.0  # chroma of gold, at most: amber is deeper
_GOLD = (66.0, 98.0)  # degrees
_MOST = 0.62  # of what is seen
_MOST_GRAY = 0.7


class MetalColor(StrEnum):
    """The colors that are told apart."""

    GOLD = "gold"
    SILVER = "silver"


def metal_color(cutout: Bytes, photo: Bytes) -> MetalColor | None:
    """The color of the metal of a cutout (HxWx4) of this photo (HxWx3, of the same frame); None
    where stones, mixed metals, the light or a photo without colors leave it open.
    """
    colors = lab(photo)
    piece = colors[cutout[..., 3] >= _SOLID]
    seen = piece[(piece[:, 0] > _DARKEST) & (piece[:, 0] < _BRIGHTEST)]
    if len(seen) < _FEW or np.percentile(np.hypot(colors[..., 1], colors[..., 2]), 99) < _COLORLESS:
        return None
    cast = _cast(colors[cutout[..., 3] <= _BARE])
    a, b = (seen[:, 1:] - (0 if cast is None else cast)).T
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
    golden = (chroma > (_WARM if cast is None else _COLORED)) & (hue > _GOLD[0]) & (hue < _GOLD[1])
    if golden.mean() > _MOST:
        return MetalColor.GOLD if np.median(chroma[golden]) < _DEEP else None
    gleam = np.ptp(np.percentile(seen[:, 0], (5, 95)))
    is_gray = np.mean(chroma < _GRAY) > _MOST_GRAY and gleam > _GLEAM
    return MetalColor.SILVER if is_gray else None


def _cast(behind: Floats) -> Floats | None:
    """The light's color (a, b) on the paper behind the piece, from its Lab values (Nx3); None where
    there is no paper.
    """
    if len(behind) < _FEW:
        return None
    paper = np.median(behind, axis=0)
    if paper[0] < _PAPER or np.hypot(paper[1], paper[2]) > _CAST:
        return None
    return floats(paper[1:])
