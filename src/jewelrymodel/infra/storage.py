"""Files under keys, on any storage that Django knows; addresses to them are signed and expire."""

import tempfile
from collections.abc import Collection
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from jewelrymodel.infra.storage_places import require_place
from jewelrymodel.kernel.errors import CodedError

DOWNLOAD_LIFETIME_S = 900
_SALT = "jewelrymodel.download"


class KeyTaken(CodedError):
    """Something is already stored under this key; stored files are never overwritten."""


def put(key: str, content: bytes) -> str:
    """Store *content* durably under a fresh *key* and return it.

    Keys are chosen by us, one per attempt (a retried task writes new ones), so that nothing that
    was delivered is ever replaced. Raises KeyTaken, and UnknownPlace for a folder that isn't among
    the places.
    """
    return _put(key, ContentFile(content))


def put_file(key: str, file: IO[bytes]) -> str:
    """Store what *file* holds, as ``put`` does, piece by piece: it may be larger than memory."""
    return _put(key, File(file))


def _put(key: str, content: "File[Any]") -> str:
    require_place(key)
    if default_storage.exists(key):
        raise KeyTaken(key=key)
    try:
        return default_storage.save(key, content)
    except FileExistsError:  # another was quicker
        raise KeyTaken(key=key) from None


def scratch() -> IO[bytes]:
    """Return a file without a name beside our data, gone once it is closed: for what is put
    together before it is stored, and may be larger than memory.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=settings.DATA_DIR)


def open_stored(key: str) -> IO[bytes]:
    """Return the file under *key*, opened for reading; raises FileNotFoundError."""
    opened: IO[bytes] = default_storage.open(key)
    return opened


def get(key: str) -> bytes:
    """Return the bytes under *key*; raises FileNotFoundError."""
    with default_storage.open(key) as file:
        return bytes(file.read())


def exists(key: str) -> bool:
    """Return whether something is durably stored under *key*."""
    return default_storage.exists(key)


def delete(key: str) -> None:
    """Remove what is under *key*; quiet when nothing is."""
    default_storage.delete(key)


def folders(folder: str) -> list[str]:
    """Return the names of the folders in *folder*; none where there is no such folder."""
    try:
        return sorted(default_storage.listdir(folder)[0])
    except FileNotFoundError:
        return []


def delete_under(
    folder: str,
    *,
    beginning: str = "",
    ending: str = "",
    before: datetime | None = None,
    but: Collection[str] = (),
) -> int:
    """Remove the files in *folder* whose names have this *beginning* and *ending*, all *but* those
    under these keys; return how many they were.

    With *before*, an instant of the machine's clock, only those that were written earlier.
    """
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return 0
    names = [name for name in names if name.startswith(beginning) and name.endswith(ending)]
    keys = [f"{folder}{name}" for name in names]
    keys = [key for key in keys if key not in but]
    if before is not None:
        keys = [key for key in keys if default_storage.get_modified_time(key) < before]
    for key in keys:
        default_storage.delete(key)
    return len(keys)


def delete_tree(folder: str) -> int:
    """Remove every file in *folder* and below it; return how many they were."""
    return delete_under(folder) + sum(delete_tree(f"{folder}{name}/") for name in folders(folder))


def sign(subject: str, *, door: str = "") -> str:
    """Return a token that names *subject* and can be checked for its age; it opens this *door* and
    no other.
    """
    return signing.TimestampSigner(salt=_SALT + door).sign(subject)


def unsign(token: str, *, max_age_s: int = DOWNLOAD_LIFETIME_S, door: str = "") -> str:
    """Return the subject of *token*; raises signing.BadSignature or SignatureExpired."""
    return signing.TimestampSigner(salt=_SALT + door).unsign(token, max_age=max_age_s)
