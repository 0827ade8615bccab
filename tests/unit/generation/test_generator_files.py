"""A generator's file is decoded as a seller's photo is, within limits of its own."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.gateway import OutputBroken
from jewelrymodel.studio.color_spaces import CodePoints, matrix_profile

DISPLAY_P3 = matrix_profile(CodePoints(12, 13).space)
PALE = (200, 160, 120)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]  # Pillow's options differ by format
    return out.getvalue()


def test_its_profile_is_converted() -> None:
    image = Image.new("RGB", (64, 64), PALE)
    srgb = ImageCms.createProfile("sRGB")
    source = ImageCms.ImageCmsProfile(io.BytesIO(DISPLAY_P3))
    in_p3 = ImageCms.profileToProfile(image, srgb, source)
    assert in_p3 is not None
    assert np.abs(np.asarray(in_p3, int)[0, 0] - PALE).max() > 4
    pixels = image_files.decoded(encoded(in_p3, icc_profile=DISPLAY_P3))
    assert np.abs(pixels[0, 0].astype(int) - PALE).max() <= 1


def test_its_orientation_is_followed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert image_files.decoded(encoded(Image.new("RGB", (64, 32)), "JPEG", exif=exif)).shape == (
        64,
        32,
        3,
    )


def test_sixteen_bit_gray_keeps_its_brightness() -> None:
    gray = Image.fromarray(np.full((64, 64), 32896, np.uint16))
    assert abs(int(image_files.decoded(encoded(gray))[0, 0, 0]) - 128) <= 1


def test_an_opaque_layer_is_no_transparency() -> None:
    pixels = image_files.decoded(encoded(Image.new("RGBA", (64, 64), (*PALE, 255))))
    assert tuple(pixels[0, 0]) == PALE


def broken(data: bytes) -> str:
    with pytest.raises(OutputBroken) as caught:
        image_files.decoded(data)
    return str(caught.value.params["detail"])


def test_what_is_no_finished_picture_is_broken() -> None:
    hdr = PngImagePlugin.PngInfo()
    hdr.add(b"cICP", bytes([9, 16, 0, 1]))
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
    assert broken(encoded(Image.new("RGBA", (64, 64), (*PALE, 254)))) == "transparent"
    assert broken(encoded(frames[0], pnginfo=hdr)) == "hdr"
    assert broken(encoded(frames[0], "AVIF")) == "not_a_photo"
    assert broken(encoded(frames[0], "TIFF")) == "not_a_photo"
    assert broken(encoded(frames[0])[:-30]) == "broken"
    assert broken(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])) == "animated"


def test_it_has_its_own_limit_of_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.new("RGB", (64, 64), PALE))
    assert image_files.decoded(data).shape == (64, 64, 3)
    monkeypatch.setattr(image_files, "MAX_OUTPUT_PIXELS", 64 * 64 - 1)
    assert broken(data) == "too_large"
