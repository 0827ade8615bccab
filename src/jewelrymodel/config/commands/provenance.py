"""``jewelrymodel provenance``: what a picture's file says of itself, and whether it is one of ours.

``verify`` reads the file first, which needs nothing of ours, and then looks into the records unless
it is told not to. ``index`` gives images of before this command what they are found again by.
"""

import hashlib
import io
from pathlib import Path

import numpy as np
from PIL import Image

from jewelrymodel.config.credential_settings import INSTALL
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.queries.found_again import FoundImage, found_again
from jewelrymodel.infra import content_credentials
from jewelrymodel.infra.content_credentials import Credentials
from jewelrymodel.studio.file_label import FORMATS, FileLabel, label_in
from jewelrymodel.studio.look_hash import look_hash

MOST_BYTES = 100_000_000
_SAID = {"generator": "made by", "made_at": "on", "description": "it says"}


class FileUnreadable(Exception):
    """The file is no picture that can be looked at; the message says why."""


def read(path: str) -> bytes:
    """Return the file's bytes; raises FileUnreadable."""
    place = Path(path)
    try:
        if place.stat().st_size > MOST_BYTES:
            raise FileUnreadable(f"{path} has more than {MOST_BYTES // 1_000_000} MB")
        return place.read_bytes()
    except OSError as problem:
        raise FileUnreadable(f"{path} can't be read: {problem.strerror}") from None


def say_label(path: str, data: bytes) -> bool:
    """Print what the file says of itself; return whether it says how it was made, and no signature
    in it is broken. Raises FileUnreadable.
    """
    label = label_in(data)
    if label is None:
        raise FileUnreadable(f"{path} is no JPEG, PNG or WebP")
    print(f"{path}:")
    if not label.source_type:
        print("  The file doesn’t say how it was made: it never did, or that was removed.")
    else:
        print(f"  IPTC digital source type: {label.source_type.rsplit('/', 1)[-1]}")
        _say_rest(label)
    print("  Anybody can write such metadata: they are what the file claims.")
    if not label.has_credentials:
        print("  No Content Credentials (C2PA) are in it.")
        return bool(label.source_type)
    return _say_credentials(content_credentials_of(label, data)) and bool(label.source_type)


def content_credentials_of(label: FileLabel, data: bytes) -> Credentials | str:
    """Return what the file states in a signed way, or why that can't be told."""
    try:
        found = content_credentials.read(data, label.fmt)
    except content_credentials.LibraryMissing:
        return f"Their signature isn’t checked here ({INSTALL})."
    return found or "They can’t be read."


def _say_credentials(found: Credentials | str) -> bool:
    """Print what is signed; return whether nothing speaks against it."""
    if isinstance(found, str):
        print(f"  Content Credentials (C2PA) are in it. {found}")
        return True
    print(f"  Content Credentials (C2PA), signed by {found.signed_by or 'nobody who is named'}:")
    fits = "the file is as it was signed" if found.is_intact else "BROKEN: it was changed since"
    print(f"    {fits}; whether that certificate can be trusted isn’t looked up")
    if found.source_type:
        print(f"    IPTC digital source type: {found.source_type.rsplit('/', 1)[-1]}")
    for one in found.ingredients:
        print(f"    made with a picture {f'signed by {one}' if one else 'that isn’t signed'}")
    return found.is_intact


def _say_rest(label: FileLabel) -> None:
    for name, words in _SAID.items():
        if value := getattr(label, name):
            print(f"  {words}: {value}")


def say_record(path: str, data: bytes) -> bool:
    """Print which images of ours it is or looks like; return whether there is one. Raises
    FileUnreadable.
    """
    found = found_again(sha256=hashlib.sha256(data).hexdigest(), look_hash=look_hash(_pixels(data)))
    if not found:
        print("  Our records know no image like it.")
    for one in found:
        print(f"  {_how(one)} {one.asset.pk}, account {one.asset.account_id}")
        print(f"    {_made(one.asset)}")
    return bool(found)


def _how(one: FoundImage) -> str:
    if one.bits is None:
        return "It is the very file of image"
    return f"It looks like image ({one.bits} of 64 bits differ)"


def _made(asset: Asset) -> str:
    settings = asset.settings if isinstance(asset.settings, dict) else {}
    by = " ".join(str(settings[name]) for name in ("provider", "model") if settings.get(name))
    return f"made {asset.created_at:%Y-%m-%d %H:%M} UTC by {by or asset.get_generator_display()}"


def _pixels(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > image_files.MAX_OUTPUT_PIXELS:
                raise FileUnreadable("the picture has too many pixels")
            return np.asarray(image.convert("RGBA"), np.uint8)
    except (OSError, SyntaxError, ValueError) as problem:
        raise FileUnreadable(f"the picture can't be decoded: {problem}") from None


def index() -> int:
    """Give every image without one the hash that it is found again by; return 0."""
    rows = Asset.objects.filter(look_hash=None, purged_at=None)
    done = 0
    for pk, key in rows.values_list("pk", "view_key").iterator(chunk_size=200):
        try:
            number = look_hash(np.dstack([image_files.load(key)]))
        except FileNotFoundError:
            continue
        done += Asset.objects.filter(pk=pk).update(look_hash=number)
    print(f"{done} images can be found again by how they look.")
    return 0
