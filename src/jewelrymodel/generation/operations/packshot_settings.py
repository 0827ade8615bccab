"""What a seller sets for the packshots of a photo: frame, shadow, straightening, a neutral spot."""

from django.db import transaction

from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Photo
from jewelrymodel.studio.packshot_settings import FILL, FILLS
from jewelrymodel.studio.white_balance import gains_at


def set_packshot(
    *, account_id: str, photo_id: str, shadow: bool, straighten: bool, fill: float = FILL
) -> Photo:
    """Keep whether packshots of this photo have a shadow and are turned upright, and the share of
    the frame that the piece takes: one of FILLS; what is none of them is as usual.

    Images that are ordered already stay as they were ordered. Raises Photo.DoesNotExist.
    """
    other = fill if fill in FILLS and fill != FILL else None
    return _change(account_id, photo_id, shadow=shadow, straighten=straighten, fill=other)


def set_neutral(*, account_id: str, photo_id: str, x: float, y: float) -> Photo:
    """Balance packshots of this photo by the spot at *x* and *y*, shares of its width and height.

    Raises Photo.DoesNotExist and the studio's NotNeutral.
    """
    photo = queries.photo(account_id=account_id, photo_id=photo_id)
    gains = gains_at(image_files.load(photo.original_key), x, y)
    spot = [round(x, 4), round(y, 4)]
    return _change(account_id, photo_id, neutral=spot, gains=list(gains))


def clear_neutral(*, account_id: str, photo_id: str) -> Photo:
    """Leave the colors of packshots as photographed. Raises Photo.DoesNotExist."""
    return _change(account_id, photo_id, neutral=None, gains=None)


def _change(account_id: str, photo_id: str, **changes: object) -> Photo:
    with transaction.atomic():
        photo = Photo.live.select_for_update().get(pk=photo_id, account_id=account_id)
        settings = {**photo.packshot, **changes}
        photo.packshot = {name: value for name, value in settings.items() if value is not None}
        photo.save(update_fields=["packshot"])
    return photo
