"""A photo's file is named by its piece, unless a camera named it."""

import pytest

from jewelrymodel.generation.rules.photo_file_names import LONGEST_SKU, NamedPhoto, named_photo
from jewelrymodel.generation.statuses import PhotoView


@pytest.mark.parametrize(
    ("file_name", "name", "sku", "view", "group"),
    [
        ("ring-12_front.jpg", "ring-12", "ring-12", PhotoView.FRONT, "ring-12"),
        ("Fall/ring-12_side.JPG", "ring-12", "ring-12", PhotoView.SIDE, "ring-12"),
        ("ring-12 3-4.heic", "ring-12", "ring-12", PhotoView.THREE_QUARTER, "ring-12"),
        ("ring-12.Rückseite.png", "ring-12", "ring-12", PhotoView.BACK, "ring-12"),
        ("ring-12.jpg", "ring-12", "ring-12", PhotoView.UNKNOWN, "ring-12"),
        ("ring-12_2.jpg", "ring-12", "ring-12", PhotoView.UNKNOWN, "ring-12"),
        ("RING-12 (2).jpg", "RING-12", "RING-12", PhotoView.UNKNOWN, "ring-12"),
        ("10423.jpg", "10423", "10423", PhotoView.UNKNOWN, "10423"),
        ("Gold_hoops.jpg", "Gold hoops", "", PhotoView.UNKNOWN, "gold hoops"),
        ("Gold hoops 9k.jpg", "Gold hoops 9k", "", PhotoView.UNKNOWN, "gold hoops 9k"),
        ("side.jpg", "side", "", PhotoView.UNKNOWN, "side"),
    ],
)
def test_a_name_says_piece_sku_and_view(
    file_name: str, name: str, sku: str, view: PhotoView, group: str
) -> None:
    assert named_photo(file_name) == NamedPhoto(name, sku, view, group)


@pytest.mark.parametrize(
    "file_name",
    [
        *("IMG_2041.HEIC", "IMG-20260114-WA0003.jpg", "DSC00812.JPG", "_DSC0812.jpg", "image.png"),
        *("image (3).png", "P1010023.JPG", "PXL_20260101_120000123.jpg", "Screenshot 12.png"),
        *("WhatsApp Image 2026-01-01 at 12.00.00.jpeg", "20260101_120000.jpg", "1764412345678.jpg"),
        *("photo_2026-01-01.jpg", "8d3f2a10-9c1b-4b7e-8a55-0d1f2e3a4b5c.jpg"),
    ],
)
def test_a_cameras_name_is_no_sku_and_joins_nothing(file_name: str) -> None:
    said = named_photo(file_name)
    assert (said.sku, said.group) == ("", "")
    assert said.name


def test_what_is_too_long_is_no_sku() -> None:
    assert named_photo(f"{'9a' * LONGEST_SKU}.jpg").sku == ""
