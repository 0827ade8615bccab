"""The files that go to a provider, and the one mask in each provider's meaning.

Ours is 255 where the scene is to be made. What leaves is always a PNG made anew from pixels: none
of the seller's metadata goes along.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]


def png(pixels: Bytes) -> bytes:
    """Return *pixels* (HxW, HxWx3 or HxWx4) as a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def in_base64(data: bytes) -> str:
    """Return *data* as text."""
    return base64.b64encode(data).decode()


def data_uri(pixels: Bytes) -> str:
    """Return *pixels* as a PNG inside an address (RFC 2397)."""
    return f"data:image/png;base64,{in_base64(png(pixels))}"


def transparent_is_painted(canvas: Bytes, paint: Bytes) -> bytes:
    """Return the canvas as a PNG whose transparent pixels are those to make: OpenAI's meaning."""
    return png(np.dstack([canvas, 255 - paint]))


def white_is_painted(paint: Bytes) -> bytes:
    """Return the mask as a PNG that is white where the scene is made: BFL's and fal's meaning."""
    return png(paint)
