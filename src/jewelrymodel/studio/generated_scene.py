"""A generated scene with the real piece in it: the scene is moved, its copy of the piece covered.

What peeks out of the copy round the real piece is healed from the scene beyond; the piece itself is
the photograph's, pasted last.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from jewelrymodel.studio import scene_copy
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
from jewelrymodel.studio.scene_canvas import KEEP, Canvas, chained, widened
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

MAX_UNCOVERED = 0.002  # of the finished picture
HEALED = 0.02  # of the piece's longer edge: how far the rim goes that is made anew
MAX_EXPANSION = 0.02  # of the piece's area
_AROUND = 0.2  # of the longer edge: where a copy that grew would show
_OWN, _OTHERS = 0.001, 0.004  # shares from which a color counts as the piece's, or the scene's
_SHADOW = (0.012, 0.016, 0.02, 0.34)  # right, down, softness (of the longer edge), depth


@dataclass(frozen=True)
class GeneratedScene:
    """The finished picture (HxWx3), how the scene was moved, and by what share of its area the
    copy had grown beyond the piece.
    """

    image: Bytes
    registration: Registration
    expansion: float


def with_piece(
    cutout: Bytes, placed: Matrix, canvas: Canvas, scene: Bytes, *, is_bare: bool = True
) -> GeneratedScene | SceneFault:
    """Put the cutout (HxWx4), as `placed` has it, into a scene (HxWx3) that was made of `canvas`;
    return why not where the scene doesn't fit. `is_bare`: nothing was ordered beside the piece;
    else only what could be of the piece is too much.
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
    grown = expansion(layer, moved, reach)
    if grown > MAX_EXPANSION:
        return SceneFault.EXPANDED
    rim_px = max(2, round((KEEP + HEALED) * reach))
    rim = widened(covered, rim_px)
    if has_seam(moved, covered, rim_px, reach) or steps_along_a_mask(moved, covered, canvas):
        return SceneFault.SEAM
    found = objects(moved, layer.cover, rim)
    if fault := _too_much(found, is_bare=is_bare, seems_twice=registration.seems_twice):
        return fault
    healed = filled(to_linear(moved), rim)
    lit = floats(healed * _contact(layer, reach))
    return GeneratedScene(to_bytes(to_srgb(layer.over(lit))), registration, grown)


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


def expansion(layer: Layer, scene: Bytes, reach: int) -> float:
    """By what share of the piece's area its copy in the scene (HxWx3) reaches beyond what will be
    healed: pixels there that are of the piece's colors, not of the scene's beyond, and hang on it.
    """
    piece = np.asarray(layer.cover > 0.94)
    rim = widened(np.asarray(layer.cover > 0.02), max(2, round((KEEP + HEALED) * reach)))
    around = widened(rim, max(3, round(_AROUND * reach))) & ~rim
    beyond = ~around & ~rim
    if not piece.any() or not beyond.any():
        return 0.0
    cells = color_cells(lab(scene))
    own, others = _common(cells[piece], _OWN), _common(cells[beyond], _OTHERS)
    seen = cells[around]
    other = np.zeros(piece.shape, np.uint8)
    other[around] = own[seen] & ~others[seen]
    opened = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(opened)
    hanging = np.unique(labels[widened(rim, 3)])
    return float(np.isin(labels, hanging[hanging > 0]).sum() / piece.sum())


def _common(cells: Integers, share: float) -> Mask:
    """Which cells hold such a share of the colors or lie beside one that does, by number."""
    counts = np.bincount(cells, minlength=SPAN**3)
    return with_neighbors(counts > max(1.0, share * len(cells)))


def filled(light: Floats, hole: Mask) -> Floats:
    """Linear light (HxWx3) whose `hole` is filled smoothly from what is round it, by averages of
    what is known in a pyramid of ever smaller pictures (push and pull, Gortler et al. 1996).
    """
    known = floats(~hole)
    levels = [(floats(light * known[..., None]), known)]
    while min(levels[-1][1].shape) > 2 and levels[-1][1].min() < 1:
        high, wide = levels[-1][1].shape
        size = ((wide + 1) // 2, (high + 1) // 2)
        sums, weight = (_halved(x, size) for x in levels[-1])
        share = np.minimum(weight * 2, 1) / np.maximum(weight, 1e-6)
        levels.append((floats(sums * share[..., None]), floats(weight * share)))
    sums, weight = levels.pop()
    guess = floats(sums / np.maximum(weight, 1e-6)[..., None])
    for sums, weight in reversed(levels):
        size = (sums.shape[1], sums.shape[0])
        larger = floats(cv2.resize(guess, size, interpolation=cv2.INTER_LINEAR))
        guess = floats(sums + larger * (1 - weight[..., None]))
    return guess


def _halved(values: Floats, size: tuple[int, int]) -> Floats:
    return floats(cv2.resize(values, size, interpolation=cv2.INTER_AREA))


def _contact(layer: Layer, reach: int) -> Floats:
    """The factor of the piece's shadow on what it lies on."""
    right, down, soft, depth = _SHADOW
    return shadow(layer.cover, (right * reach, down * reach), soft * reach, depth, NEUTRAL_TINT)
