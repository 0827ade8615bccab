"""A published text that can't be read, in each of the ways in which that happens."""

import pytest

from jewelrymodel.catalog import terms
from jewelrymodel.policy.edition_reader import EditionRefused
from jewelrymodel.policy.editions_in_force import NoEdition, PinnedTextDiffers

WAYS = (
    NoEdition("its text is missing"),
    PinnedTextDiffers("another text has its date"),
    terms.TextDamaged(file="2026-05-01.md"),
    EditionRefused("2026-05-01.md", 1, "a word of a later version", "update"),
)


def lose_texts(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    """From now on every reading of a text of the policy ends with *problem*."""

    def refuse(*_: object) -> None:
        raise problem

    monkeypatch.setattr(terms, "_edition", refuse)
