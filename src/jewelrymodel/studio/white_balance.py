"""White balance by a spot of the photo that its seller knows to be neutral: paper, a gray card.

One gain for each channel in linear light (von Kries's rule, in the photo's own primaries), such
that the spot becomes gray and stays as bright as it is. Bounded: a lamp's cast can be taken out,
and gold can't be made silver. What the camera burnt out has no color to correct and stays white.
"""

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, to_bytes, to_linear, to_srgb
from jewelrymodel.studio.messages import NeutralProblem, StudioRefusal

Gains = tuple[float, float, float]
AS_PHOTOGRAPHED: Gains = (1.0, 1.0, 1.0)
MAX_GAIN, MIN_GAIN = 1.6, 0.6
MAX_SPREAD = 2.2  # largest gain by the smallest: warm indoor light on white paper
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # of linear sRGB, IEC 61966-2-1
_REACH = 0.006  # of the photo's longer edge: grain is averaged away
_DARKEST, _BRIGHTEST = 0.03, 0.97
_BURNT = (0.8, 0.95)  # the darkest channel, in linear light: from here on, and fully


class NotNeutral(StudioRefusal):
    """This spot can't be taken for neutral: a NeutralProblem."""

    codes = NeutralProblem


def gains_at(photo: Bytes, x: float, y: float) -> Gains:
    """The gains (red, green, blue) that make the spot of a photo (HxWx3) gray; `x` and `y` are
    shares of its width and height. Raises NotNeutral.
    """
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise NotNeutral(NeutralProblem.OUTSIDE)
    height, width = photo.shape[:2]
    reach = max(2, round(_REACH * max(height, width)))
    column, row = round(x * (width - 1)), round(y * (height - 1))
    spot = photo[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
    light = to_linear(spot).reshape(-1, 3).mean(0)
    if light.min() > _BRIGHTEST or (light > _BRIGHTEST).any():
        raise NotNeutral(NeutralProblem.BURNT_OUT)
    if light.max() < _DARKEST:
        raise NotNeutral(NeutralProblem.TOO_DARK)
    gains = float(light @ _LUMINANCE) / np.maximum(light, 1e-4)
    red, green, blue = (round(float(gain), 4) for gain in gains)
    if not is_bounded((red, green, blue)):
        raise NotNeutral(NeutralProblem.COLORED)
    return red, green, blue


def is_bounded(gains: Gains) -> bool:
    """Whether a lamp's cast can be that strong."""
    least, most = min(gains), max(gains)
    return least >= MIN_GAIN and most <= MAX_GAIN and most <= MAX_SPREAD * least


def balanced(rgb: Bytes, gains: Gains) -> Bytes:
    """A picture (HxWx3) with these gains."""
    if gains == AS_PHOTOGRAPHED:
        return rgb
    light = to_linear(rgb)
    low, high = _BURNT
    burnt = np.clip((light.min(2, keepdims=True) - low) / (high - low), 0, 1)
    field: Floats = floats(np.array(gains, np.float32) * (1 - burnt) + burnt)
    return to_bytes(to_srgb(light * field))
