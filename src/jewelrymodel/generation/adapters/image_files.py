"""Pictures in our storage: written under fresh keys, read back as arrays."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from jewelrymodel.generation.gateway import OutputBroken
from jewelrymodel.infra import storage
from jewelrymodel.studio.messages import PhotoNote
from jewelrymodel.studio.photo import PhotoRefused, upright_srgb

VIEW_EDGE_PX = 1200
MAX_OUTPUT_PIXELS = 40_000_000
OUTPUT_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True)
class StoredImage:
    """A picture that is durably ours: the full image, a smaller one for pages, and what it is."""

    image_key: str
    view_key: str
    sha256: str
    width_px: int
    height_px: int


def store(prefix: str, pixels: NDArray[np.uint8], *, label: bytes = b"") -> StoredImage:
    """Store *pixels* (HxWx3 or HxWx4) under fresh keys that start with *prefix*, each file with
    *label*, an XMP packet, where there is one.

    Both files are durable when this returns; no row points to them yet. Raises storage.KeyTaken.
    """
    image = Image.fromarray(pixels)
    chunks = PngImagePlugin.PngInfo()
    if label:
        chunks.add_itxt("XML:com.adobe.xmp", label.decode())
    full = encoded(image, "PNG", compress_level=3, pnginfo=chunks)
    image.thumbnail((VIEW_EDGE_PX, VIEW_EDGE_PX), Image.Resampling.LANCZOS)
    return StoredImage(
        image_key=storage.put(f"{prefix}.png", full),
        view_key=storage.put(f"{prefix}.webp", encoded(image, "WEBP", quality=90, xmp=label)),
        sha256=hashlib.sha256(full).hexdigest(),
        width_px=pixels.shape[1],
        height_px=pixels.shape[0],
    )


def store_matte(prefix: str, cover: NDArray[np.uint8]) -> str:
    """Store *cover* (HxW) without loss and return its key. Raises storage.KeyTaken."""
    return storage.put(f"{prefix}.png", encoded(Image.fromarray(cover), "PNG", compress_level=3))


def store_view(prefix: str, pixels: NDArray[np.uint8]) -> str:
    """Store a smaller copy of *pixels* for pages and return its key. Raises storage.KeyTaken."""
    image = Image.fromarray(pixels)
    image.thumbnail((VIEW_EDGE_PX, VIEW_EDGE_PX), Image.Resampling.LANCZOS)
    return storage.put(f"{prefix}.webp", encoded(image, "WEBP", quality=90))


def load(key: str) -> NDArray[np.uint8]:
    """Return the stored picture under *key*, HxWx3, HxWx4 or HxW; raises FileNotFoundError."""
    return np.asarray(Image.open(io.BytesIO(storage.get(key))), np.uint8)


def encoded(image: Image.Image, fmt: str, **options: Any) -> bytes:
    """Return *image* as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, fmt, **options)
    return buffer.getvalue()


def watermarked(pixels: NDArray[np.uint8]) -> bytes:
    """Return a WebP of *pixels* (HxWx3, or HxWx4: laid on white) with words over it, so that a
    preview can't be sold.
    """
    image = Image.fromarray(pixels).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    font = ImageFont.load_default(size=image.width / 14)
    for row in range(0, image.height, image.height // 4):
        for column in range(-image.width // 4, image.width, image.width // 2):
            place = (column + row // 2, row + image.height // 12)
            draw.text(place, "preview", font=font, fill=(255, 255, 255, 150), stroke_width=1,
                      stroke_fill=(0, 0, 0, 70))  # fmt: skip
    return encoded(Image.alpha_composite(image, layer).convert("RGB"), "WEBP", quality=82)


def decoded(data: bytes) -> NDArray[np.uint8]:
    """Return a generator's file as upright sRGB pixels, HxWx3; raises OutputBroken.

    A picture with transparent places is broken too: every look has a background, and white laid
    under one that is missing would sell an unfinished image.
    """
    try:
        image, notes = upright_srgb(data, OUTPUT_FORMATS, MAX_OUTPUT_PIXELS)
    except PhotoRefused as refused:
        raise OutputBroken(detail=refused.code) from None
    if any(note.code is PhotoNote.TRANSPARENCY_TO_WHITE for note in notes):
        raise OutputBroken(detail="transparent")
    return np.asarray(image, np.uint8)
