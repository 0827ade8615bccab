"""How a seller mends a cutout by hand."""

from django.db import transaction

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations.leases import nudge_photo
from jewelrymodel.generation.operations.photo_approval import NotShown
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.corrections import parse


class CutoutChanged(CodedError):
    """The cutout was made anew since the corrections were begun on it."""


def correct(
    *, account_id: str, photo_id: str, corrections: object, fence: int | None = None
) -> Photo:
    """Have the cutout made with these corrections (`studio.corrections.parse`), instead of those
    that it had. What was ordered with the earlier cutout keeps it.

    The same corrections again change nothing, so a click may be repeated. *fence* is the photo's
    where the corrections were begun on what it showed then. Raises NotShown, also while the cutout
    is being made, CutoutChanged, the studio's CorrectionsRefused, and Photo.DoesNotExist for what
    isn't this account's.
    """
    with transaction.atomic():
        photo = Photo.live.select_for_update(of=("self",)).get(pk=photo_id, account_id=account_id)
        stored = [one.stored for one in parse(corrections, photo.width_px, photo.height_px)]
        if stored == photo.corrections and photo.status != PhotoStatus.REFUSED:
            return photo
        if not queries.can_be_corrected(photo):
            raise NotShown
        if fence is not None and fence != photo.fence:
            raise CutoutChanged
        if photo.status == PhotoStatus.APPROVED:
            photo.named_kind = photo.kind  # the seller's word, not to be guessed anew
        photo.corrections = stored
        photo.status, photo.lost_leases, photo.approved_at = PhotoStatus.WAITING, 0, None
        photo.save(
            update_fields=["named_kind", "corrections", "status", "lost_leases", "approved_at"]
        )
        nudge_photo(photo)
    return photo
