"""The catalogs hold the sentences of today, and German says all of them."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from tools import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
CATALOGS = messages.catalogs()
COMPLETE = {"de"}


def language(path: Path) -> str:
    return path.parent.parent.name


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def forms(message: Message) -> list[tuple[str, str]]:
    """Each form of a translation with the form of its sentence that it stands for."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    singular, plural = message.id[0], message.id[-1]
    first, *others = message.string
    return [(singular, first), *((plural, other) for other in others)]


@cache
def sentences() -> set[tuple[object, object]]:
    """Those of the source with their contexts; gathering them reads every module."""
    return {(one.context, one.id) for one in messages.gathered() if one.id}


@pytest.mark.parametrize("path", CATALOGS, ids=language)
def test_a_catalog_has_the_sentences_of_the_source(path: Path) -> None:
    there = {(one.context, one.id) for one in messages.read(path) if one.id}
    assert there == sentences(), "make messages"


@pytest.mark.parametrize("path", CATALOGS, ids=language)
def test_a_translation_keeps_the_placeholders_of_its_sentence(path: Path) -> None:
    others = [
        (said, translated)
        for message in messages.read(path)
        if message.id
        for said, translated in forms(message)
        if translated and placeholders(said) != placeholders(translated)
    ]
    assert others == []


@pytest.mark.parametrize(
    "path", [one for one in CATALOGS if language(one) in COMPLETE], ids=language
)
def test_a_finished_language_says_everything(path: Path) -> None:
    missing = [
        said
        for message in messages.read(path)
        if message.id
        for said, translated in forms(message)
        if not translated or message.fuzzy
    ]
    assert missing == []
