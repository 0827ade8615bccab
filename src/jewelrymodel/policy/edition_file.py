"""The shape that every edition's file has: a front matter in TOML, then prose in Markdown."""

import datetime
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from jewelrymodel.policy.edition import EditionRefused

HEADING = re.compile(r"^(?P<title>.+?)\s*\{#(?P<anchor>[a-z-]+)\}$")
_FENCE = "+++"


def decoded(file: str, content: bytes) -> str:
    """Return the text of a file in UTF-8; raises EditionRefused for anything else.

    NUL is refused because the database keeps none.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EditionRefused(file, line, "this is not UTF-8", "save it as UTF-8") from None
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise EditionRefused(file, line, "there is a NUL character", "take it out")
    return text


def front_and_body(file: str, text: str) -> tuple[dict[str, Any], str, int]:
    """Return the front matter, the body, and the number of lines before the body.

    Raises EditionRefused.
    """
    parts = text.split(f"{_FENCE}\n", 2)
    if len(parts) != 3 or parts[0]:
        raise EditionRefused(
            file, 1, "there is no front matter", f"open and close it with {_FENCE}"
        )
    try:
        return tomllib.loads(parts[1]), parts[2], parts[1].count("\n") + 2
    except tomllib.TOMLDecodeError as error:
        raise EditionRefused(file, 1, f"front matter: {error}", "mend the TOML") from None


def front_date(file: str, front: Mapping[str, Any], name: str) -> datetime.date:
    """Return the day that *name* is set to; raises EditionRefused."""
    value = front.get(name)
    if type(value) is not datetime.date:
        raise EditionRefused(file, 1, f"{name} is {value!r}", "give a date like 2026-05-14")
    return value
