"""How a ring or bracelet is lit where it is worn, and what it does to the skin's light."""

from typing import Any

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_linear
from jewelrymodel.studio.lighting import SKIN_TINT, Light, shadow
from jewelrymodel.studio.model_templates import View
from jewelrymodel.studio.placement import Layer
from jewelrymodel.studio.skin_lighting import bounded, light_gains, mirrored_skin
from jewelrymodel.studio.skin_shadows import skin_shadow

_SKIN = tuple(range(1, 17))
_TURNED, _SHADED = 0.06, 0.09  # how much darker the sides are, and the side away from the lamp
_BRIGHT = (0.55, 0.9)  # linear light between which a reflection of the lamp begins
_BEHIND, _TURNS_MM = 0.3, 7.0  # how dark it is behind a limb; how far on that is reached
_LINE, _LINE_MM = 0.75, 0.1  # the dark line where metal meets skin: how dark, how soft
_BESIDE_MM = 0.6


def skin_of(view: View) -> Floats:
    """How much of each pixel of the picture (HxW) is the limb's skin."""
    return view.part_mask(_SKIN)


def worn_light(
    view: View, limb: dict[str, Any], worn: Layer, skin: Floats, sides_px: Floats | None = None
) -> Light:
    """The light of the place on what is worn round a limb: the lamp's color, less of it where the
    band turns away, the skin mirrored beside it. Reflections of the lamp keep their brightness.
    What goes on behind the limb's sides, which are as far along it as `sides_px`, is in its shade.
    """
    template = view.template
    aside = across_limb(view, limb)
    lamp = float(np.sign(-template.key_direction[0])) * aside
    turned = 1 - _TURNED * np.clip(np.abs(aside), 0, 1.15) ** 3
    turned = turned - _SHADED * np.clip(lamp, 0, 1) ** 2
    gains = light_gains(template) * turned[..., None]
    unit = float(limb["px_per_mm"]) * view.zoom
    gains = gains * mirrored_skin(view, worn.cover, skin, unit)
    if sides_px is not None:
        gains = gains * (1 - _BEHIND * _behind(view, limb, sides_px, skin))[..., None]
    cover = np.maximum(worn.cover, 1e-3)[..., None]
    brightness = blur(floats((worn.light / cover).max(2)), 0.7)
    low, high = _BRIGHT
    glint = np.clip((brightness - low) / (high - low), 0, 1)[..., None]
    spared = 0.5 * glint * np.maximum(template.key_color / template.key_color.max() - gains, 0)
    return bounded(floats(gains + spared))


def _behind(view: View, limb: dict[str, Any], sides_px: Floats, skin: Floats) -> Floats:
    """How much of each pixel (HxW) is beside a limb and farther along it than its sides, where a
    band runs behind it.
    """
    width, height = view.size_px
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    ax, ay = limb["axis_px"]
    farther = (across - sides_px[0]) * ax + (down - sides_px[1]) * ay
    soft = _TURNS_MM * float(limb["px_per_mm"]) * view.zoom
    return floats(np.clip(farther / soft, 0, 1) * (1 - skin))


def shaded_skin(
    view: View, limb: dict[str, Any], worn: Layer, head: Floats | None, relief_mm: float,
    picture: Floats, skin: Floats,
) -> Floats:  # fmt: skip
    """The limb in linear light (HxWx3) under what is worn: a dark line where it touches, the soft
    shadow of its band, and that of a head (its cover, HxW), which stands higher.
    """
    unit = float(limb["px_per_mm"]) * view.zoom
    on_skin = blur(skin, 0.5)[..., None]
    # What stands out beside the limb runs on behind it, and throws no shadow on it.
    above = floats(worn.cover * np.clip(2 * blur(skin, _BESIDE_MM * unit), 0, 1))
    cast = skin_shadow(view, above, relief_mm, unit)
    cast = cast * shadow(worn.cover, (0, 0), max(0.6, _LINE_MM * unit), _LINE, SKIN_TINT)
    if head is not None:
        cast = np.minimum(cast, skin_shadow(view, floats(head * above), 2 * relief_mm, unit))
    return floats(to_linear(picture) * (1 - (1 - cast) * on_skin))


def across_limb(view: View, limb: dict[str, Any]) -> Floats:
    """Per pixel the place across the limb, in half its widths from its middle at the seat."""
    width, height = view.size_px
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = view.points(middle_of(limb))
    ax, ay = limb["axis_px"]
    aside = (across - x) * ay - (down - y) * ax
    return floats(aside / (float(limb["width_px"]) * view.zoom / 2))


def middle_of(limb: dict[str, Any]) -> Floats:
    """The middle of the limb's outline at the seat, in template pixels."""
    axis = np.array(limb["axis_px"], np.float64)
    shift = sum(limb["edges_px"]) / 2
    return floats(np.array(limb["seat_px"]) + shift * np.array([-axis[1], axis[0]]))


def head_cover(head: Floats, matrix: Any, size_px: tuple[int, int]) -> Floats:
    """The head's mask in the picture."""
    return floats(cv2.warpAffine(floats(head), matrix, size_px, flags=cv2.INTER_LINEAR))
