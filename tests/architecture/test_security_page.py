"""docs/security.md has each requirement once, counts them right, and names files that are there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([a-z ]+) \| (.*?) ?\|$", re.MULTILINE)
COUNT = re.compile(r"^\| ([a-z ]+) \| (\d+) \|$", re.MULTILINE)
STATES = ("met", "not met", "not applicable", "not checked yet")
FILE = re.compile(r"`((?:src|tests|docs)/[^`]+)`")


def test_each_requirement_of_both_levels_stands_there_once() -> None:
    lines = (ROOT / "tests/support/asvs_ids.txt").read_text().splitlines()
    standard = [tuple(line.split()) for line in lines if not line.startswith("#")]
    assert [(number, level) for number, level, _, _ in ROW.findall(PAGE)] == standard


def test_the_counts_are_those_of_the_rows() -> None:
    states = Counter(state for _, _, state, _ in ROW.findall(PAGE))
    assert {name: int(many) for name, many in COUNT.findall(PAGE)} == {
        name: states[name] for name in STATES
    }
    assert set(states) <= set(STATES)


def test_what_is_met_names_a_file_and_what_is_not_says_why() -> None:
    for number, _, state, words in ROW.findall(PAGE):
        paths = FILE.findall(words)
        assert [path for path in paths if not (ROOT / path).exists()] == []
        assert paths or state != "met", number
        assert bool(words) == (state != "not checked yet"), number
