"""A seller's upload becomes clean sRGB pixels, or is refused with a code."""

import io
import struct
from dataclasses import dataclass

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from jewelrymodel.studio.messages import (
    Message,
    PhotoNote,
    PhotoProblem,
    StudioRefusal,
    message,
)

MAX_BYTES = 25_000_000
MAX_PIXELS = 50_000_000
MAX_EDGE = 12_000
MIN_EDGE = 250
WORKING_EDGE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, RuntimeError, IndexError)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class PhotoRefused(StudioRefusal):
    """This file can't be used as a photo: a PhotoProblem."""

    codes = PhotoProblem


@dataclass(frozen=True)
class Photo:
    """Upright sRGB pixels (HxWx3, longest edge at most WORKING_EDGE) without metadata, and what
    was done to get there.
    """

    rgb: NDArray[np.uint8]
    notes: tuple[Message, ...]


def open_photo(data: bytes) -> Photo:
    """Decode an upload under limits. Raises PhotoRefused."""
    _refuse_by_size(data)
    notes: list[Message] = []
    try:
        image = _opened(data, notes)
        _refuse_by_header(image)
        image.load()
        image = ImageOps.exif_transpose(image)
        rgb = _to_srgb(image, notes)
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise PhotoRefused(PhotoProblem.NOT_A_PHOTO) from None
    except _BROKEN:
        raise PhotoRefused(PhotoProblem.BROKEN) from None
    return Photo(np.asarray(_shrunk(rgb, notes), np.uint8), tuple(notes))


def _refuse_by_size(data: bytes) -> None:
    if not data:
        raise PhotoRefused(PhotoProblem.EMPTY)
    if len(data) > MAX_BYTES:
        raise PhotoRefused(PhotoProblem.TOO_HEAVY, megabytes=MAX_BYTES // 1_000_000)


def _opened(data: bytes, notes: list[Message]) -> Image.Image:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        notes.append(message(PhotoNote.FROM_HEIC))
        return pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True).to_pillow()
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _refuse_by_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_EDGE:
        raise _too_many_pixels()
    if max(width, height) < MIN_EDGE:
        raise PhotoRefused(
            PhotoProblem.TOO_SMALL, width_px=width, height_px=height, least_px=MIN_EDGE
        )
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise PhotoRefused(PhotoProblem.ANIMATED)


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        PhotoProblem.TOO_LARGE, megapixels=MAX_PIXELS // 1_000_000, edge_px=MAX_EDGE
    )


def _to_srgb(image: Image.Image, notes: list[Message]) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("P", "PA"):
        image = image.convert(
            "RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB"
        )
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        image = _deep_grey(image, notes)
    if image.mode in ("LA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        image = _over_white(image, notes)
    if image.mode == "CMYK":
        notes.append(message(PhotoNote.FROM_CMYK))
    return _through_profile(image, profile, notes).convert("RGB")


def _deep_grey(image: Image.Image, notes: list[Message]) -> Image.Image:
    notes.append(message(PhotoNote.FROM_16_BIT))
    values = np.asarray(image).astype(np.float64)
    scale = 255 / 65535 if values.max() > 255 else 1.0
    return Image.fromarray(np.clip(values * scale, 0, 255).astype(np.uint8))


def _over_white(image: Image.Image, notes: list[Message]) -> Image.Image:
    layer = image.convert("RGBA")
    if layer.getchannel("A").getextrema() == (255, 255):
        return layer.convert("RGB")
    notes.append(message(PhotoNote.TRANSPARENCY_TO_WHITE))
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _through_profile(
    image: Image.Image, profile: bytes | None, notes: list[Message]
) -> Image.Image:
    if not profile or image.mode not in ("RGB", "L", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        notes.append(message(PhotoNote.PROFILE_UNREADABLE))
        return image
    if "sRGB" not in ImageCms.getProfileDescription(source):
        notes.append(message(PhotoNote.TO_SRGB))
    return converted or image


def _shrunk(image: Image.Image, notes: list[Message]) -> Image.Image:
    if max(image.size) > WORKING_EDGE:
        notes.append(message(PhotoNote.REDUCED, width_px=image.width, height_px=image.height))
        image.thumbnail((WORKING_EDGE, WORKING_EDGE), Image.Resampling.LANCZOS)
    return image
