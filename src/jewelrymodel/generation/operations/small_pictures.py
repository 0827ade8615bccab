"""Pictures for lists: made once, a tenth of the bytes of those that pages show one of."""

import io
from collections.abc import Callable

from PIL import Image

from jewelrymodel.generation.adapters.image_files import encoded
from jewelrymodel.generation.adapters.source_label import asset_label
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.infra import storage
from jewelrymodel.studio.export import xmp_packet

EDGE_PX = 480
_LABELED = 1  # the edition of the label: files without one have another name


def small_image(asset: Asset) -> str:
    """Return the key of an image's small picture; raises FileNotFoundError where it has no file."""
    key = f"exports/{asset.account_id}/{asset.pk}/small-{_LABELED}.webp"
    return _small(asset.view_key, key, lambda: xmp_packet(asset_label(asset)))


def small_photo(photo: Photo) -> str:
    """Return the key of a photo's small picture; raises FileNotFoundError where it has no file."""
    return _small(photo.view_key, f"previews/{photo.account_id}/{photo.pk}/small.webp")


def small_cutout(photo: Photo) -> str:
    """Return the key of the small picture of a photo's cutout, as ``small_photo`` does."""
    key = f"previews/{photo.account_id}/{photo.pk}/cutout-{photo.fence}.webp"
    return _small(photo.cutout_view_key, key)


def _small(view_key: str, key: str, label: Callable[[], bytes] = bytes) -> str:
    if storage.exists(key):
        return key
    image = Image.open(io.BytesIO(storage.get(view_key)))
    image.thumbnail((EDGE_PX, EDGE_PX), Image.Resampling.LANCZOS)
    try:
        return storage.put(key, encoded(image, "WEBP", quality=80, xmp=label()))
    except storage.KeyTaken:  # two pages asked at once; both pictures are the same
        return key
