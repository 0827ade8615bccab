"""The light that a worn piece shares with the person: its tint and its shadows on the skin."""

import numpy as np

from jewelrymodel.studio.arrays import Floats, floats, to_linear
from jewelrymodel.studio.lighting import SKIN_TINT, shadow
from jewelrymodel.studio.model_templates import Template

_EXPOSURE = {"light": 0.93, "tan": 0.9, "deep": 0.86}


def light_gains(template: Template) -> Floats:
    """Three gains in linear light: the lamp's color, the skin that the metal mirrors, exposure."""
    coarse = np.s_[::64, ::64]
    skin = to_linear(template.picture[coarse][template.parts[coarse] > 0]).mean(0)
    bounce = skin / skin.max()
    color = 0.5 * template.key_color + 0.32 * template.fill_color + 0.18 * bounce
    return floats(color / color.max() * _EXPOSURE.get(template.tone, 0.9))


def skin_shadow(template: Template, cover: Floats, relief_mm: float, unit: float) -> Floats:
    """The factor (HxWx3) of a piece's shadow on the skin: tight where it touches, soft where the
    lamp throws it. `relief_mm` is how high it stands, `unit` the pixels per millimeter.
    """
    x, y, z = -template.key_direction
    away = np.array([x, y]) / max(float(z), 0.35) * relief_mm * unit
    near, far = (float(0.2 * away[0]), float(0.2 * away[1])), (float(away[0]), float(away[1]))
    contact = shadow(cover, near, 0.22 * unit, 0.5, SKIN_TINT)
    thrown = shadow(cover, far, (0.25 + 0.3 * relief_mm) * unit, 0.45, SKIN_TINT)
    around = shadow(cover, far, (1.2 + 0.6 * relief_mm) * unit, 0.22, SKIN_TINT)
    return floats(contact * thrown * around)
