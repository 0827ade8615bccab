"""Parts of a piece that a network saw faintly, such as a chain that runs out of the picture.

What the network found, but shows as half transparent over more than an outline, becomes as solid as
the photo says: where it differs from even ground by more than a shadow does. The soft edge keeps
its form, and nothing is added where the network saw nothing (docs/adr/0014, docs/cutouts.md).
"""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats
from jewelrymodel.studio.ground_difference import ground_difference
from jewelrymodel.studio.shadow_haze import fading, slope_of, window_round

_NEAR_PX = 7  # of the window: an outline is softer than solid no farther from something solid
_FAINTEST = 0.15  # alpha of what can be raised at all
_RAISED = 0.12, 0.22  # the most alpha near by: from the first on it is raised, by the second wholly
_SOLID = 0.92, 0.97  # and what is as solid as this stays
_MOST = 5.0  # times

# Each pair is where a pixel counts in full and where no longer, as in `shadow_haze`.
_COLOR = 0.04, 0.09  # that isn't the ground's
_SLOPE = 0.03, 0.07  # of brightness by pixel: an edge
_BRIGHTER = 0.03, 0.08
_VARIED = 0.14, 0.22  # the ground itself
_GLOWS, _GLOW_SPREADS, _SURELY_GLOWS = 0.25, 2.5, 0.15  # brighter: no shadow, however uneven
_APART, _SPREADS, _SURELY = 0.05, 1.5, 0.08  # from the ground, beside how much that varies


def with_solid_parts(rgb: Bytes, alpha: Floats) -> Floats:
    """`alpha` (HxW) of a photo (HxWx3) with faded parts made solid; never less than it was."""
    window = window_round(alpha)
    if window is None:
        return alpha
    cover = window.of(alpha)
    peak = cv2.dilate(cover, np.ones((_NEAR_PX, _NEAR_PX), np.uint8))
    faded = fading(floats(peak), _SOLID) * (1 - fading(floats(peak), _RAISED))
    if not (faded > 0).any():
        return alpha
    shown = _unlike_ground(floats(window.of(rgb) / 255), cover) * (cover > _FAINTEST)
    shown = blur(floats(cv2.dilate(shown, np.ones((3, 3), np.uint8))), 1.0)
    gain = blur(floats(1 + (1 / np.clip(peak, 1 / _MOST, 1) - 1) * shown * faded), 1.0)
    x0, y0, x1, y1 = window.box
    gain = floats(cv2.resize(gain, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR))
    raised = alpha.copy()
    raised[y0:y1, x0:x1] = np.clip(raised[y0:y1, x0:x1] * np.maximum(gain, 1), 0, 1)
    return raised


def _unlike_ground(seen: Floats, cover: Floats) -> Floats:
    """How surely each pixel shows neither the ground nor a shadow on it: 0 to 1."""
    ground = ground_difference(seen, cover)
    tone = floats(ground.ratio.mean(2))
    color = floats(np.abs(ground.ratio - tone[..., None]).max(2))
    shade = fading(color, _COLOR) * fading(slope_of(seen), _SLOPE) * fading(tone, _BRIGHTER)
    farthest = np.abs(ground.ratio).max(2) - _SPREADS * ground.spread
    apart = np.clip((farthest - _APART) / _SURELY, 0, 1)
    even = apart * (1 - shade) * fading(ground.spread, _VARIED)
    glows = (tone - np.maximum(_GLOWS, _GLOW_SPREADS * ground.spread)) / _SURELY_GLOWS
    return floats(np.maximum(even, np.clip(glows, 0, 1)))
