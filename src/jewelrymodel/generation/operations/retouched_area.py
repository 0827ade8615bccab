"""How much of a piece its seller retouched, by the size that it is said to have."""

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Photo
from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.retouching import retouched_mm2


def retouched_area(photo: Photo, kind: str, size_mm: float) -> float | None:
    """Return the area in mm² that was healed inside the piece, taken for *kind* and *size_mm* large
    as RenderRequest defines it; None where there is none.
    """
    if not photo.retouched_px:
        return None
    alpha = floats(image_files.load(photo.cutout_key)[..., 3] / 255)
    return retouched_mm2(photo.retouched_px, alpha, Kind(kind), size_mm)
