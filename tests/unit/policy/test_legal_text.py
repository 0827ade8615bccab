"""A legal text is read whole, or refused with file, line and mend; what changed is found."""

import datetime
from pathlib import Path

import pytest

import jewelrymodel
from jewelrymodel.policy.edition_reader import EditionRefused
from jewelrymodel.policy.legal_text import LegalText, compare, read_legal_text

TERMS = Path(jewelrymodel.__file__).parent / "terms"
NAMES = {"brand": "Brand", "support_email": "help@brand.example"}
FRONT = '+++\nedition = 2026-05-14\neffective_from = 2026-05-20\nreason = "First"\n+++\n'
TEXT = f"""{FRONT}
# About [[brand]]

A lead.

## Who {{#who}}

We are
[[brand]].

- One
- Two

## Where {{#where}}

Here.
"""


def read(text: str, *, day: str = "2026-05-14") -> LegalText:
    return read_legal_text(f"{day}.md", text.encode(), NAMES)


def refusal(text: str, *, day: str = "2026-05-14") -> str:
    with pytest.raises(EditionRefused) as refused:
        read(text, day=day)
    return str(refused.value)


def test_it_is_read_with_its_names_filled_in() -> None:
    text = read(TEXT)
    assert (text.title, text.file, text.language) == ("About Brand", "2026-05-14.md", "en")
    assert text.starts_at == datetime.datetime(2026, 5, 20, tzinfo=datetime.UTC)
    assert [one.anchor for one in text.sections] == ["", "who", "where"]
    said = [
        (one.sentences[0].text, one.is_list_item)
        for section in text.sections
        for one in section.paragraphs
    ]
    assert said == [
        ("A lead.", False),
        ("We are Brand.", False),
        ("One", True),
        ("Two", True),
        ("Here.", False),
    ]
    assert read(TEXT.replace("A lead.\n", "")).sections[0].anchor == "who"


def test_the_hash_is_that_of_the_file_without_the_names() -> None:
    other = read_legal_text("2026-05-14.md", TEXT.encode(), NAMES | {"brand": "Other"})
    assert other.sha256 == read(TEXT).sha256
    assert other.title == "About Other"


@pytest.mark.parametrize("path", sorted(TERMS.glob("[!r]*/*.md")), ids=lambda path: path.parent)
def test_each_that_we_ship_says_that_it_is_invented(path: Path) -> None:
    names = NAMES | {"legal_entity": "Entity", "legal_address": "Address"}
    text = read_legal_text(path.name, path.read_bytes(), names)
    assert text.is_invented
    assert "invented" in text.source_text.split("+++")[2]


def test_samples_and_languages_are_marked_in_the_front() -> None:
    assert read(TEXT.replace("reason =", "invented = true\nreason =")).is_invented
    assert not read(TEXT).is_invented
    assert read(TEXT.replace("reason =", 'language = "de"\nreason =')).language == "de"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("reason =", 'language = "German"\nreason ='), "the language is 'German'"),
        (("reason =", "language = 1\nreason ="), "the language is 1"),
        (('"First"', '" "'), "no reason is given"),
        (('"First"', "3"), "no reason is given"),
        (("# About [[brand]]", ""), "it has no title"),
        (("Here.", "[[your register number]]"), ":21: the placeholder [[your register number]]"),
        (("Here.", "```\ncode\n```"), "this block is not prose"),
        (("Here.", "<b>\nhtml\n</b>"), "this block is not prose"),
        (("{#where}", ""), "a heading without an anchor"),
        (("{#where}", "{#who}"), "the anchor who is there twice"),
        (("2026-05-20", '"soon"'), "effective_from is 'soon'"),
    ],
)
def test_what_cannot_be_published_is_refused(change: tuple[str, str], words: str) -> None:
    assert words in refusal(TEXT.replace(*change))


def test_its_file_is_named_after_its_date() -> None:
    assert "the edition says 2026-05-14" in refusal(TEXT, day="2026-05-15")


def test_what_changed_is_found_section_by_section() -> None:
    newer = read(
        TEXT.replace("- Two\n", "- Three\n- Four\n")
        .replace("## Where {#where}\n\nHere.", "## When {#when}\n\nNow.")
        .replace("A lead.", "A lead.")
    )
    found = compare(read(TEXT), newer)
    assert [(one.title, one.before, one.after) for one in found] == [
        ("Who", ("Two",), ("Three", "Four")),
        ("When", (), ("Now.",)),
        ("Where", ("Here.",), ()),
    ]
    assert compare(newer, newer) == ()
