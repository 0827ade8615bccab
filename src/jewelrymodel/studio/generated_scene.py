"""A generated scene with the real piece in it: the scene is moved, its copy of the piece covered.

What peeks out of the copy round the real piece is healed from the scene beyond; the piece itself is
the photograph's, pasted last.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio import scene_copy, scene_matte
from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    floats,
    lab,
    to_bytes,
    to_linear,
    to_srgb,
)
from jewelrymodel.studio.lighting import NEUTRAL_TINT, shadow
from jewelrymodel.studio.placement import Layer, Matrix, place
from jewelrymodel.studio.scene_canvas import Canvas, chained, healed_px, widened
from jewelrymodel.studio.scene_fill import filled
from jewelrymodel.studio.scene_mask_edge import steps_along_a_mask
from jewelrymodel.studio.scene_objects import (
    SPAN,
    Integers,
    SceneObject,
    color_cells,
    objects,
    with_neighbors,
)
from jewelrymodel.studio.scene_registration import Registration, SceneFault, register
from jewelrymodel.studio.scene_seam import has_seam
from jewelrymodel.studio.scene_shadow import is_cast_shadow

MAX_UNCOVERED = 0.002  # of the finished picture
MAX_EXPANSION = 0.02  # of the piece's area
_AROUND = 0.2  # of the longer edge: where a copy that grew would show
_OWN, _OTHERS = 0.001, 0.004  # shares from which a color counts as the piece's, or the scene's
_SHADOW = (0.012, 0.016, 0.02, 0.34)  # right, down, softness (of the longer edge), depth


@dataclass(frozen=True)
class GeneratedScene:
    """The finished picture (HxWx3), where the piece is in it (HxW), how the scene was moved, and by
    what share of its area the copy had grown beyond the piece.
    """

    image: Bytes
    piece: Mask
    registration: Registration
    expansion: float


def with_piece(
    cutout: Bytes,
    placed: Matrix,
    canvas: Canvas,
    scene: Bytes,
    *,
    is_bare: bool = True,
    network: scene_matte.Network | None = None,
) -> GeneratedScene | SceneFault:
    """Put the cutout (HxWx4), as `placed` has it, into a scene (HxWx3) that was made of `canvas`;
    return why not where the scene doesn't fit. `is_bare`: nothing was ordered beside the piece, so
    the `network`, where there is one, is asked what stands out; else only what could be of the
    piece is too much.
    """
    registration = register(canvas, scene)
    if isinstance(registration, SceneFault):
        return registration
    if fault := scene_copy.fault_of(canvas, scene, registration.transform):
        return fault
    moved, shown = _moved(scene, chained(registration.transform, canvas.from_final), canvas.size)
    if (~shown).mean() > MAX_UNCOVERED:
        return SceneFault.UNCOVERED
    layer = place(cutout, placed, canvas.size)
    covered = np.asarray(layer.cover > 0.02)
    reach = max(int(np.ptp(np.flatnonzero(covered.any(axis)))) + 1 for axis in (0, 1))
    grown = growth(layer, moved, reach)
    expansion = float(grown.sum() / max(1, (layer.cover > 0.94).sum()))
    if expansion > MAX_EXPANSION and not is_cast_shadow(grown, moved, covered):
        return SceneFault.EXPANDED
    rim_px = healed_px(reach)
    rim = widened(covered, rim_px)
    if has_seam(moved, covered, rim_px, reach) or steps_along_a_mask(moved, covered, canvas):
        return SceneFault.SEAM
    found = objects(moved, layer.cover, rim)
    if fault := _too_much(found, is_bare=is_bare, seems_twice=registration.seems_twice):
        return fault
    if is_bare and network and (fault := scene_matte.fault_of(moved, covered, network)):
        return fault
    healed = filled(to_linear(moved), rim)
    lit = floats(healed * _contact(layer, reach))
    return GeneratedScene(to_bytes(to_srgb(layer.over(lit))), covered, registration, expansion)


def _too_much(found: list[SceneObject], *, is_bare: bool, seems_twice: bool) -> SceneFault | None:
    """Why one of the things that were found is too much, None where none is. Where the piece
    `seems_twice`, one in its colors needn't glint: a pearl doesn't.
    """
    things = [one for one in found if is_bare or one.has_the_pieces_colors]
    if any(one.is_growth for one in things):
        return SceneFault.EXPANDED
    if seems_twice and any(one.has_the_pieces_colors for one in things):
        return SceneFault.SECOND_PIECE
    if not any(one.glints for one in things):
        return None
    return SceneFault.OTHER_OBJECT if is_bare else SceneFault.SECOND_PIECE


def _moved(scene: Bytes, transform: Matrix, size: tuple[int, int]) -> tuple[Bytes, Mask]:
    """The scene as the finished picture shows it, resampled once, and where there is any."""
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(scene, transform, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    whole = np.full(scene.shape[:2], 255, np.uint8)
    shown = cv2.warpAffine(whole, transform, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return np.asarray(moved, np.uint8), np.asarray(shown > 0)


def growth(layer: Layer, scene: Bytes, reach: int) -> Mask:
    """Where the piece's copy in the scene (HxWx3) reaches beyond what will be healed: pixels there
    that are of the piece's colors, not of the scene's beyond, and hang on it.
    """
    piece = np.asarray(layer.cover > 0.94)
    rim = widened(np.asarray(layer.cover > 0.02), healed_px(reach))
    around = widened(rim, max(3, round(_AROUND * reach))) & ~rim
    beyond = ~around & ~rim
    if not piece.any() or not beyond.any():
        return np.zeros(piece.shape, bool)
    cells = color_cells(lab(scene))
    own, others = _common(cells[piece], _OWN), _common(cells[beyond], _OTHERS)
    seen = cells[around]
    other = np.zeros(piece.shape, np.uint8)
    other[around] = own[seen] & ~others[seen]
    opened = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(opened)
    hanging = np.unique(labels[widened(rim, 3)])
    return np.asarray(np.isin(labels, hanging[hanging > 0]))


def _common(cells: Integers, share: float) -> Mask:
    """Which cells hold such a share of the colors or lie beside one that does, by number."""
    counts = np.bincount(cells, minlength=SPAN**3)
    return with_neighbors(counts > max(1.0, share * len(cells)))


def _contact(layer: Layer, reach: int) -> Floats:
    """The factor of the piece's shadow on what it lies on."""
    right, down, soft, depth = _SHADOW
    return shadow(layer.cover, (right * reach, down * reach), soft * reach, depth, NEUTRAL_TINT)
