"""A piece's images as one marketplace takes them, in an archive with the texts beside them."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.adapters.source_label import source_label
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.operations.image_download import (
    Description,
    keep_only_agreed,
    require_usable,
)
from jewelrymodel.generation.rules.download_formats import FORMATS
from jewelrymodel.infra import storage
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.studio.export import encode


class FileTooLarge(CodedError):
    """An image's file is larger than the marketplace takes."""


@dataclass(frozen=True)
class ArchivedImage:
    """An image as it goes into an archive: the file's name, its format and its size in pixels,
    which is never more than the image has, and the most bytes that it may have.
    """

    asset: Asset
    name: str
    fmt: str
    size: tuple[int, int]
    most_bytes: int | None = None


def archive_listing(
    *,
    account_id: str,
    name: str,
    images: Sequence[ArchivedImage],
    texts: Mapping[str, str],
    description: Description,
    now: datetime,
) -> str:
    """Return the key of an archive *name* of these images and of *texts* by their files' names.

    *description* gives the sentences that each image's file says of itself. Raises FileTooLarge,
    and as ``export`` does.
    """
    for image in images:
        require_usable(image.asset)
    key = f"exports/{account_id}/{new_id('zip', now=now)}/{name}"
    with storage.scratch() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for image in images:
                archive.writestr(image.name, _file(image, description), zipfile.ZIP_STORED)
            for text_name, text in texts.items():
                archive.writestr(text_name, text.encode("utf-8"))
        file.seek(0)
        storage.put_file(key, file)
    for image in images:
        keep_only_agreed(image.asset, key)
    return key


def _file(image: ArchivedImage, description: Description) -> bytes:
    asset = image.asset
    label = source_label(
        asset.generator,
        asset.item.look_id,
        made_at=asset.created_at,
        description=description(asset),
    )
    own = asset.width_px, asset.height_px
    size = None if image.size == own else image.size
    made = encode(image_files.load(asset.image_key), FORMATS[image.fmt], label, size)
    if len(made) > (image.most_bytes or len(made)):
        raise FileTooLarge(name=image.name)
    return made
