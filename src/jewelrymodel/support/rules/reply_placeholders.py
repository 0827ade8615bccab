"""Placeholders of saved replies: ``{order}`` becomes the number of the order, and so on. Pure."""

import re
from collections.abc import Mapping

PLACEHOLDERS = ("name", "request", "order", "amount", "date", "deadline")
"""Whom it is to; the request's number; the order's number, what was paid for it and when it was
placed; by when the request is answered.
"""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders_in(text: str) -> list[str]:
    """Return the placeholders that stand in *text*, each once, in their order."""
    names = (one for one in _PLACEHOLDER.findall(text) if one in PLACEHOLDERS)
    return list(dict.fromkeys(names))


def unknown_placeholders(text: str) -> list[str]:
    """Return what is written like a placeholder and is none, each once."""
    names = (one for one in _PLACEHOLDER.findall(text) if one not in PLACEHOLDERS)
    return list(dict.fromkeys(names))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return *text* with its placeholders replaced in one pass; one without a value stays as it is,
    so that whoever sends it sees what is missing.
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)
