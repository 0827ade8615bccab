"""What is asked of the renderer and what it gives back."""

from dataclasses import dataclass, field

from jewelrymodel.studio.arrays import Bytes, Floats
from jewelrymodel.studio.composition import ASPECTS, Adjustment, size_px
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import FAILED, Fidelity, measure
from jewelrymodel.studio.frame_sides import Side, sides_cut
from jewelrymodel.studio.messages import Message, StudioRefusal, ViewProblem
from jewelrymodel.studio.packshot_settings import AS_USUAL, PackshotSettings
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Matrix, reach_of
from jewelrymodel.studio.retouch import NONE, Retouch

__all__ = [
    "ASPECTS",
    "RenderRequest",
    "Rendered",
    "ViewRefused",
    "checked",
    "refuse_cropped",
    "refuse_cut",
]


class ViewRefused(StudioRefusal):
    """This piece can't be shown in this look as it is: a ViewProblem."""

    codes = ViewProblem


@dataclass(frozen=True)
class RenderRequest:
    """One picture to make.

    `size_mm` is the piece's real size: the height of a pendant's body, of an earring as it hangs
    from the ear, the inner diameter of a ring, the inner width of a bracelet, the width of a
    necklace as photographed.
    `edge_px` is the picture's longer edge, for a packshot the most that it may be: that is never
    enlarged. `aspect` is width:height, one of ASPECTS; `packshot` counts for packshots only.
    A `draft` is looked at and never delivered, so it isn't checked.
    """

    kind: Kind
    look_id: str
    size_mm: float
    edge_px: int = 1536
    aspect: str = "1:1"
    adjustment: Adjustment = field(default_factory=Adjustment)
    packshot: PackshotSettings = AS_USUAL
    draft: bool = False

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return size_px(self.aspect, self.edge_px)

    @property
    def breadth(self) -> float:
        """How much more of a model's breadth the picture shows than a square one: as much as a
        square of the same area is narrower.
        """
        width, height = self.size_px
        return float((width / height) ** 0.5)


@dataclass(frozen=True)
class Rendered:
    """A finished picture (HxWx3 sRGB; HxWx4 where it is transparent), what it adds and leaves out,
    how true it is to the cutout, and what the gate was told of how it was made. `detail` is how
    many pixels of the photo one of the cutout's stands for, along a side; `retouch` was done to the
    whole cutout, and the check compares with that.
    """

    image: Bytes
    alterations: tuple[Message, ...]
    fidelity: Fidelity
    declaration: Declaration
    detail: float = 1.0
    retouch: Retouch = NONE


def checked(
    approved: Bytes, image: Bytes, declared: Declaration, request: RenderRequest
) -> Fidelity:
    """How true the image is to the approved cutout (HxWx4); a draft's check counts as failed."""
    return FAILED if request.draft else measure(approved, image, declared)


def refuse_cropped(alpha: Floats, matrix: Matrix, request: RenderRequest) -> None:
    """Raise ViewRefused where a part of the piece would lie outside the picture."""
    left, top, right, bottom = reach_of(alpha, matrix)
    width, height = request.size_px
    if min(left, top) < -1 or right > width + 1 or bottom > height + 1:
        if request.adjustment.moves:
            raise ViewRefused(ViewProblem.MOVED_OUT)
        raise ViewRefused(ViewProblem.TOO_LARGE, size_mm=request.size_mm)


def refuse_cut(alpha: Floats, *, hangs: bool = False) -> None:
    """Raise ViewRefused where the photo's frame cut the piece: worn, its cut edge would show. What
    hangs may be cut at its top.
    """
    if sides_cut(alpha) - ({Side.TOP} if hangs else set()):
        raise ViewRefused(ViewProblem.PIECE_CUT)
