"""The questions of ``wayfinding.toml`` have answers: the files are there, and hold the rules."""

import tomllib
from pathlib import Path

from tests.support.tree import ROOT

QUESTIONS = tomllib.loads(Path(__file__).with_name("wayfinding.toml").read_text())["question"]


def test_there_are_forty_different_questions() -> None:
    assert len({one["ask"] for one in QUESTIONS}) == len(QUESTIONS) == 40
    assert len({(one["file"], one["excerpt"]) for one in QUESTIONS}) == 40


def test_each_answer_is_a_file_that_shows_its_rule_once() -> None:
    assert [one["ask"] for one in QUESTIONS if count(one["file"], one["excerpt"]) != 1] == []


def test_a_second_answer_is_rare_and_exists() -> None:
    others = [one["also"] for one in QUESTIONS if "also" in one]
    assert len(others) <= 6
    assert [name for names in others for name in names if not (ROOT / name).is_file()] == []


def count(name: str, excerpt: str) -> int:
    path = ROOT / name
    return path.read_text().count(excerpt) if path.is_file() else 0
