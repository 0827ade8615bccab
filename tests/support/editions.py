"""Editions for these tests: the shipped one with words changed, published under a later date."""

import re
from datetime import timedelta
from functools import cache

from jewelrymodel.catalog import operations as publishing
from jewelrymodel.catalog import terms
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.edition_reader import Edition, read_edition
from tests.support.shop import register_terms

LATER = "2026-05-20"


def renamed(suffix: str) -> tuple[str, str]:
    """Every rule has another name; a clause keeps its id, which the name begins with."""
    return r'(?m)^(id|exception_to) = "([^"]+)"', rf'\1 = "\2-{suffix}"'


def publish(*changes: tuple[str, str], on: str = LATER) -> None:
    """Publish the shipped edition with *changes* (patterns and their words) as that of *on*."""
    register_terms()
    shipped = terms.editions()[-1]
    text = shipped.source_text
    dates = (rf"(?m)^(edition|effective_from) = {shipped.date}$", rf"\1 = {on}")
    for pattern, words in (dates, *changes):
        text, found = re.subn(pattern, words, text)
        assert found, pattern
    edition = _read(f"{on}.md", text, tuple(terms.names().items()))
    eve = edition.starts_at - timedelta(days=1)
    publishing.publish_edition(edition=edition, actor=Actor.system("test"), now=eve)


@cache
def _read(file: str, text: str, names: tuple[tuple[str, str], ...]) -> Edition:
    """An edition never changes: the same text is read and proven once in a run."""
    return read_edition(file, text.encode(), dict(names))
