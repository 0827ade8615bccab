"""Files for download: made once per image, format and size, marked as what they are."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.adapters.signed_file import signature_mark, signed
from jewelrymodel.generation.adapters.source_label import asset_label
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.operations.archive_stream import Member, archive_of
from jewelrymodel.generation.operations.own_model_guard import AgreementOver, require_agreement
from jewelrymodel.generation.queries.suspended_images import is_suspended
from jewelrymodel.generation.rules.download_formats import FORMATS, SIZES, fitted_size
from jewelrymodel.generation.rules.download_names import download_name, told_apart
from jewelrymodel.infra import storage
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.edge_line import with_line
from jewelrymodel.studio.export import encode


@dataclass(frozen=True)
class Marks:
    """What a seller wants a file to say beyond what it has to: a stronger *source_term* (a short
    name of SOURCE_TERMS), and a *line* of words in the picture's edge.
    """

    source_term: str = ""
    line: str = ""

    @property
    def ending(self) -> str:
        """What tells the file's key from that of one without them."""
        told = f"{self.source_term}\0{self.line}".encode()
        return f"-{hashlib.sha256(told).hexdigest()[:12]}" if self.source_term or self.line else ""


NO_MARKS = Marks()
Description = Callable[[Asset], tuple[str, ...]]
WHOLE = "full"  # the size of SIZES that an image has by itself


class NoSuchFormat(CodedError):
    """A format or size that images don't come in."""


class DownloadSuspended(CodedError):
    """The payment behind the image's credits is disputed, or was taken back (9.1)."""


def export(
    *, asset: Asset, fmt: str, size: str, description: Description, marks: Marks = NO_MARKS
) -> str:
    """Return the key of *asset* as a file in *fmt* and *size* (a key of SIZES), making it if new.

    *description* gives the sentences that the file says of itself; it is signed where an operator
    has a certificate. Raises NoSuchFormat, DownloadSuspended and AgreementOver.
    """
    if fmt not in FORMATS or size not in SIZES:
        raise NoSuchFormat
    require_usable(asset)
    aspect, shorter_px = asset.item.aspect, SIZES[size]
    ending = f"{asset.item.look_id}-{aspect.replace(':', 'x')}-{size}{marks.ending}"
    stem = f"exports/{asset.account_id}/{asset.id}/{asset.id[-8:]}-{ending}"
    key = f"{stem}{signature_mark()}.{fmt}"
    if storage.exists(key):
        return key
    image = image_files.load(asset.image_key)
    label = asset_label(asset, description=description(asset), said=marks.source_term)
    fitted = None if shorter_px is None else fitted_size(aspect, shorter_px)
    if marks.line:
        image = with_line(image, marks.line)
    made = encode(image, FORMATS[fmt], label, fitted)
    if with_signature := signed(asset, made, FORMATS[fmt], label):
        stored = _store(key, with_signature)
    else:  # once it can be signed, it is made again
        stored = _store(f"{stem}.{fmt}", made)
    keep_only_agreed(asset, stored)
    return stored


def keep_only_agreed(asset: Asset, key: str) -> None:
    """Delete the file of *key* and raise AgreementOver where the person in *asset* revoked while it
    was made: whoever did so found none to delete.
    """
    try:
        require_agreement(asset)
    except AgreementOver:
        storage.delete(key)
        raise


def file_name(asset: Asset, *, fmt: str, size: str) -> str:
    """Return what an image's file is called on its seller's machine."""
    piece = asset.item.task.photo.piece
    return download_name(
        piece=piece.sku or piece.name,
        look_id="own-model" if asset.item.own_model_id else asset.item.look_id,
        aspect=asset.item.aspect,
        size=size,
        fmt=fmt,
    )


def require_usable(asset: Asset) -> None:
    """Raise DownloadSuspended where the credits that paid for *asset* are suspended (9.1), and
    AgreementOver where the person in it doesn't agree any more.
    """
    require_agreement(asset)
    if is_suspended(asset):
        raise DownloadSuspended


def archive_chunks(
    *,
    assets: Sequence[Asset],
    fmt: str,
    description: Description,
    size: str = WHOLE,
    marks: Callable[[Asset], Marks] = lambda asset: NO_MARKS,
) -> Iterator[bytes]:
    """Return the bytes of an archive of these images with their *marks*, each made when it is asked
    for: any number of them takes the memory of one, and no archive is stored.

    They are named ``sku-look-format.jpg``, and by their *size* where it is less than whole. Raises
    as ``export`` does, before the first byte.
    """
    if fmt not in FORMATS or size not in SIZES:
        raise NoSuchFormat
    for asset in assets:
        require_usable(asset)
    shown = "" if size == WHOLE else size
    names = told_apart(file_name(asset, fmt=fmt, size=shown) for asset in assets)

    def made(asset: Asset) -> bytes:
        key = export(asset=asset, fmt=fmt, size=size, description=description, marks=marks(asset))
        return storage.get(key)

    named = zip(names, assets, strict=True)
    return archive_of([Member(name, partial(made, asset)) for name, asset in named], {})


def _store(key: str, content: bytes) -> str:
    try:
        return storage.put(key, content)
    except storage.KeyTaken:  # asked for twice at once; either file is as good
        return key
