"""A seller's upload becomes clean sRGB pixels, or a sentence that says what to do instead."""

import io
import struct
from dataclasses import dataclass

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_BYTES = 25_000_000
MAX_PIXELS = 50_000_000
MAX_EDGE = 12_000
MIN_EDGE = 250
WORKING_EDGE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, RuntimeError, IndexError)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class PhotoRefused(Exception):
    """This file can't be used as a photo. Nothing was charged; send a JPEG or PNG photo of the
    piece.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Photo:
    """Upright sRGB pixels (HxWx3, longest edge at most WORKING_EDGE) without metadata, and what
    was done to get there.
    """

    rgb: NDArray[np.uint8]
    notes: tuple[str, ...]


def open_photo(data: bytes) -> Photo:
    """Decode an upload under limits. Raises PhotoRefused with a code and a sentence that names
    the mend.
    """
    _refuse_by_size(data)
    notes: list[str] = []
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
        raise PhotoRefused(
            "not_a_photo",
            "This file isn't a photo that we can read. Send a JPEG, PNG, WebP or HEIC photo of"
            " the piece.",
        ) from None
    except _BROKEN:
        raise PhotoRefused(
            "broken",
            "The file is damaged or only part of it arrived. Export the photo again and send it"
            " once more.",
        ) from None
    return Photo(np.asarray(_shrunk(rgb, notes), np.uint8), tuple(notes))


def _refuse_by_size(data: bytes) -> None:
    if not data:
        raise PhotoRefused(
            "empty", "The file is empty (0 bytes). Choose the photo again and send it once more."
        )
    if len(data) > MAX_BYTES:
        megabytes = MAX_BYTES // 1_000_000
        raise PhotoRefused(
            "too_heavy",
            f"The file is larger than {megabytes} MB. Save it as a JPEG of at most {megabytes} MB.",
        )


def _opened(data: bytes, notes: list[str]) -> Image.Image:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        notes.append("Converted from HEIC.")
        return pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True).to_pillow()
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _refuse_by_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_EDGE:
        raise _too_many_pixels()
    if max(width, height) < MIN_EDGE:
        raise PhotoRefused(
            "too_small",
            f"The photo is {width} × {height} pixels. Send one of at least {MIN_EDGE}, better"
            f" 1200 pixels.",
        )
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise PhotoRefused(
            "animated", "This is an animation or has several pages. Send a single still photo."
        )


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        "too_large",
        f"The photo has too many pixels: up to {MAX_PIXELS // 1_000_000} million and"
        f" {MAX_EDGE:,} an edge are accepted."
        " Make it smaller and send it again; 2048 pixels are plenty.",
    )


def _to_srgb(image: Image.Image, notes: list[str]) -> Image.Image:
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
        notes.append("Converted from print colors (CMYK); check the colors.")
    return _through_profile(image, profile, notes).convert("RGB")


def _deep_grey(image: Image.Image, notes: list[str]) -> Image.Image:
    notes.append("Converted from 16-bit gray.")
    values = np.asarray(image).astype(np.float64)
    scale = 255 / 65535 if values.max() > 255 else 1.0
    return Image.fromarray(np.clip(values * scale, 0, 255).astype(np.uint8))


def _over_white(image: Image.Image, notes: list[str]) -> Image.Image:
    layer = image.convert("RGBA")
    if layer.getchannel("A").getextrema() == (255, 255):
        return layer.convert("RGB")
    notes.append("The transparent background was made white.")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _through_profile(image: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    if not profile or image.mode not in ("RGB", "L", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        notes.append("The color profile couldn't be read; sRGB was assumed.")
        return image
    if "sRGB" not in ImageCms.getProfileDescription(source):
        notes.append("Colors converted to sRGB.")
    return converted or image


def _shrunk(image: Image.Image, notes: list[str]) -> Image.Image:
    if max(image.size) > WORKING_EDGE:
        notes.append(f"Made smaller from {image.width} × {image.height} pixels for the work.")
        image.thumbnail((WORKING_EDGE, WORKING_EDGE), Image.Resampling.LANCZOS)
    return image
