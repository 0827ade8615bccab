"""The countries that an account can be in: ISO 3166-1 codes with names for people."""

from functools import cache
from pathlib import Path


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """Return (code, name) pairs, sorted by name."""
    text = Path(__file__).with_name("countries.txt").read_text("utf-8")
    entries = text.replace("\n", "|").strip("|").split("|")
    return tuple((entry[:2], entry[3:]) for entry in entries)
