"""A piece is called as its photo's file is, without what only computers need."""

import pytest

from jewelrymodel.generation.rules.piece_names import LONGEST, is_telling, piece_name


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("gold-ring.jpg", "gold-ring"),
        ("Opal_pendant__front.final.JPEG", "Opal pendant front.final"),
        ("C:\\photos\\ring.png", "ring"),
        ("photos/ring.png", "ring"),
        ("ring", "ring"),
        (".jpg", "jpg"),
        ("…", "…"),
        ("__.png", ""),
        ("", ""),
    ],
)
def test_the_name_is_what_is_left_of_the_files(file_name: str, name: str) -> None:
    assert piece_name(file_name) == name


def test_a_long_name_is_cut() -> None:
    assert len(piece_name("x" * 500 + ".jpg")) == LONGEST


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        ("Opal", True),
        ("IMG 0077", False),
        ("WhatsApp Image 2026 08 16", False),
        ("IMG 77 gold ring", True),
        ("DSC04446", False),
        ("R 7", False),
        ("Kreole", True),
        ("", False),
    ],
)
def test_a_name_tells_something_or_is_a_number_of_a_camera(name: str, tells: bool) -> None:
    assert is_telling(name) is tells
