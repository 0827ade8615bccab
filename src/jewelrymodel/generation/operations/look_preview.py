"""Small watermarked previews: free, kept, never an asset."""

from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import embedded, image_files
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations.submission import LookUnknown, PhotoNotApproved
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import storage


def make_preview(*, account_id: str, photo_id: str, look_id: str) -> str:
    """Render a preview of an approved cutout unless it is there; return its key.

    Raises PhotoNotApproved, LookUnknown and the studio's ViewRefused.
    """
    photo = Photo.live.filter(
        pk=photo_id, account_id=account_id, status=PhotoStatus.APPROVED
    ).first()
    if photo is None:
        raise PhotoNotApproved
    if look_id not in {look.id for look in queries.looks(photo.kind)}:
        raise LookUnknown
    key = queries.preview_key(photo, look_id)
    if storage.exists(key):
        return key
    pixels = embedded.preview(
        image_files.load(photo.cutout_key), photo.kind, look_id, float(photo.size_mm or 0)
    )
    try:
        return storage.put(key, image_files.watermarked(pixels))
    except storage.KeyTaken:  # two tabs asked at once; both previews are the same
        return key
