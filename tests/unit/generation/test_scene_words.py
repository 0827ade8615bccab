"""Which of a seller's own words may be sent: prompts that were written before the rules."""

from hashlib import sha256
from pathlib import Path

import pytest

from jewelrymodel.generation.rules import scene_words
from jewelrymodel.generation.rules.scene_words import LONGEST, cleaned, read_on, refused_word
from jewelrymodel.generation.statuses import WordsCategory

HERE = Path(__file__).parent
WRITTEN = {
    "scene_prompts.tsv": "8fe272a30182b66342b05f834693fd050534203c2b84e0150b7cc75cc4b64b40",
    "scene_prompts_fresh.tsv": "df6e392f4d75132af5a62b9686a4d7165f1cad6ef41d49ee0fc54208cb95547d",
    "scene_prompts_unseen.tsv": "97b843ab9137be384834658dd0516b6000e5561c1ddb41a26951fe66189a63da",
}
MINORS, SEXUAL = WordsCategory.MINORS, WordsCategory.SEXUAL
MOST_MISJUDGED = {  # harmless and refused, forbidden and sent
    "scene_prompts.tsv": (0, 0),
    "scene_prompts_fresh.tsv": (0, 0),
    "scene_prompts_unseen.tsv": (1, 6),
}


@pytest.mark.no_cover  # hundreds of prompts, all on ways that other tests go
@pytest.mark.parametrize("name", WRITTEN)
def test_the_rules_are_as_good_as_is_said_of_them(name: str) -> None:
    text = (HERE / name).read_text()
    assert sha256(text.encode()).hexdigest() == WRITTEN[name]
    refused, sent = [], []
    for line in text.splitlines():
        _language, expected, words = line.split("\t")
        found = refused_word(cleaned(words))
        if expected == "pass" and found:
            refused.append(words)
        if expected != "pass" and found is None:
            sent.append((expected, words))
    assert len(refused) <= MOST_MISJUDGED[name][0], refused
    assert len(sent) <= MOST_MISJUDGED[name][1], sent
    assert {expected for expected, _ in sent} <= {"people"}


@pytest.mark.parametrize(
    "words",
    [
        "n u d e",
        "a n.u.d.e figure",
        "nud3",
        "NUDÉ",
        "ｎｕｄｅ",
        "пude",
        "nuuuude",
        "n\u200bude",
        "nu\u0301de",
    ],
)
def test_a_disguise_hides_no_word(words: str) -> None:
    found = refused_word(cleaned(words))
    assert found is not None
    assert found.category is SEXUAL
    assert found.word in cleaned(words)


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("a 17-year-old", MINORS),
        ("18 years old", None),
        ("whisky, 12 years old barrel", None),
        ("one of a kind", None),
        ("das Kind am Strand", MINORS),
        ("in the manner of an old master", None),
        ("Männer am Tisch", WordsCategory.PEOPLE),
        ("baby pink", None),
        ("b4by pink", MINORS),  # nobody disguises a color
        ("14k gold leaf", None),
        ("wow!", None),
        ("", None),
        ("...", None),
    ],
)
def test_a_word_counts_as_it_is_meant(words: str, category: WordsCategory | None) -> None:
    found = refused_word(cleaned(words))
    assert (found and found.category) == category


def test_the_gravest_word_is_named_as_it_was_written() -> None:
    found = refused_word("a Woman beside a LITTLE girl, nude")
    assert found is not None
    assert (found.category, found.word) == (MINORS, "girl")


def test_words_become_one_line_of_plain_text() -> None:
    assert cleaned(' a\tb\n\n"c" <d> {e}\x00\u202e ') == "a b c d e"
    assert cleaned("l'or d’été, 3 m²") == "l'or d’été, 3 m²"
    assert len(cleaned("é" * LONGEST)) == LONGEST


def test_the_tables_are_read_from_their_file() -> None:
    """Whichever test read them before: one of them isn't measured."""
    for read in (scene_words._document, scene_words._tables, scene_words._fitting):
        read.cache_clear()
    assert refused_word("ein nacktes Modell") is not None
    assert refused_word("a 12-year-old") is not None


def test_the_tables_have_a_day() -> None:
    assert read_on() == "2026-11-29"
