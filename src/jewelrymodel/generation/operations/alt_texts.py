"""What a seller says that an image shows, and what a photo says of a piece's metal."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress

import numpy as np
from django.db import transaction
from PIL import Image

from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Asset, Photo, Piece
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.metal_color import MetalColor, metal_color

_EDGE_PX = 600  # enough to tell a color, and a quarter of the time
_EDITION = 1  # grows when colors are told otherwise


def set_alt_texts(*, account_id: str, texts: Mapping[str, str]) -> None:
    """Keep what the images of these ids show, in their seller's words; an empty text leaves it to
    what is proposed. All or none: raises Asset.DoesNotExist where one isn't this account's.
    """
    with transaction.atomic():
        mine = Asset.live.select_for_update(of=("self",)).filter(account_id=account_id)
        rows = list(mine.filter(pk__in=texts))
        if len(rows) != len(texts):
            raise Asset.DoesNotExist
        for asset in rows:
            asset.alt_text = texts[asset.pk]
        Asset.objects.bulk_update(rows, ["alt_text"])


def color_of_metal(piece: Piece) -> MetalColor | None:
    """Return the color that a piece's approved photos agree on; None where they aren't sure."""
    approved = (one for one in queries.photos_of(piece) if one.status == PhotoStatus.APPROVED)
    colors = {_color(photo) for photo in approved} - {None}
    return colors.pop() if len(colors) == 1 else None


def _color(photo: Photo) -> MetalColor | None:
    """The color in one photo, measured once for each cutout."""
    of = hashlib.sha256(f"{photo.cutout_view_key} {_EDITION}".encode()).hexdigest()[:24]
    key = f"previews/{photo.account_id}/{photo.pk}/{of}-metal.txt"
    try:
        known = storage.get(key).decode()
        return MetalColor(known) if known else None
    except FileNotFoundError:
        pass
    try:
        cutout, whole = (_small(one) for one in (photo.cutout_view_key, photo.view_key))
    except FileNotFoundError:
        return None
    color = metal_color(cutout, whole) if cutout.shape[:2] == whole.shape[:2] else None
    with suppress(storage.KeyTaken):  # two pages asked at once; both measured the same
        storage.put(key, (color or "").encode())
    return color


def _small(key: str) -> Bytes:
    image = Image.fromarray(image_files.load(key))
    image.thumbnail((_EDGE_PX, _EDGE_PX), Image.Resampling.BOX)
    return np.asarray(image, np.uint8)
