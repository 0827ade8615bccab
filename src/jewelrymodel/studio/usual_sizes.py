"""How large pieces of a kind usually are: where a seller's question begins, never an answer."""

from collections.abc import Sequence

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats
from jewelrymodel.studio.components import Component
from jewelrymodel.studio.earring_wire import find_wire
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.piece_shapes import Shape, is_touching_pair, shape_of

USUAL_SIZES_MM = {
    Kind.PENDANT: 24.0,
    Kind.NECKLACE: 140.0,
    Kind.RING: 17.0,
    Kind.EARRING: 25.0,
    Kind.BRACELET: 60.0,
}
"""In the middle of what shops offer of each kind, measured as the studio asks for it."""
STUD_MM = 8.0
HOOP_MM = USUAL_SIZES_MM[Kind.EARRING]
DROP_MM = 30.0

_HOOP = 0.2  # of the hull: the opening of a hoop that is seen a little from the side
_SLIM = 0.62  # width by height: what hangs is longer than wide
_SOLID = 0.72  # of the hull: a stone or a flower in its setting, without wires and gaps
_HOOK = 0.05  # of the hull: a wire that closes at the back, and no stud
_WIRE_PX = 256  # an ear wire is found on so small a mask
_WIDE = 1.7  # width by height: no stud lies like that


def usual_size_mm(kind: Kind, alpha: Floats, parts: Sequence[Component]) -> float:
    """Return the size to begin with for a cutout of that kind, in millimeters.

    A photo doesn't tell a size, but the form of an earring tells a stud (small and solid) from a
    hoop (round an opening) and a drop (longer than wide); one at the usual size of another is
    three times too large.
    """
    if kind != Kind.EARRING or not parts:
        return USUAL_SIZES_MM[kind]
    size_mm = _of_earring(*_one_of(alpha, parts[0]))
    hangs = size_mm == STUD_MM and _hangs_by_a_wire(np.asarray(alpha[parts[0].window] > 0.5))
    return HOOP_MM if hangs else size_mm


def _hangs_by_a_wire(solid: Mask) -> bool:
    """Whether a compact earring has an ear wire, and so hangs below the lobe."""
    small = min(1.0, _WIRE_PX / max(solid.shape))
    size = tuple(max(1, round(edge * small)) for edge in solid.shape[::-1])
    cover = cv2.resize(floats(solid), size, interpolation=cv2.INTER_AREA)
    return find_wire(np.asarray(cover > 0.4)) is not None


def _one_of(alpha: Floats, part: Component) -> tuple[Shape, float]:
    """The form of the largest part, and one earring's width by its height."""
    solid = np.asarray(alpha[part.window] > 0.5)
    shape = shape_of(solid)
    return shape, shape.aspect / 2 if is_touching_pair(solid) else shape.aspect


def _of_earring(shape: Shape, aspect: float) -> float:
    if shape.opening > _HOOP:
        return HOOP_MM
    if aspect < _SLIM:
        return DROP_MM
    is_solid = shape.solidity > _SOLID and shape.opening < _HOOK
    return STUD_MM if is_solid and aspect < _WIDE else HOOP_MM
