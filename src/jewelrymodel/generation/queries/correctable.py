"""Which cutouts their seller may correct."""

from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.studio.cutout_quality import MENDABLE


def can_be_corrected(photo: Photo) -> bool:
    """Tell whether the seller may correct its cutout: one that is shown or approved, or that was
    refused for what is wrong with the cutout itself.
    """
    if photo.status == PhotoStatus.REFUSED:
        return bool(photo.cutout_view_key) and photo.reason_code in MENDABLE
    return photo.status in (PhotoStatus.SHOWN, PhotoStatus.APPROVED)
