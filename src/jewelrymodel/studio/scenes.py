"""The piece on a styled surface, without a model: lying, or a ring standing on its band."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, blur, floats, to_bytes
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.lighting import NEUTRAL_TINT, developed, shadow
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, message
from jewelrymodel.studio.placement import Layer, place
from jewelrymodel.studio.render_request import Rendered, RenderRequest
from jewelrymodel.studio.scene_placement import FOOT, planned
from jewelrymodel.studio.steps import OnStep, Step

_GRAIN = 0.006
_HORIZON = 0.47
_WALL = np.array([0.55, 0.53, 0.52], np.float32)


def render_scene(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """The piece in the scene `look`, the surface's grain true to its size. Raises ViewRefused where
    the photo cut the piece so that it would end in mid-air.
    """
    on_step(Step.SETTING_SCENE)
    plan = planned(cutout, look, request)
    stands, matrix = plan.stands, plan.matrix
    px_per_mm = plan.px_per_mm
    layer = place(cutout.rgba, matrix, request.size_px)
    on_step(Step.LIGHTING_PIECE)
    surface = (_standing_surface if stands else _lying_surface)(look, request, px_per_mm)
    if stands:
        surface = _mirrored(surface, layer, request, look)
    cast = (
        _standing_shadow(layer, request, look) if stands else _lying_shadow(layer, px_per_mm, look)
    )
    behind = floats(surface * cast)
    image: Bytes = to_bytes(developed(layer.over(behind), _GRAIN, layer.cover))
    on_step(Step.CHECKING)
    alterations = [message(Alteration.SURFACE)]
    if stands and look.gloss:
        alterations.append(message(Alteration.REFLECTION))
    declared = Declaration(matrix, left_out=plan.left_out, behind=behind, px_per_mm=plan.px_per_mm)
    fidelity = measure(cutout.rgba, image, declared)
    return Rendered(image, (*alterations, *plan.alterations), fidelity, declared)


def _lying_surface(look: Look, request: RenderRequest, px_per_mm: float) -> Floats:
    width, height = request.size_px
    surface = _surface(look, height, width, px_per_mm)
    down, across = np.mgrid[0:height, 0:width] / max(height, width)
    pool = np.hypot(across - 0.36 * width / max(height, width), down - 0.3)
    return floats(surface * (1.12 - 0.62 * np.clip(pool, 0, 1) ** 1.4)[..., None])


def _surface(look: Look, height: int, width: int, px_per_mm: float) -> Floats:
    if look.surface is None:
        raise ValueError(f"{look.id} is no scene")
    return look.surface(height, width, px_per_mm, sum(look.id.encode()))


def _standing_surface(look: Look, request: RenderRequest, px_per_mm: float) -> Floats:
    """A floor in perspective that ends in a soft wall; what is far is out of focus."""
    width, height = request.size_px
    flat = _surface(look, height, width, px_per_mm * 0.6)
    horizon = int(_HORIZON * height)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = [[-0.15, horizon], [1.15, horizon], [1.9, height], [-0.9, height]]
    target = np.array([[x * width, y] for x, y in seen], np.float32)
    warp = cv2.getPerspectiveTransform(corners, target)
    floor = cv2.warpPerspective(flat, warp, (width, height), borderMode=cv2.BORDER_REFLECT)
    down, across = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
    wall = _WALL * (1 - 0.45 * np.hypot(across - 0.35, down - 0.3))[..., None]
    if look.id == "sweep":  # paper bends up without a line
        wall = flat * (0.95 - 0.3 * np.hypot(across - 0.35, down - 0.3))[..., None]
    depth = np.clip(
        (down * height - horizon) / ((0.3 if look.id == "sweep" else 0.1) * height), 0, 1
    )
    blend = (depth * depth * (3 - 2 * depth))[..., None]
    surface = floats(wall * (1 - blend) + floor * blend)
    far = np.clip((0.72 - down) / 0.25, 0, 1)[..., None]
    surface = floats(surface * (1 - far) + blur(surface, 0.008 * height) * far)
    pool = np.hypot(across - 0.45, (down - 0.62) * 1.2)
    return floats(surface * (1.08 - 0.5 * pool**1.5)[..., None])


def _mirrored(surface: Floats, layer: Layer, request: RenderRequest, look: Look) -> Floats:
    """The piece upside down below its foot, softer and fainter with distance."""
    height = request.size_px[1]
    foot = height * FOOT
    matrix = np.array([[1, 0, 0], [0, -1, 2 * foot - 2]], np.float64)
    size = request.size_px
    light = blur(floats(cv2.warpAffine(layer.light, matrix, size)), 0.002 * height)
    cover = blur(floats(cv2.warpAffine(layer.cover, matrix, size)), 0.002 * height)
    rows = np.arange(height)[:, None]
    fade = (
        np.clip(1 - (rows - foot) / (0.17 * height), 0, 1) ** 1.6 * (rows > foot - 4) * look.gloss
    )
    return floats(surface * (1 - (cover * fade)[..., None]) + light * fade[..., None])


def _standing_shadow(layer: Layer, request: RenderRequest, look: Look) -> Floats:
    width, height = request.size_px
    foot = height * FOOT
    lean = [[1, 0.62, -0.62 * foot], [0, -0.2, foot * 1.2]]
    flat = np.array(lean, np.float64)
    cast = blur(floats(cv2.warpAffine(layer.cover, flat, (width, height))), 0.011 * height)
    down, across = np.mgrid[0:height, 0:width]
    middle, reach = _contact(layer.cover)
    tight = np.exp(
        -(((across - middle) / reach) ** 2) - ((down - foot + 1) / (0.006 * height)) ** 2
    )
    wide = np.exp(
        -(((across - middle) / (reach * 2)) ** 2) - ((down - foot) / (0.02 * height)) ** 2
    )
    dark = (1 - look.shade * 0.6 * cast) * (1 - 0.6 * tight) * (1 - 0.3 * wide)
    return floats(1 - (1 - dark)[..., None] * NEUTRAL_TINT)


def _contact(cover: Floats) -> tuple[float, float]:
    """Middle and half width of where the piece stands."""
    solid = cover > 0.5
    rows = np.flatnonzero(solid.any(1))
    lowest = solid[max(0, rows[-1] - max(3, len(rows) // 60)) : rows[-1] + 1]
    columns = np.flatnonzero(lowest.any(0))
    return float(columns.mean()), float(max(6, np.ptp(columns) * 0.6))


def _lying_shadow(layer: Layer, px_per_mm: float, look: Look) -> Floats:
    unit = px_per_mm
    contact = shadow(layer.cover, (0.2 * unit, 0.3 * unit), 0.25 * unit, look.shade, NEUTRAL_TINT)
    cast = shadow(layer.cover, (0.9 * unit, 1.3 * unit), 0.8 * unit, look.shade * 0.7, NEUTRAL_TINT)
    around = shadow(
        layer.cover, (0.8 * unit, 1.2 * unit), 3.5 * unit, look.shade * 0.4, NEUTRAL_TINT
    )
    return floats(contact * cast * around)
