"""How much of a piece was retouched, in the seller's own measure."""

from jewelrymodel.studio.arrays import Floats
from jewelrymodel.studio.messages import Alteration, Message, message
from jewelrymodel.studio.pendant_body import photo_px_per_mm
from jewelrymodel.studio.piece_kinds import Kind

_LEAST_MM2 = 0.1  # less is read as this, never as nothing


def retouched_mm2(retouched_px: int, alpha: Floats, kind: Kind, size_mm: float) -> float | None:
    """The area in mm² of so many pixels of a photo whose cutout has this `alpha`, with the piece's
    real size as RenderRequest defines it; None for no pixel.
    """
    if not retouched_px:
        return None
    return retouched_px / photo_px_per_mm(alpha, kind, size_mm) ** 2


def retouched_note(area_mm2: float | None) -> tuple[Message, ...]:
    """What an image says of the area that its seller retouched in the piece; nothing for none."""
    if not area_mm2:
        return ()
    return (message(Alteration.RETOUCHED, area_mm2=max(_LEAST_MM2, round(area_mm2, 1))),)
