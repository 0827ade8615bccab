"""What the command line says of an exception."""

from jewelrymodel.catalog.terms import TextDamaged
from jewelrymodel.config.error_sentences import sentence
from jewelrymodel.kernel.errors import CodedError


def test_a_code_has_its_sentence_with_its_parameters() -> None:
    said = sentence(TextDamaged(file="2026-05-14.md", sha256="ab12"))
    assert said.startswith("The stored text of 2026-05-14.md doesn't have the SHA-256 ab12.")


def test_a_code_without_a_sentence_is_still_said_with_its_facts() -> None:
    assert (
        sentence(CodedError("lot_lost", lot="lot_1")) == "This can't be done (lot_lost: lot=lot_1)."
    )


def test_any_other_says_what_it_was_given_or_its_name() -> None:
    assert sentence(OSError("no room")) == "no room"
    assert sentence(TimeoutError()) == "TimeoutError"
