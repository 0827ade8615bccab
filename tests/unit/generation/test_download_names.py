"""Downloaded files are named by their piece, told apart, in letters that every shop takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.generation.rules.download_names import (
    LONGEST_PART,
    download_name,
    slug,
    told_apart,
)


@pytest.mark.parametrize(
    ("piece", "name"),
    [
        ("R 7/b", "r-7-b-marble-4x5-1080.jpg"),
        ("Große Öse №1", "grosse-oese-no1-marble-4x5-1080.jpg"),
        ("指輪", "piece-marble-4x5-1080.jpg"),
        ("", "piece-marble-4x5-1080.jpg"),
    ],
)
def test_the_piece_comes_first(piece: str, name: str) -> None:
    made = download_name(piece=piece, look_id="marble", aspect="4:5", size="1080", fmt="jpeg")
    assert made == name


def test_the_format_is_in_the_name() -> None:
    made = download_name(piece="a", look_id="hand-light", aspect="1:1", size="full", fmt="png")
    assert made == "a-hand-light-1x1-full.png"


def test_what_comes_again_is_numbered_past_what_is_there() -> None:
    names = ["a.jpg", "a.jpg", "b.jpg", "a-2.jpg", "a.jpg"]
    assert told_apart(names) == ["a.jpg", "a-3.jpg", "b.jpg", "a-2.jpg", "a-4.jpg"]


@given(st.lists(st.sampled_from(["a.jpg", "a-2.jpg", "a-3.jpg", "b.png"]), max_size=12))
def test_no_two_are_alike(names: list[str]) -> None:
    made = told_apart(names)
    assert len(set(made)) == len(made) == len(names)


@given(st.text())
def test_a_slug_is_plain(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))
    assert len(slug(text)) <= LONGEST_PART
