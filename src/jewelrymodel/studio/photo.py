"""A seller's upload becomes clean sRGB pixels, or is refused with a code."""

import io
import struct
from dataclasses import dataclass

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from jewelrymodel.studio.color_declarations import (
    avif_code_points,
    container_brands,
    png_code_points,
    png_measured_space,
    profile_code_points,
)
from jewelrymodel.studio.color_spaces import CodePoints, ColorSpace, matrix_profile
from jewelrymodel.studio.messages import (
    Message,
    PhotoNote,
    PhotoProblem,
    StudioRefusal,
    message,
)
from jewelrymodel.studio.press_profile import as_printed

MAX_BYTES = 25_000_000
MAX_PIXELS = 50_000_000
MAX_EDGE = 12_000
MIN_EDGE = 250
WORKING_EDGE = 2048
HEIF = "HEIF"
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", HEIF)
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, RuntimeError, IndexError)
_HEVC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis"}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = _HEVC_BRANDS | {b"mif1", b"msf1"}
_FRACTIONS_UP_TO = 1.5  # brighter than white where a float TIFF has overshot


class PhotoRefused(StudioRefusal):
    """This file can't be used as a photo: a PhotoProblem."""

    codes = PhotoProblem


@dataclass(frozen=True)
class Photo:
    """Upright sRGB pixels (HxWx3, longest edge at most WORKING_EDGE) without metadata, and what
    was done to get there. `whole` has as many pixels as the file, where those are more than that.
    """

    rgb: NDArray[np.uint8]
    notes: tuple[Message, ...]
    whole: NDArray[np.uint8] | None = None


def open_photo(data: bytes) -> Photo:
    """Decode an upload under limits. Raises PhotoRefused."""
    _refuse_by_size(data)
    image, notes = upright_srgb(data)
    _refuse_small(image)
    whole = np.asarray(image, np.uint8) if max(image.size) > WORKING_EDGE else None
    return Photo(np.asarray(_shrunk(image, notes), np.uint8), tuple(notes), whole)


def upright_srgb(
    data: bytes, formats: tuple[str, ...] = FORMATS, max_pixels: int = MAX_PIXELS
) -> tuple[Image.Image, list[Message]]:
    """Decode a picture of whatever source, whole and as large as it is. Raises PhotoRefused."""
    notes: list[Message] = []
    try:
        image = _opened(data, formats, notes)
        _refuse_by_header(image, max_pixels)
        profile = _profile(data, image, notes)
        image.load()
        image = ImageOps.exif_transpose(image)
        return _to_srgb(image, profile, notes), notes
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(max_pixels) from None
    except UnidentifiedImageError:
        raise PhotoRefused(PhotoProblem.NOT_A_PHOTO) from None
    except _BROKEN:
        raise PhotoRefused(PhotoProblem.BROKEN) from None


def _refuse_by_size(data: bytes) -> None:
    if not data:
        raise PhotoRefused(PhotoProblem.EMPTY)
    if len(data) > MAX_BYTES:
        raise PhotoRefused(PhotoProblem.TOO_HEAVY, megabytes=MAX_BYTES // 1_000_000)


def _opened(data: bytes, formats: tuple[str, ...], notes: list[Message]) -> Image.Image:
    if HEIF in formats and _is_heif(container_brands(data)):
        notes.append(message(PhotoNote.FROM_HEIC))
        return pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True).to_pillow()
    return Image.open(io.BytesIO(data), formats=[one for one in formats if one != HEIF])


def _is_heif(brands: frozenset[bytes]) -> bool:
    """Whether our HEIC library is to open it; mif1 alone says only "some image"."""
    if brands & _HEVC_BRANDS:
        return True
    return bool(brands & _HEIF_BRANDS) and not brands & _AVIF_BRANDS


