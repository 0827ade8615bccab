"""A number stands in one place, its edition, and says who goes by it."""

import re
from collections.abc import Iterator

import pytest

from jewelrymodel.policy.edition_reader import EditionRefused, read_edition
from jewelrymodel.policy.parameters import READERS
from tests.support.shipped_edition import FILE, NAMES, SOURCE, dated, edition
from tests.support.tree import SOURCE as TREE

ORPHAN = """[parameters.goodwill_credits]
value = 5
unit = "credits"
meaning = "Given by nobody."
read_by = ["rules"]

"""
WORDS = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|fifty|sixty)\b"
)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[parameters.continuation", ORPHAN + "[parameters.continuation", "nobody reads goodwill"),
        ('read_by = ["ledger"]', 'read_by = ["rules"]', "is read by ledger, not by rules"),
        ('read_by = ["ledger"]', "", "is read by ledger, not by nobody"),
        ('read_by = ["ledger"]', "read_by = 7", "give value, unit and meaning"),
        ("[parameters.duplicate_minutes]", "[parameters.other_minutes]", "payments reads"),
    ],
)
def test_a_number_that_nobody_or_another_reads_is_refused(old: str, new: str, says: str) -> None:
    assert old in SOURCE
    with pytest.raises(EditionRefused, match=says):
        read_edition(FILE, SOURCE.replace(old, new, 1).encode(), NAMES)


def test_a_number_that_a_rule_reads_too_says_both() -> None:
    both = ('read_by = ["ledger"]', 'read_by = ["ledger", "rules"]')
    reads = ("'purchase.delivered']", "'purchase.delivered', 'param.continuation_days > 0']")
    found = dated("2026-07-01", both, reads)
    assert found.number("continuation_days") == 7


def test_the_line_of_an_orphan_is_named_and_the_first_where_it_has_none() -> None:
    text = SOURCE.replace("[parameters.continuation", ORPHAN + "[parameters.continuation", 1)
    with pytest.raises(EditionRefused) as refused:
        read_edition(FILE, text.encode(), NAMES)
    line = text.splitlines().index("[parameters.goodwill_credits]") + 1
    assert f"{FILE}:{line}: " in str(refused.value)
    inline = text.replace("[parameters.goodwill_credits]", "[ parameters . goodwill_credits ]")
    with pytest.raises(EditionRefused, match=f"{FILE}:1: nobody reads"):
        read_edition(FILE, inline.encode(), NAMES)


def read_in(room: str) -> Iterator[str]:
    """The numbers that a room's code asks an edition for."""
    for path in (TREE / room).rglob("*.py"):
        yield from re.findall(r"\.number\(\"(\w+)\"\)", path.read_text("utf-8"))


def test_the_table_of_readers_is_what_the_code_reads() -> None:
    rooms = [path.name for path in TREE.iterdir() if path.is_dir()]
    read = {room: tuple(sorted(set(read_in(room)))) for room in rooms}
    assert {room: names for room, names in read.items() if names} == dict(READERS)
    names = {one.name for one in edition().parameters}
    quoted = re.compile("|".join(rf'"{name}"|param\.{name}\b' for name in names))
    knows = {
        str(path.relative_to(TREE))
        for path in TREE.rglob("*.py")
        if quoted.search(path.read_text("utf-8")) and "migrations" not in path.parts
    }
    assert {one.partition("/")[0] for one in knows} - {"demo", "policy"} == set(READERS)


def test_the_prose_states_no_number_of_its_own() -> None:
    """What it says in numbers stands in the front matter: the page names it from there."""
    body = SOURCE.split("+++\n", 2)[2]
    prose = re.sub(r"(?s)```.*?```|\{#[^}]*\}|\[\[\w+\]\]", "", body)
    assert not re.findall(r"\d", prose)
    said = [word for word in WORDS.findall(prose) if word != "one"]
    assert said == []


def test_the_page_shows_the_number_of_the_edition() -> None:
    later = dated(
        "2026-07-01", ("review_within_business_days = 3", "review_within_business_days = 5")
    )
    assert "within 3 business days" in edition().prose_of("7.6")
    assert "within 5 business days" in later.prose_of("7.6")
