"""The light of a photo of somebody, read from their skin near the place where a piece sits.

It is an estimate and kept small: the piece is what is sold, so neither its color nor its brightness
may follow a photo farther than a real lamp would make them.
"""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats

_USUAL_SKIN = np.array([1.0, 0.66, 0.5], np.float32)  # linear, of the brightest channel
_STRONGEST_CAST = 0.05  # of a channel, either way
_FALLS = 2.2  # how strongly a slope of the brightness counts against what faces the camera
_USUAL_LAMP = floats((0, -0.316, -0.949))  # above the camera, as in most photographs
_TONES = ((0.34, "light"), (0.16, "tan"), (0.0, "deep"))  # by the skin's luminance in linear light
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class SkinLight:
    """Direction towards the lamp (camera space, unit length), its color and that of the rest
    (linear, relative), and the tone of the skin.
    """

    direction: Floats
    key_color: Floats
    fill_color: Floats
    tone: str


def skin_light(
    linear: Floats,
    skin: Floats,
    center: tuple[float, float],
    reach: float,
    *,
    is_folded: bool = False,
) -> SkinLight:
    """The light on the skin (`skin`: HxW, 0…1) of a photo in linear light (HxWx3), within `reach`
    pixels of `center`. Where that *is_folded*, as an ear is, its brightness says little of the
    lamp's direction, and the usual one is taken.
    """
    near = floats(skin * _nearness(skin.shape, center, reach))
    weight = max(float(near.sum()), 1e-6)
    mean = floats((linear * near[..., None]).sum((0, 1)) / weight)
    luminance = floats(linear @ _LUMINANCE)
    tone = next(name for least, name in _TONES if float(mean @ _LUMINANCE) >= least)
    cast = _cast(mean)
    smooth = blur(luminance, max(reach / 12, 1.0))
    return SkinLight(
        direction=_USUAL_LAMP if is_folded else _direction(smooth, near, center, reach),
        key_color=floats(cast / cast.max()),
        fill_color=floats((2 - cast) / (2 - cast).max()),
        tone=tone,
    )


def _nearness(shape: tuple[int, ...], center: tuple[float, float], reach: float) -> Floats:
    down, across = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    distance = ((across - center[0]) ** 2 + (down - center[1]) ** 2) / max(reach, 1.0) ** 2
    return floats(np.exp(-2 * distance))


def _cast(skin: Floats) -> Floats:
    """The lamp's color: how the skin differs from usual skin, by a part and within bounds."""
    differs = skin / max(float(skin.max()), 1e-6) / _USUAL_SKIN
    differs = differs / max(float(differs.mean()), 1e-6)
    return floats(np.clip(differs**0.25, 1 - _STRONGEST_CAST, 1 + _STRONGEST_CAST))


def _direction(
    luminance: Floats, near: Floats, center: tuple[float, float], reach: float
) -> Floats:
    """From the slope of the brightness: skin is brighter where it turns towards the lamp."""
    down, across = np.mgrid[0 : near.shape[0], 0 : near.shape[1]].astype(np.float32)
    x, y = (across - center[0]) / max(reach, 1.0), (down - center[1]) / max(reach, 1.0)
    weight = near.ravel()
    columns = np.stack([np.ones_like(x), x, y], -1).reshape(-1, 3)
    normal = columns.T @ (columns * weight[:, None]) + 1e-6 * np.eye(3)
    level, right, below = np.linalg.solve(normal, columns.T @ (weight * luminance.ravel()))
    slope = np.array([right, below]) / max(float(level), 1e-3) * _FALLS
    slope = slope / max(1.0, float(np.hypot(*slope)))
    lamp = np.array([0.7 * slope[0], 0.7 * slope[1] - 0.25, -0.75])
    return floats(lamp / np.linalg.norm(lamp))