def _refuse_by_header(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if width * height > max_pixels or max(width, height) > MAX_EDGE:
        raise _too_many_pixels(max_pixels)
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise PhotoRefused(PhotoProblem.ANIMATED)


def _too_many_pixels(max_pixels: int) -> PhotoRefused:
    return PhotoRefused(
        PhotoProblem.TOO_LARGE, megapixels=max_pixels // 1_000_000, edge_px=MAX_EDGE
    )


def _refuse_small(image: Image.Image) -> None:
    width, height = image.size
    if max(width, height) < MIN_EDGE:
        raise PhotoRefused(
            PhotoProblem.TOO_SMALL, width_px=width, height_px=height, least_px=MIN_EDGE
        )


def _profile(data: bytes, image: Image.Image, notes: list[Message]) -> bytes | None:
    """The ICC profile to convert from: in the file, or made of the numbers that it declares.

    A PNG's numbers overrule its profile; a HEIC's or AVIF's profile overrules its numbers.
    """
    embedded: bytes | None = image.info.get("icc_profile")
    named = _code_points(data, image)
    if any(one.is_hdr for one in (named, profile_code_points(embedded or b"")) if one):
        raise PhotoRefused(PhotoProblem.HDR)
    if named and (image.format == "PNG" or not embedded):
        return _declared_profile(named.space, notes)
    measured = None if embedded else png_measured_space(image)
    return _declared_profile(measured, notes) if measured else embedded


def _code_points(data: bytes, image: Image.Image) -> CodePoints | None:
    if image.format == "PNG":
        return png_code_points(data)
    if image.format == "AVIF":
        return avif_code_points(data)
    nclx = image.info.get("nclx_profile")
    return CodePoints(nclx["color_primaries"], nclx["transfer_characteristics"]) if nclx else None


def _declared_profile(space: ColorSpace, notes: list[Message]) -> bytes | None:
    if space.is_srgb:
        return None
    try:
        return matrix_profile(space)
    except ValueError:
        notes.append(message(PhotoNote.PROFILE_UNREADABLE))
        return None


def _to_srgb(image: Image.Image, profile: bytes | None, notes: list[Message]) -> Image.Image:
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
    values = np.asarray(image).astype(np.float32)
    if image.mode == "F":
        values = np.nan_to_num(values)
        scale = _float_scale(float(np.quantile(values[::4, ::4], 0.99)))
        notes.append(message(PhotoNote.FROM_32_BIT))
    else:
        scale = 255 / 65535 if values.max() > 255 else 1.0
        notes.append(message(PhotoNote.FROM_16_BIT))
    return Image.fromarray(np.clip(values * scale + 0.5, 0, 255).astype(np.uint8))


def _float_scale(brightest: float) -> float:
    """What brings floats to 0..255: written as fractions, as 8-bit or as 16-bit values."""
    if brightest <= _FRACTIONS_UP_TO:
        return 255.0
    return 1.0 if brightest <= 255 else 255 / 65535


def _over_white(image: Image.Image, notes: list[Message]) -> Image.Image:
    layer = image.convert("RGBA")
    if layer.getchannel("A").getextrema() == (255, 255):
        return layer.convert("RGB")
    notes.append(message(PhotoNote.TRANSPARENCY_TO_WHITE))
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _through_profile(
    image: Image.Image, profile: bytes | None, notes: list[Message]
) -> Image.Image:
    if not profile and image.mode == "CMYK":
        return as_printed(image)
    if not profile or image.mode not in ("RGB", "L", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        notes.append(message(PhotoNote.PROFILE_UNREADABLE))
        return as_printed(image) if image.mode == "CMYK" else image
    if "sRGB" not in ImageCms.getProfileDescription(source):
        notes.append(message(PhotoNote.TO_SRGB))
    return converted or image


def _shrunk(image: Image.Image, notes: list[Message]) -> Image.Image:
    if max(image.size) > WORKING_EDGE:
        notes.append(message(PhotoNote.REDUCED, width_px=image.width, height_px=image.height))
        image = image.copy()
        image.thumbnail((WORKING_EDGE, WORKING_EDGE), Image.Resampling.LANCZOS)
    return image
