"""The countries that an account can be in: ISO 3166-1 codes with names for people."""

import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale

from jewelrymodel.infra import languages


def choices() -> tuple[tuple[str, str], ...]:
    """Return (code, name) pairs in the reader's language, sorted by name."""
    return _choices(languages.current().code)


def name_of(code: str) -> str:
    """Return a country's name in the reader's language; *code* itself where there is no such."""
    return dict(choices()).get(code, code)


@cache
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    """English has names of our own; the others those of the Unicode CLDR."""
    text = Path(__file__).with_name("countries.txt").read_text("utf-8")
    entries = text.replace("\n", "|").strip("|").split("|")
    english = tuple((entry[:2], entry[3:]) for entry in entries)
    if language == languages.ENGLISH:
        return english
    names = Locale.parse(language).territories
    translated = ((code, str(names[code])) for code, _ in english)
    return tuple(sorted(translated, key=lambda one: _without_accents(one[1])))


def _without_accents(name: str) -> str:
    """As an index sorts it: Ägypten among the names with A."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one))
