"""A file that an account uploaded before waits until its seller says what is to become of it."""

from datetime import datetime, timedelta

from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.operations.photo_approval import upload
from jewelrymodel.infra import storage
from jewelrymodel.kernel.ids import new_id

_FOLDER = "uploads"
_KEPT = timedelta(days=1)


def hold_upload(*, account_id: str, data: bytes, now: datetime) -> str:
    """Keep an uploaded file for a while and return its key."""
    return storage.put(f"{_FOLDER}/{account_id}/{new_id('upl', now=now)}", data)


def take_held(*, account_id: str, key: str, file_name: str, now: datetime) -> Photo:
    """Upload a file that was held, as another piece; it is held no longer.

    Raises FileNotFoundError where it isn't held any more, and as ``upload`` does.
    """
    data = storage.get(key)
    photo = upload(account_id=account_id, file_name=file_name, data=data, now=now)
    storage.delete(key)
    return photo


def drop_held(*, machine_now: datetime) -> None:
    """Remove the files that nobody said anything about."""
    for account_id in storage.folders(f"{_FOLDER}/"):
        storage.delete_under(f"{_FOLDER}/{account_id}/", before=machine_now - _KEPT)
