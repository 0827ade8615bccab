"""Pictures as a hosted generator makes them: the piece as we sent it, on a background of its own.

The generator gets the piece scaled and placed, lays a background and a shadow of its own behind
it, and sends a compressed file, a little brighter or darker and not quite where it should be.
"""

import cv2
import numpy as np

from jewelrymodel.generation.adapters.hosted_placement import planned
from jewelrymodel.studio.arrays import Floats, blur, floats, to_bytes, to_linear
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.lighting import NEUTRAL_TINT, developed, shadow
from jewelrymodel.studio.model_templates import load_template
from jewelrymodel.studio.placement import place
from jewelrymodel.studio.surfaces import clouds, linen, marble, paper, velvet
from tests.support.seeded_damage import Scene, scene
from tests.support.seeded_jewelry import Seeded

BACKGROUNDS = ("white", "tinted", "marble", "dark", "linen", "bokeh", "velvet", "skin", "wood")


def hosted_scene(piece: Seeded, background: str, edge: int, seed: int) -> Scene:
    """The piece on one of BACKGROUNDS, under a soft shadow; what is behind it is known here and
    nowhere else.
    """
    transform = planned(piece.cutout.rgba, edge)
    layer = place(piece.cutout.rgba, transform, (edge, edge))
    unit = edge / 90
    near = shadow(layer.cover, (0.3 * unit, 0.5 * unit), 0.6 * unit, 0.5, NEUTRAL_TINT)
    far = shadow(layer.cover, (1.2 * unit, 1.8 * unit), 3 * unit, 0.35, NEUTRAL_TINT)
    behind = floats(_surface(background, edge, seed) * near * far)
    image = to_bytes(developed(layer.over(behind), 0.004, layer.cover, seed))
    return scene(piece, image, Declaration(transform, behind=behind))


def _surface(name: str, edge: int, seed: int) -> Floats:
    unit = edge / 90
    if name in ("marble", "linen", "velvet"):
        surface = {"marble": marble, "linen": linen, "velvet": velvet}[name]
        return surface(edge, edge, unit, seed)
    if name == "bokeh":
        light = np.dstack([clouds(edge, edge, 0.4 * edge, 3, seed + n) for n in range(3)])
        return blur(floats(np.clip(0.25 + 0.25 * light, 0.02, 0.9)), 0.02 * edge)
    if name == "skin":
        picture = load_template("neck-tan").picture
        edge_px = min(picture.shape[:2])
        crop = cv2.resize(picture[-edge_px:, :edge_px], (edge, edge), interpolation=cv2.INTER_AREA)
        return to_linear(crop)
    if name == "wood":
        grain = clouds(edge, edge, 0.3 * edge, 4, seed)
        rings = np.sin(14 * (np.mgrid[0:edge, 0:edge][0] / edge + 0.25 * grain))
        tone = floats(0.2 + 0.05 * rings + 0.02 * clouds(edge, edge, 8, 2, seed))
        return floats(tone[..., None] * np.array([1.0, 0.62, 0.38]))
    color = {"white": (0.95, 0.95, 0.95), "tinted": (0.86, 0.8, 0.84), "dark": (0.2, 0.2, 0.22)}
    down, across = np.mgrid[0:edge, 0:edge] / edge
    fall = floats(1.05 - 0.4 * np.hypot(across - 0.4, down - 0.3))
    return floats(paper(edge, edge, color[name], seed) * fall[..., None])
