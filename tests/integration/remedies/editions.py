"""Editions for these tests: the shipped one with words changed, published under a later date."""

import re
from pathlib import Path

from pytest_django import Settings

from jewelrymodel.catalog import operations as publishing
from jewelrymodel.catalog import terms
from tests.integration.payments.shop import now

LATER = "2026-05-20"


def renamed(suffix: str) -> tuple[str, str]:
    """Every rule has another name; a clause keeps its id, which the name begins with."""
    return r'(?m)^(id|exception_to) = "([^"]+)"', rf'\1 = "\2-{suffix}"'


def publish(settings: Settings, folder: Path, *changes: tuple[str, str], on: str = LATER) -> None:
    """Publish the shipped edition with *changes* (patterns and their words) as that of *on*."""
    day = terms.editions()[-1].date.isoformat()
    text = terms.editions()[-1].source_text
    for pattern, words in ((rf"(?m)^(edition|effective_from) = {day}$", rf"\1 = {on}"), *changes):
        text, found = re.subn(pattern, words, text)
        assert found, pattern
    (folder / "refund").mkdir(exist_ok=True)
    (folder / "refund" / f"{on}.md").write_text(text)
    settings.TERMS_DIRS = [*settings.TERMS_DIRS, folder]
    publishing.register_editions(policy="refund", editions=terms.editions(), now=now())
