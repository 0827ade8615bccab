"""The honest composite, and the ways to spoil it."""

import io
from typing import Any

from PIL import Image, ImageFilter, ImageOps

from jewelrymodel.sandbox.generator.faults import Behaviour

MAX_EDGE = 4096


def picture(cutout: bytes, order: dict[str, Any], behaviour: str) -> bytes:
    """The PNG of one image: the cutout in its box, over a background from top to bottom color."""
    size = (int(order["width"]), int(order["height"]))
    if behaviour == Behaviour.BLANK:
        return _png(Image.new("RGB", size, order["top"]))
    canvas = _backdrop(size, order["top"], order["bottom"])
    x, y, width, height = (int(n) for n in order["box"])
    piece = Image.open(io.BytesIO(cutout)).convert("RGBA")
    piece = _shrunk(piece, (width, height))
    if behaviour == Behaviour.ALTERED:
        piece = _altered(piece)
    shadow = piece.getchannel("A").point(lambda a: a * 0.35).filter(_blur(width))
    canvas.paste((30, 26, 24), (x + width // 60, y + width // 40), shadow)
    canvas.paste(piece, (x, y), piece)
    data = _png(canvas)
    return data[: len(data) // 2] if behaviour == Behaviour.BROKEN else data


def _blur(width: int) -> ImageFilter.GaussianBlur:
    return ImageFilter.GaussianBlur(max(2, width / 60))


def _shrunk(piece: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Resize with premultiplied alpha, or the transparent pixels' color bleeds into the edge."""
    return piece.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _altered(piece: Image.Image) -> Image.Image:
    """What such models really do: another piece of the same outline and colors."""
    alpha = piece.getchannel("A")
    changed = ImageOps.mirror(piece.convert("RGB")).filter(ImageFilter.GaussianBlur(3))
    changed.putalpha(alpha)
    return changed


def _backdrop(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
