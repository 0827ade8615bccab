"""What a seller says that an image shows, and what a photo says of a piece's metal."""

from collections.abc import Mapping

import numpy as np
from django.db import transaction
from PIL import Image

from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Asset, Piece
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.metal_color import MetalColor, metal_color

_EDGE_PX = 600  # enough to tell a color, and a quarter of the time


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
    found = set()
    for photo in queries.photos_of(piece):
        if photo.status != PhotoStatus.APPROVED:
            continue
        try:
            cutout, whole = (_small(key) for key in (photo.cutout_view_key, photo.view_key))
        except FileNotFoundError:
            continue
        found.add(metal_color(cutout, whole) if cutout.shape[:2] == whole.shape[:2] else None)
    colors = found - {None}
    return colors.pop() if len(colors) == 1 else None


def _small(key: str) -> Bytes:
    image = Image.fromarray(image_files.load(key))
    image.thumbnail((_EDGE_PX, _EDGE_PX), Image.Resampling.BOX)
    return np.asarray(image, np.uint8)
