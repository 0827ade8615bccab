"""What a seller's own words may say of a scene, checked before anything is held or sent.

Tables of words (``scene_rules.toml``), no model: who is refused reads which word it was. Words
count whole, so *baby pink* and *virgin wool* pass; accents, doubled letters, figures and signs in
the place of letters, look-alike letters of other alphabets, and letters set apart hide none.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jewelrymodel.generation.statuses import WordsCategory

LONGEST = 200  # characters
_FEWEST_APART = 3  # letters set apart that are read as a word
_WORD = re.compile(r"[^\W_]+(?:[@$!|€]+[^\W_]+)*")
_DROPPED = re.compile(r"[\"“”„«»<>{}\[\]`\\]")
_LOOK_ALIKE = str.maketrans("аеорсхукіѕнтмвпгαοεικρτυνɑı", "aeopcxykishtmbnraoeikptuvai")
_LEET = str.maketrans("034578@$€!|9", "oeastbaseiig")
_SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})


@dataclass(frozen=True)
class WordFound:
    """Why words are refused: `word` stands in them as `category` has it."""

    category: WordsCategory
    word: str


@dataclass(frozen=True)
class _Token:
    """One word: as it is written, and all that it may be meant to be."""

    start: int
    end: int
    plain: str
    meant: frozenset[str]


Fits = Callable[[str], object]


@dataclass(frozen=True)
class _Rows:
    """Rows of words: those that begin with a certain word, by it, and the others."""

    by_word: Mapping[str, Sequence[tuple[Fits, ...]]]
    others: Sequence[tuple[Fits, ...]]

    def spans(self, readings: Sequence[Collection[str]]) -> Iterator[range]:
        """The places of a text at which one reading of each word fits."""
        for first, words in enumerate(readings):
            begun = (row for word in words for row in self.by_word.get(word, ()))
            for row in (*begun, *self.others):
                span = range(first, first + len(row))
                if span.stop <= len(readings) and all(
                    any(map(fits, readings[n])) for n, fits in zip(span, row, strict=True)
                ):
                    yield span


@dataclass(frozen=True)
class _Table:
    """The words of one language; `local` ones count only in words that read as it."""

    language: str
    common: frozenset[str]
    allowed: _Rows
    terms: Mapping[WordsCategory, _Rows]
    local: Mapping[WordsCategory, _Rows]


def cleaned(text: str) -> str:
    """Return *text* as one line of plain text: no control or invisible characters, no quotes or
    brackets; not shortened.
    """
    normal = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if one.isspace() else one for one in normal)
    visible = "".join(one for one in spaced if unicodedata.category(one)[0] != "C")
    return " ".join(_DROPPED.sub("", visible).split())


def refused_word(text: str) -> WordFound | None:
    """Return the first word of *text*, as ``cleaned`` leaves it, that must not be sent."""
    tokens = _tokens(text)
    tables = _tables()
    plain = [(one.plain,) for one in tokens]
    meant = [one.meant for one in tokens]
    exempt = {n for table in tables for span in table.allowed.spans(plain) for n in span}
    spoken = _languages(tokens, tables)
    for category in WordsCategory:
        spans = [
            span
            for table in tables
            for rows in (table.terms[category], table.local[category])
            if rows is not table.local[category] or table.language in spoken
            for span in rows.spans(meant)
            if not exempt.issuperset(span)
        ]
        if spans:
            first = min(spans, key=lambda span: (span.start, -span.stop))
            row = [tokens[n] for n in first]
            return WordFound(category, text[row[0].start : max(one.end for one in row)])
    return None


def folded(text: str) -> str:
    """Return the words of *text* in lower case, without accents, one space between them."""
    return " ".join(token.plain for token in _tokens(text))


def read_on() -> str:
    """Return the day of the tables."""
    return str(_document()["read_on"])


def _tokens(text: str) -> list[_Token]:
    tokens = [
        _Token(one.start(), one.end(), folded := _folded(one.group()), _meant(folded))
        for one in _WORD.finditer(text)
    ]
    return _joined(tokens)


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_SPECIAL)
    plain = unicodedata.normalize("NFD", plain.translate(_LOOK_ALIKE))
    return "".join(one for one in plain if not unicodedata.combining(one))


def _meant(word: str) -> frozenset[str]:
    """The word, and what it says with letters in the place of figures, none thrice."""
    spellings = {word}
    if not word.isdigit() and not word.isalpha():
        decoded = word.translate(_LEET)
        spellings |= {decoded.replace("1", "i"), decoded.replace("1", "l")}
    for one in tuple(spellings):
        spellings |= {re.sub(r"(.)\1{2,}", r"\1", one), re.sub(r"(.)\1{2,}", r"\1\1", one)}
    return frozenset(spellings)


def _joined(tokens: list[_Token]) -> list[_Token]:
    """The words, where letters that are set apart stand as one word more at their first letter."""
    found, n = [], 0
    while n < len(tokens):
        last = n
        while last < len(tokens) and len(tokens[last].plain) == 1:
            last += 1
        row = tokens[n:last]
        if len(row) < _FEWEST_APART:
            found.extend(tokens[n : max(last, n + 1)])
            n = max(last, n + 1)
            continue
        letters = "".join(one.plain for one in row)
        words = {
            letters[i:j]
            for i in range(len(letters))
            for j in range(i + _FEWEST_APART, len(letters) + 1)
        }
        meant = frozenset(spelling for word in words for spelling in _meant(word))
        found.append(_Token(row[0].start, row[-1].end, letters, meant))
        n = last
    return found


def _languages(tokens: Iterable[_Token], tables: Iterable[_Table]) -> set[str]:
    """The languages whose common words are the most in the text; all of them where none are."""
    words = [token.plain for token in tokens]
    counts = {one.language: sum(word in one.common for word in words) for one in tables}
    most = max(counts.values())
    return {language for language, count in counts.items() if count == most}


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "scene_rules.toml").read_text())


@cache
def _tables() -> tuple[_Table, ...]:
    return tuple(
        _Table(
            language=row["language"],
            common=frozenset(row["common"]),
            allowed=_rows(row["allowed"]),
            terms={one: _rows(row.get(one.value, {}).get("terms", ())) for one in WordsCategory},
            local={one: _rows(row.get(one.value, {}).get("local", ())) for one in WordsCategory},
        )
        for row in _document()["table"]
    )


def _rows(rows: Iterable[str]) -> _Rows:
    by_word: dict[str, list[tuple[Fits, ...]]] = {}
    others = []
    for row in rows:
        words = row.split()
        fitting = tuple(_fitting(word) for word in words)
        if words[0].isalpha():
            by_word.setdefault(words[0], []).append(fitting)
        else:
            others.append(fitting)
    return _Rows(by_word, others)


@cache
def _fitting(word: str) -> Fits:
    """What says whether a reading of a word is the one of a row."""
    if word == "#":
        return re.compile("0?[0-9]|1[0-7]").fullmatch
    if word.startswith("<"):
        return frozenset(_document()["class"][word.strip("<>")]).__contains__
    if "*" in word:
        return re.compile(re.escape(word).replace(r"\*", ".*")).fullmatch
    return word.__eq__
