"""The edition's file is the page: it is read whole, or refused with file, line and mend."""

import datetime
from functools import cache
from pathlib import Path

import pytest

import jewelrymodel
from jewelrymodel.policy.clauses import CLAUSES, ClauseKind
from jewelrymodel.policy.edition_reader import (
    Edition,
    EditionRefused,
    load_editions,
    read_edition,
)

TERMS = Path(jewelrymodel.__file__).parent / "terms/refund"
FILE = "2026-05-14.md"
NAMES = {"brand": "Brand", "support_email": "support@brand.example"}
SHIPPED = (TERMS / FILE).read_text()


@cache
def shipped() -> Edition:
    """The one that the folder holds; an edition never changes."""
    (edition,) = load_editions(TERMS, NAMES)
    return edition


def refusal(text: str, *, file: str = FILE, names: dict[str, str] = NAMES) -> str:
    with pytest.raises(EditionRefused) as refused:
        read_edition(file, text.encode(), names)
    return str(refused.value)


def test_the_shipped_edition_states_every_clause_once() -> None:
    (edition,) = load_editions(TERMS, NAMES)
    said = [
        clause
        for section in edition.sections
        for paragraph in section.paragraphs
        for sentence in paragraph.sentences
        for clause in sentence.clause_ids
    ]
    assert sorted(said) == sorted(CLAUSES)
    assert edition.date == datetime.date(2026, 5, 14)
    assert edition.review_within_business_days == 3
    assert {p.name: p.value for p in edition.parameters} == {
        "meaningful_outage_minutes": 60,
        "duplicate_writeoff_credits": 50,
        "duplicate_minutes": 10,
        "continuation_days": 7,
        "withdrawal_days": 14,
    }


def test_names_are_filled_in_and_the_hash_is_that_of_the_file() -> None:
    edition = load_editions(TERMS, NAMES)[0]
    assert "[[" not in "".join(
        sentence.text
        for section in edition.sections
        for paragraph in section.paragraphs
        for sentence in paragraph.sentences
    )
    other = read_edition(FILE, SHIPPED.encode(), NAMES | {"brand": "Other"})
    assert other.sha256 == edition.sha256


def test_a_list_item_is_a_paragraph_of_its_own() -> None:
    results = next(s for s in shipped().sections if s.anchor == "results")
    items = [p for p in results.paragraphs if p.is_list_item]
    assert [p.sentences[0].clause_ids for p in items] == [
        ("5.2a",),
        ("5.2b",),
        ("5.2c",),
        ("5.2d",),
    ]


LINE = SHIPPED.splitlines().index("## Overview {#overview}") + 1
DANGLING = ("Otherwise", "Because", "None", "That is", "It ", "They ", "These ", "This ")


@pytest.mark.parametrize("clause", [one for one in CLAUSES if one not in ("0.1", "10.2")])
def test_every_clause_is_a_whole_sentence_wherever_it_is_quoted(clause: str) -> None:
    prose = shipped().prose_of(clause)
    assert prose[0].isupper()
    assert prose.endswith(".")
    assert prose.count(". ") == 0
    assert not prose.startswith(DANGLING)
    sentence = prose.removesuffix(".")
    filled = SHIPPED
    for name, word in (*NAMES.items(), ("review_within_business_days", "3")):
        filled = filled.replace(f"[[{name}]]", word)
    assert sentence in filled, "nothing was added to close it"


def test_there_are_six_clauses_that_promise_and_one_that_aims() -> None:
    kinds = list(CLAUSES.values())
    assert kinds.count(ClauseKind.PROMISE) == 6
    assert [c for c, kind in CLAUSES.items() if kind is ClauseKind.TARGET] == ["7.6"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{#4.1}", "{#4.9}", "4.9 is no clause"),
        ("{#4.1}", "", "no prose for 4.1"),
        ("{#4.1}", "{#4.1 #4.2}", "stated twice: 4.2"),
        ("+++\nedition", "edition", "front matter"),
        ("edition = 2026-05-14", "edition = 2026-05-15", "name the file after its date"),
        ("edition = 2026-05-14", 'edition = "soon"', "give a date"),
        ("edition = 2026-05-14", "edition = = 1", "mend the TOML"),
        ('reason = "legal"', 'reason = "mood"', "clause 10.1"),
        ("_days = 3", "_days = 0", "clause 7.6"),
        ("value = 60", "value = 60.5", "whole number"),
        ("value = 60\n", "", "incomplete"),
        ("## Overview {#overview}", "## Overview", f":{LINE}: a heading without an anchor"),
        ("[[brand]]", "[[brnd]]", "[[brnd]] is unknown"),
        ("## Changes", "```js\nx\n```\n\n## Changes", "not prose"),
    ],
)
def test_what_is_wrong_is_refused_with_its_mend(old: str, new: str, says: str) -> None:
    assert old in SHIPPED
    message = refusal(SHIPPED.replace(old, new, 1))
    assert says in message
    assert message.startswith(f"{FILE}:")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (SHIPPED.encode().replace(b"value = 60", b"value = \xff", 1), ":12: this is not UTF-8"),
        (SHIPPED.replace("# Refund policy", "# Refund\0policy").encode(), ": there is a NUL"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(content: bytes, says: str) -> None:
    with pytest.raises(EditionRefused) as refused:
        read_edition(FILE, content, NAMES)
    assert says in str(refused.value)


@pytest.mark.clause("10.2")
def test_a_published_text_stays_readable_whatever_a_later_version_asks_to_be_proven() -> None:
    unproven = SHIPPED.replace('outcome = "restore"', 'outcome = "approve"', 1).encode()
    with pytest.raises(EditionRefused, match="fails"):
        read_edition(FILE, unproven, NAMES)
    assert read_edition(FILE, unproven, NAMES, is_published=True).rules


def test_a_directory_without_editions_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_editions(tmp_path)
