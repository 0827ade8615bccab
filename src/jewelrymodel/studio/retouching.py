"""How much of a piece was retouched, in the seller's own measure."""

from jewelrymodel.studio.arrays import Floats
from jewelrymodel.studio.pendant_body import photo_px_per_mm
from jewelrymodel.studio.piece_kinds import Kind


def retouched_mm2(retouched_px: int, alpha: Floats, kind: Kind, size_mm: float) -> float | None:
    """The area in mm² of so many pixels of a photo whose cutout has this `alpha`, with the piece's
    real size as RenderRequest defines it; None for no pixel.
    """
    if not retouched_px:
        return None
    return retouched_px / photo_px_per_mm(alpha, kind, size_mm) ** 2
