"""The light that a worn piece shares with the person: the lamp's, and what skin gives back."""

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, to_linear, window_round
from jewelrymodel.studio.lighting import BRIGHTEST, DARKEST, MAX_TINT, Light
from jewelrymodel.studio.model_templates import Template, View
from jewelrymodel.studio.placement import Layer

_EXPOSURE = {"light": 0.93, "tan": 0.9, "deep": 0.86}
_REFLECTED, _HANGING, _REACH_MM = 0.35, 0.2, 0.9  # how much skin metal mirrors, how far up
_WARMEST = 1.2
_TURNS = 0.07  # how much darker the piece is on the side away from the lamp, brighter towards it
_WHITE = (0.7, 0.95)  # linear light between which a place begins to be a photo studio's white walls
_WALL_MM, _WALL = 0.9, 0.17  # what is white over so much mirrors skin and a room there: darker
_ALMOST = 0.03


def light_gains(template: Template) -> Floats:
    """Three gains in linear light: the lamp's color, the skin that the metal mirrors, exposure."""
    bounce = _skin_color(template)
    bounce = bounce / bounce.max()
    color = 0.5 * template.key_color + 0.32 * template.fill_color + 0.18 * bounce
    return floats(color / color.max() * _EXPOSURE.get(template.tone, 0.9))


def hanging_light(view: View, worn: Layer, skin: Floats, unit: float) -> Light:
    """The light of the place on what hangs before skin (HxW, 0…1): the lamp's color, less of it on
    the side away from the lamp, the skin mirrored beside it, and in wide white faces, which in
    their photo mirrored white walls.
    """
    gains = np.broadcast_to(light_gains(view.template), worn.light.shape)
    if not (worn.cover > 0.02).any():
        return Light(floats(gains))
    window = window_round(np.asarray(worn.cover > 0.02), int(3 * _WALL_MM * unit) + 2)
    piece = Layer(worn.light[window], worn.cover[window])
    turned = 1 - _TURNS * _away_from_lamp(view, piece.cover)
    lit = gains[window] * (turned * (1 - _WALL * _walls(piece, unit)))[..., None]
    lit = lit * mirrored_skin(view, piece.cover, floats(skin[window]), unit, _HANGING)
    whole = gains.copy()
    whole[window] = bounded(floats(lit)).gains
    return Light(floats(whole))


def bounded(gains: Floats) -> Light:
    """A field of gains (HxWx3) as bright and tinted as a lamp and some skin give, less a
    rounding. A stronger tint is weakened, of the same hue: cutting off one channel would turn
    silver pink.
    """
    gains = floats(np.clip(gains, DARKEST, BRIGHTEST))
    red, green, blue = gains[..., 0], gains[..., 1], gains[..., 2]
    most = np.maximum(np.maximum(red, green), blue)
    tint = most - np.minimum(np.minimum(red, green), blue)
    kept = most * (1 - 1 / (MAX_TINT - _ALMOST)) / np.maximum(tint, 1e-6)
    weakened = most[..., None] - (most[..., None] - gains) * np.minimum(kept, 1)[..., None]
    return Light(floats(weakened))


def mirrored_skin(
    view: View, cover: Floats, skin: Floats, unit: float, share: float = _REFLECTED
) -> Floats:
    """Three gains per pixel: metal close to skin takes on a *share* of its color."""
    beside = skin * (1 - cover)
    near = np.clip(2 * blur(floats(beside), max(0.7, _REACH_MM * unit / 2)), 0, 1)[..., None]
    colors = _skin_color(view.template)
    tint = np.clip(colors / colors.mean(), 1 / _WARMEST, _WARMEST)
    tint = tint / tint.max()
    return floats(1 + share * near * (tint - 1))


def _skin_color(template: Template) -> Floats:
    coarse = np.s_[::64, ::64]
    return floats(to_linear(template.picture[coarse][template.parts[coarse] > 0]).mean(0))


def _away_from_lamp(view: View, cover: Floats) -> Floats:
    """How far each pixel (HxW) is from the piece's middle away from the lamp, by its reach."""
    rows, columns = window_round(np.asarray(cover > 0.02), 1)
    x, y = -view.template.key_direction[:2]
    down, across = np.mgrid[0 : cover.shape[0], 0 : cover.shape[1]].astype(np.float32)
    middle = ((columns.start + columns.stop) / 2, (rows.start + rows.stop) / 2)
    reach = max(rows.stop - rows.start, columns.stop - columns.start) / 2
    aside = float(np.hypot(x, y))
    along = ((across - middle[0]) * x + (down - middle[1]) * y) / max(aside, 1e-3)
    return floats(np.clip(along / reach, -1, 1) * min(1.0, 2 * aside))


def _walls(worn: Layer, unit: float) -> Floats:
    """How much of each pixel (HxW, 0…1) belongs to a wide white place of the piece."""
    sigma = _WALL_MM * unit
    darkest = np.minimum(np.minimum(worn.light[..., 0], worn.light[..., 1]), worn.light[..., 2])
    white = blur(floats(darkest), sigma) / np.maximum(blur(worn.cover, sigma), 0.05)
    low, high = _WHITE
    return floats(np.clip((white - low) / (high - low), 0, 1))
