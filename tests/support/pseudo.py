"""A language in which everything translated shows: its letters all have accents.

Whatever still has a plain letter on a page wasn't translated, or is data. The pseudo-language says
only what the German catalogs say, so a sentence that is in no catalog shows too.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from string import ascii_letters
from unittest.mock import patch

from django.utils.translation import trans_real

LANGUAGE = "de"
"""Whose place it takes: a language whose days and amounts are written as in any other."""
ACCENTED = str.maketrans(ascii_letters, "áƀćđéƒǵĥíĵķĺḿńóṕɋŕśťúṽẃẍýźÁɃĆĐÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẌÝŹ")
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>|&#?\w+;|https?://\S+)")
"""What a sentence holds for a program: placeholders, tags, entities, addresses."""
WORD = re.compile(r"[A-Za-z]{2,}")
SHOWN = ("title", "alt", "aria-label", "placeholder", "data-label", "content", "label")
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = ("script", "style", "code", "pre", "template")


def accented(text: str) -> str:
    """Return *text* with an accent on each of its own letters."""
    parts = KEPT.split(text)
    return "".join(one if n % 2 else one.translate(ACCENTED) for n, one in enumerate(parts))


@contextmanager
def spoken() -> Iterator[None]:
    """Let who reads German read the pseudo-language."""
    german = trans_real.DjangoTranslation(LANGUAGE)
    catalogs = german._catalog._catalogs  # type: ignore[attr-defined]  # copies of Django's own
    for one in catalogs:
        one.update({said: accented(text) for said, text in one.items() if said})
    with patch.dict(trans_real._translations, {LANGUAGE: german}):  # type: ignore[attr-defined]
        yield


class Reader(HTMLParser):
    """Collects what a person sees or hears of a page, but for what says that it is English."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        other = (given.get("lang") or LANGUAGE) != LANGUAGE or given.get("translate") == "no"
        hidden = self._hidden or tag in UNSEEN or other
        if tag not in VOID:
            self._open.append((tag, hidden))
        if hidden or (tag == "meta" and given.get("name") != "description"):
            return
        names = [*SHOWN, "value"] if given.get("type") in ("submit", "button") else SHOWN
        self.shown += [str(given[name]) for name in names if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown.append(data)

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def shown(page: str) -> list[str]:
    """Return what is shown of a page of HTML."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader.shown


def untranslated(texts: Iterable[str], *, data: re.Pattern[str]) -> list[str]:
    """Return those of *texts* that have a plain word which is no *data*, without their data."""
    rest = (" ".join(data.sub(" ", text).split()) for text in texts)
    return list(dict.fromkeys(text for text in rest if WORD.search(text)))
