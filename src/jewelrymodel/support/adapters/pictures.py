"""Pictures that come with a request (7.5): decoded under limits, written anew, then stored."""

import hashlib
import io
import secrets
from dataclasses import dataclass

from PIL import Image

from jewelrymodel.infra import storage
from jewelrymodel.infra.file_names import short_file_name
from jewelrymodel.infra.photo_opener import open_upload
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.photo import PhotoRefused

MAX_PICTURES = 5
MAX_BYTES = 10_000_000
_QUALITY = 90


class PictureRefused(CodedError):
    """This file can't be read as a picture. Send a PNG, JPEG, WebP or HEIC of at most 10 MB."""


@dataclass(frozen=True)
class Picture:
    """A stored picture that no row points to yet; *name* is what its sender called it."""

    name: str
    key: str
    sha256: str
    width_px: int
    height_px: int


def keep_picture(*, name: str, data: bytes) -> Picture:
    """Return the picture in *data*, stored as WebP without its metadata; raises PictureRefused.

    What was sent is never handed out as it came, so nothing but pixels reaches a colleague.
    """
    if len(data) > MAX_BYTES:
        raise PictureRefused
    try:
        rgb = open_upload(data).rgb
    except PhotoRefused:
        raise PictureRefused from None
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "WEBP", quality=_QUALITY)
    content = buffer.getvalue()
    return Picture(
        name=short_file_name(name),
        key=storage.put(f"requests/{secrets.token_hex(16)}.webp", content),
        sha256=hashlib.sha256(content).hexdigest(),
        width_px=rgb.shape[1],
        height_px=rgb.shape[0],
    )
