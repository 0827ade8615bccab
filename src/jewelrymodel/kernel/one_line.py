"""Names as one line of text that shows what it holds."""

import re

HIDDEN = "\u0001-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
"""Control characters, and those that turn the direction of what follows them: a name with one reads
at the desk as it isn't written. Those that join letters of a script stay.
"""
_HIDDEN = re.compile(f"[\0{HIDDEN}]+")


def one_line(text: str) -> str:
    """Return *text* without hidden characters, with single spaces."""
    return " ".join(_HIDDEN.sub(" ", text).split())
