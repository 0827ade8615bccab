"""Whatever a seller uploads becomes upright sRGB pixels, or is refused with a reason."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from jewelrymodel.studio import photo
from jewelrymodel.studio.messages import PhotoNote, message
from jewelrymodel.studio.photo import PhotoRefused, open_photo


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]  # Pillow's options differ by format
    return out.getvalue()


def png_header_claiming(width: int, height: int) -> bytes:
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(ihdr))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + ihdr + crc + encoded(GOLD)[33:]


GOLD = Image.new("RGB", (400, 300), (212, 175, 55))
FRAMES = [GOLD, Image.new("RGB", (400, 300), "red")]


def refusal(data: bytes) -> PhotoRefused:
    with pytest.raises(PhotoRefused) as caught:
        open_photo(data)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"x" * (photo.MAX_BYTES + 1), "too_heavy"),
        (b"%PDF-1.7 not a photo", "not_a_photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_photo"),
        (b"just text", "not_a_photo"),
        (encoded(GOLD, "JPEG")[:400], "broken"),
        (encoded(GOLD)[:-60], "broken"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "broken"),
        (png_header_claiming(40_000, 40), "too_large"),
        (png_header_claiming(30_000, 30_000), "too_large"),
        (png_header_claiming(10_000, 9_500), "too_large"),
        (encoded(GOLD.resize((200, 150))), "too_small"),
        (encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), "animated"),
        (encoded(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]), "animated"),
    ],
)
def test_says_no_with_a_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize(
    "data",
    [
        encoded(GOLD, "JPEG", quality=95),
        encoded(GOLD.convert("P")),
        encoded(GOLD.convert("RGBA")),
    ],
)
def test_color_survives_every_mode(data: bytes) -> None:
    opened = open_photo(data)
    assert opened.rgb.shape == (300, 400, 3)
    assert np.abs(opened.rgb.mean((0, 1)) - (212, 175, 55)).max() < 6
    assert not opened.notes


def test_heic_is_accepted_and_noted() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(GOLD).save(out, quality=95)
    opened = open_photo(out.getvalue())
    assert np.abs(opened.rgb.mean((0, 1)) - (212, 175, 55)).max() < 6
    assert opened.notes[0].code is PhotoNote.FROM_HEIC


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    gray = Image.fromarray(np.full((300, 400), 32896, np.uint16))
    opened = open_photo(encoded(gray))
    assert abs(int(opened.rgb[0, 0, 0]) - 128) <= 1


def test_grey_and_transparent_palettes() -> None:
    assert open_photo(encoded(GOLD.convert("L"))).rgb.shape == (300, 400, 3)
    palette = GOLD.convert("P")
    palette.info["transparency"] = 0
    assert open_photo(encoded(palette, transparency=0)).rgb.shape == (300, 400, 3)


def test_transparency_becomes_white() -> None:
    opened = open_photo(encoded(Image.new("RGBA", (300, 300), (0, 0, 0, 0))))
    assert opened.rgb.min() == 255
    assert opened.notes[0].code is PhotoNote.TRANSPARENCY_TO_WHITE


def test_turned_by_its_orientation_and_stripped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert open_photo(encoded(GOLD, "JPEG", exif=exif)).rgb.shape == (400, 300, 3)


def test_profile_is_converted_to_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert open_photo(encoded(GOLD, "JPEG", icc_profile=srgb)).notes == ()
    assert open_photo(encoded(GOLD, "JPEG", icc_profile=b"nonsense")).notes != ()
    assert open_photo(encoded(GOLD, "JPEG", icc_profile=lab)).notes != ()


def test_large_photos_are_shrunk_and_it_is_noted() -> None:
    opened = open_photo(encoded(GOLD.resize((4096, 1024)), "JPEG"))
    assert opened.rgb.shape == (512, 2048, 3)
    assert opened.notes[0] == message(PhotoNote.REDUCED, width_px=4096, height_px=1024)
