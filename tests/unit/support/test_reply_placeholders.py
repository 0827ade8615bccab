"""Placeholders of saved replies: filled in one pass, and never guessed."""

import pytest

from jewelrymodel.support.rules.reply_placeholders import (
    PLACEHOLDERS,
    filled,
    placeholders_in,
    unknown_placeholders,
)


def test_what_is_known_is_filled_in_and_what_isnt_stays() -> None:
    text = "Hello {name}, {order} was paid on {date}. {order}"
    assert filled(text, {"name": "Ada", "order": "JM-1"}) == (
        "Hello Ada, JM-1 was paid on {date}. JM-1"
    )
    assert placeholders_in(filled(text, {"name": "", "order": "JM-1"})) == ["name", "date"]


def test_a_value_that_looks_like_a_placeholder_is_not_filled_in_again() -> None:
    assert filled("{name} {order}", {"name": "{order}", "order": "JM-1"}) == "{order} JM-1"


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_placeholder_is_known(name: str) -> None:
    assert unknown_placeholders(f"{{{name}}} and {{x y}} and {{}}") == []


def test_what_is_none_is_named_once() -> None:
    assert unknown_placeholders("{Name} {ordr} {ordr} {order}") == ["Name", "ordr"]
