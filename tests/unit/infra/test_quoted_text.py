"""Quotes are told apart from a writer's own words, and nothing is left away."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.infra.quoted_text import own_words, passages

ANSWERS = """Hello,

On Mon, 3 Nov 2026 at 10:00, Shop <support@shop.example>
wrote:
> Which order?
JM-000001

> When was it?

On Monday."""
OUTLOOK = """See below.

-----Original Message-----
From: Shop <support@shop.example>
Sent: Monday, 3 November 2026 10:00
To: Ada
Subject: Receipt R-000007

Order JM-000007: 39.00 USD"""
GERMAN = """Siehe unten.
________________________________
Von: Shop
Gesendet: Montag, 3. November 2026 10:00
An: Ada
Betreff: Ihre Anfrage

JM-000007"""
UNMARKED = """It failed.

On 3 Nov 2026, at 10:00, Shop <support@shop.example> wrote:

Which order was it? JM-000007"""
FORM = """Email: ada@rings.example
Order: JM-000001
From: ada@rings.example I paid
Problem: the image is blank"""


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (ANSWERS, "Hello,\n\nJM-000001\n\nOn Monday."),
        (OUTLOOK, "See below."),
        (GERMAN, "Siehe unten."),
        (UNMARKED, "It failed."),
        (FORM, FORM),
        ("> all of it\n> is a quote", ""),
        ("---------- Forwarded message ---------\nHello", ""),
        (
            "My answers to your 3 questions:\n> One?\nYes.",
            "My answers to your 3 questions:\n\nYes.",
        ),
        (
            "On Monday we spoke.\nOn Tuesday it failed.",
            "On Monday we spoke.\nOn Tuesday it failed.",
        ),
        ("a > b\n  > quoted", "a > b"),
        ("", ""),
    ],
)
def test_what_is_quoted_is_not_the_writers_own(text: str, own: str) -> None:
    assert own_words(text) == own
    assert "\n".join(one.text for one in passages(text)) == text


def test_answers_stand_between_their_questions() -> None:
    kinds = [one.is_quote for one in passages(ANSWERS)]
    assert kinds == [False, True, False, True, False]
    assert passages(ANSWERS)[1].text.startswith("On Mon, 3 Nov")


LINES = st.sampled_from(
    ["", " ", "> q", "On Mon, 3 Nov 2026 at 10:00 x wrote:", "From: a@b.c", "Subject: s", "word"]
)


@pytest.mark.no_cover  # not of the rooms that are covered whole
@given(st.lists(LINES, max_size=30), st.text(max_size=40))
def test_every_letter_is_in_a_passage(lines: list[str], more: str) -> None:
    text = "\n".join([*lines, more])
    found = passages(text)
    assert "\n".join(one.text for one in found) == text
    assert all(one.is_quote != other.is_quote for one, other in pairwise(found))


@pytest.mark.parametrize(
    "long",
    [
        pytest.param("1234 11:11 " * 4_000 + "x\n> hello", id="one line of dates"),
        pytest.param(("1234 11:11 " * 35 + ":\n> q\n") * 800, id="many lines of dates"),
        pytest.param("-" * 40_000 + "x\nFrom: a@b.example\nSubject: x\n", id="a line of dashes"),
    ],
)
def test_a_long_line_is_read_once(long: str) -> None:
    """Each took minutes while one expression went over the line again for every part of it."""
    assert "".join(one.text for one in passages(long)).replace("\n", "") == long.replace("\n", "")
