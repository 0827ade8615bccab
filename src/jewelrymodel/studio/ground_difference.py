"""How a photo differs from the ground that it would show without the piece.

Shadow and paper differ in brightness only, metal and stones in color or texture too: on an even
ground these maps say more of what is piece than the photo itself.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats

_SIGMAS_PX = (128, 40, 12)  # coarse first; a finer one where it sees enough ground
_ENOUGH = 0.1
_DARKEST = 0.03  # keeps the noise of black from looking like color
_MOST = 1.5
_COVERED = 0.03
_COARSER = 4


@dataclass(frozen=True)
class GroundDifference:
    """`ratio` (HxWx3, -1 to 1) is the logarithm of the photo over the ground, by 1.5; `spread`
    (HxW) how much the ground near each pixel varies by itself, in the same unit; `brightness`
    (HxW, sRGB 0 to 1) the ground's brightest channel.
    """

    ratio: Floats
    spread: Floats
    brightness: Floats


def ground_difference(rgb: Floats, cover: Floats) -> GroundDifference:
    """Compare a photo (HxWx3, sRGB 0 to 1) with its own ground, where `cover` (HxW, the networks'
    alpha) sees nothing. Distances are for a piece of some 500 px.
    """
    size = cover.shape[::-1]
    small = (max(1, size[0] // _COARSER), max(1, size[1] // _COARSER))
    bare = floats(cover < _COVERED)
    shares = floats(cv2.resize(bare, small, interpolation=cv2.INTER_AREA))
    colors = floats(cv2.resize(rgb * bare[..., None], small, interpolation=cv2.INTER_AREA))
    ground = _filled(colors, shares, np.full_like(colors, 0.5), _SIGMAS_PX)
    ground = floats(cv2.resize(ground, size, interpolation=cv2.INTER_LINEAR))
    ratio = np.clip(np.log((rgb + _DARKEST) / (ground + _DARKEST)) / _MOST, -1, 1)
    varied = cv2.resize((ratio**2).mean(2) * bare, small, interpolation=cv2.INTER_AREA)[..., None]
    spread = np.sqrt(_filled(floats(varied), shares, np.zeros_like(varied), _SIGMAS_PX[:2]))
    wide = cv2.resize(spread, size, interpolation=cv2.INTER_LINEAR)
    return GroundDifference(floats(ratio), floats(wide), floats(ground.max(2)))


def _filled(
    values: Floats, shares: Floats, where_nothing: Floats, sigmas_px: tuple[int, ...]
) -> Floats:
    """Values (HxWxN, already multiplied by their `shares`) spread over what lies between them."""
    made = where_nothing
    for sigma in sigmas_px:
        share = blur(shares, sigma / _COARSER)[..., None]
        seen = blur(values, sigma / _COARSER).reshape(values.shape) / np.maximum(share, 1e-4)
        trust = np.clip(share / _ENOUGH, 0, 1)
        made = floats(made * (1 - trust) + seen * trust)
    return made
