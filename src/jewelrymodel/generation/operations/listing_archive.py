"""A piece's images as one marketplace takes them, in an archive with the texts beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.adapters.signed_file import signature_mark, signed
from jewelrymodel.generation.adapters.source_label import asset_label
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.operations.archive_stream import Member, archive_of
from jewelrymodel.generation.operations.image_download import Description, require_usable
from jewelrymodel.generation.rules.download_formats import FORMATS
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.export import encode

_AROUND_BYTES = 65_536  # color profile, description and the parts of a file


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


def listing_chunks(
    *, images: Sequence[ArchivedImage], texts: Mapping[str, str], description: Description
) -> Iterator[bytes]:
    """Return the bytes of an archive of these images and of *texts* by their files' names, each
    image made when it is asked for.

    *description* gives the sentences that each image's file says of itself. Raises FileTooLarge,
    and as ``export`` does, before the first byte.
    """
    for image in images:
        require_usable(image.asset)
    for image in images:
        if image.most_bytes is not None and _may_exceed(image, image.most_bytes):
            _file(image, description)

    def made(image: ArchivedImage) -> bytes:
        content = _file(image, description)
        require_usable(image.asset)  # it may have ended since the archive was begun
        return content

    return archive_of([Member(image.name, partial(made, image)) for image in images], texts)


def _may_exceed(image: ArchivedImage, most_bytes: int) -> bool:
    """No format of ours takes more bytes than four for each pixel, and a little around them; what a
    signature takes nobody knows before.
    """
    width, height = image.size
    return bool(signature_mark()) or 4 * width * height + _AROUND_BYTES > most_bytes


def _file(image: ArchivedImage, description: Description) -> bytes:
    asset = image.asset
    label = asset_label(asset, description=description(asset))
    own = asset.width_px, asset.height_px
    size = None if image.size == own else image.size
    fmt = FORMATS[image.fmt]
    made = encode(image_files.load(asset.image_key), fmt, label, size)
    made = signed(asset, made, fmt, label) or made
    if len(made) > (image.most_bytes or len(made)):
        raise FileTooLarge(name=image.name)
    return made
