"""What a renderer says that it did with the approved cutout: the gate believes this and no more."""

from dataclasses import dataclass

from jewelrymodel.studio.arrays import Floats
from jewelrymodel.studio.lighting import DAYLIGHT, Light
from jewelrymodel.studio.placement import Layer, Matrix


@dataclass(frozen=True)
class Declaration:
    """Where the cutout went and what was done to it on purpose.

    `transform` (2x3) leads from the cutout to the picture. `light` is what the place's lamp does to
    the piece. `left_out` (HxW of the cutout, 0…1) was laid anew or dropped. `visible` (HxW of the
    picture, 0…1) leaves out what a finger or a lobe hides. `behind` is the picture without the
    piece, in linear light (HxWx3), its shadow included, and `laid` a chain laid anew before it;
    both None where somebody else made the picture. `px_per_mm` are the picture's pixels per
    millimeter of the piece, None where its size isn't known.
    """

    transform: Matrix
    light: Light = DAYLIGHT
    left_out: Floats | None = None
    visible: Floats | None = None
    behind: Floats | None = None
    laid: Layer | None = None
    px_per_mm: float | None = None
