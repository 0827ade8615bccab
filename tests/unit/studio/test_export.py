"""Files say what they are, in every format."""

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image, IptcImagePlugin

from jewelrymodel.studio.export import COMPOSITE_SYNTHETIC, Format, Provenance, encode

PICTURE = np.full((300, 400, 3), 120, np.uint8)
MADE = Provenance(
    datetime(2026, 5, 14, 9, 30, tzinfo=UTC),
    description=("A composite with a virtual model.", "Added: a <wall>."),
)


@pytest.mark.parametrize("fmt", ["png", "jpeg", "webp"])
def test_marked_as_a_composite(fmt: Format) -> None:
    data = encode(PICTURE, fmt, MADE)
    for said in (
        COMPOSITE_SYNTHETIC,
        "A composite with a virtual model. Added: a",
        "2026-05-14",
        "&lt;wall&gt;",
    ):
        assert said.encode() in data
    assert Image.open(io.BytesIO(data)).size == (400, 300)


def test_jpeg_carries_iptc() -> None:
    image = Image.open(io.BytesIO(encode(PICTURE, "jpeg", MADE)))
    record = IptcImagePlugin.getiptcinfo(image)
    assert record is not None
    assert record[(2, 55)] == b"20260514"
    assert record[(2, 120)] == b"A composite with a virtual model. Added: a <wall>."


@pytest.mark.parametrize("size", [(200, 150), (800, 600), (1333, 1000)])
def test_a_size_of_the_pictures_own_shape_is_made(size: tuple[int, int]) -> None:
    image = Image.open(io.BytesIO(encode(PICTURE, "png", MADE, size)))
    assert image.size == size
    assert image.getcolors() == [(size[0] * size[1], (120, 120, 120))]


@pytest.mark.parametrize("size", [(300, 300), (300, 400), (400, 310)])
def test_nothing_is_stretched_cut_or_filled_up_to_another_shape(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shape"):
        encode(PICTURE, "png", MADE, size)


def test_a_picture_of_nothing_but_detail_is_a_jpeg_too() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1080, 1080, 3)).astype(np.uint8)
    image = Image.open(io.BytesIO(encode(noise, "jpeg", MADE)))
    assert image.size == (1080, 1080)
    image.load()


def test_the_header_of_a_jpeg_comes_first_and_its_fields_end_between_characters() -> None:
    made = Provenance(MADE.made_at, generator="é" * 30)
    data = encode(PICTURE, "jpeg", made)
    assert data[2:4] == b"\xff\xe0"
    record = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(data)))
    assert record is not None
    assert record[(2, 65)] == ("é" * 16).encode()
