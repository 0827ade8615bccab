"""A file may say more of the machines that made it than our own term does, never less."""

import pytest

from jewelrymodel.generation.rules.source_types import SOURCE_TERMS, STRONGEST_TERM, strengthened

TERMS = list(SOURCE_TERMS)


@pytest.mark.parametrize("own", TERMS)
@pytest.mark.parametrize("said", TERMS)
def test_the_stronger_of_two_terms_is_written(own: str, said: str) -> None:
    stronger = TERMS[max(TERMS.index(own), TERMS.index(said))]
    assert strengthened(SOURCE_TERMS[own], said) == SOURCE_TERMS[stronger]


def test_what_is_unknown_changes_nothing() -> None:
    own = SOURCE_TERMS[TERMS[0]]
    assert strengthened(own, "handmade") == own
    assert strengthened("another/term", STRONGEST_TERM) == "another/term"
    assert TERMS[-1] == STRONGEST_TERM
