"""A mail's text in passages: what its writer says, and what they quote. Nothing is left away."""

import re
from dataclasses import dataclass

from jewelrymodel.infra.quote_words import BEGINS, ENDS, RULE, SENDER, SENT, SUBJECT

_QUOTED = re.compile(r"\s*>")
_HEADERS = 7  # lines in which a mail program names the sender, the date, who got it and the subject
_LEADS_IN = re.compile(r"\s*(?:_{10,}|-{2,}.{0,60}-{2,}|Begin forwarded message:)\s*")
_ADDRESS = re.compile(r"[^<>\s]+@[^<>\s]+")
_DAY = re.compile(r"\b\d{4}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}")
_INTRODUCTION = 3  # lines that it is wrapped to, at most
_LONGEST = 400  # of what a mail program puts above a quote; what is longer, somebody wrote


@dataclass(frozen=True)
class Passage:
    """Lines that belong together, as they stand."""

    text: str
    is_quote: bool


def passages(text: str) -> tuple[Passage, ...]:
    """Return the text's passages in their order; joined by line ends they are the text again.

    Quotes are lines after ``>`` with the line that introduces them, and everything below the
    headers of an earlier mail, which some programs put there without a mark.
    """
    lines = text.split("\n")
    marks = _marks(lines)
    sections: list[Passage] = []
    begin = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or marks[number] != marks[begin]:
            sections.append(Passage("\n".join(lines[begin:number]), marks[begin]))
            begin = number
    return tuple(sections)


def own_words(text: str) -> str:
    """Return what the writer says, without what they quote; empty where all of it is a quote."""
    own = (one.text.strip() for one in passages(text) if not one.is_quote)
    return "\n\n".join(filter(None, own))


def _marks(lines: list[str]) -> list[bool]:
    """For each line, whether it is quoted; empty lines go with what stands around them."""
    below = _begin_of_earlier(lines)
    marks = [number >= below or bool(_QUOTED.match(line)) for number, line in enumerate(lines)]
    for number in range(min(below, len(lines))):
        if marks[number] and (not number or not marks[number - 1]):
            _mark_introduction(lines, marks, number)
    before, blank = False, list[int]()
    for number, line in enumerate(lines):
        if not line.strip():
            blank.append(number)
            continue
        if before and marks[number]:
            for one in blank:
                marks[one] = True
        before, blank = marks[number], []
    return marks


def _begin_of_earlier(lines: list[str]) -> int:
    """The first line of an earlier mail that stands below without a mark; else one past the end."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        if RULE.fullmatch(line) or _wrote(lines, number):
            return number
        if _is_headers(lines[number : number + _HEADERS]):
            above = _above(lines, number)
            return above if above >= 0 and _leads_in(lines[above]) else number
    return len(lines)


def _is_headers(lines: list[str]) -> bool:
    """Whether the headers of an earlier mail begin with the first of *lines*."""
    if not (SENDER.match(lines[0]) or SENT.match(lines[0])):
        return False
    return any(map(SENDER.match, lines)) and any(map(SUBJECT.match, lines))


def _leads_in(line: str) -> bool:
    return len(line) <= _LONGEST and _LEADS_IN.fullmatch(line) is not None


def _wrote(lines: list[str], number: int) -> bool:
    """Whether "On … wrote:" stands here over text that has no mark of its own."""
    if not BEGINS.match(lines[number].lstrip()):
        return False
    for end in range(number + 1, min(number + _INTRODUCTION, len(lines)) + 1):
        words = " ".join(line.strip() for line in lines[number:end])
        if len(words) > _LONGEST:
            return False
        if ENDS.search(words) and (_TIME.search(words) or _ADDRESS.search(words)):
            following = next((line for line in lines[end:] if line.strip()), ">")
            return not _QUOTED.match(following)
    return False


def _above(lines: list[str], number: int) -> int:
    """The line with words above this one, or -1."""
    number -= 1
    while number >= 0 and not lines[number].strip():
        number -= 1
    return number


def _mark_introduction(lines: list[str], marks: list[bool], number: int) -> None:
    """Mark the line that introduces the quote at *number*, where there is one above it."""
    last = _above(lines, number)
    if last < 0 or number - last > 2:
        return
    begin = -1
    for first in range(last, max(-1, last - _INTRODUCTION), -1):
        if marks[first] or not lines[first].strip():
            break
        words = " ".join(line.strip() for line in lines[first : last + 1])
        is_whole = BEGINS.match(words) is not None
        if _introduces(words) and (is_whole or begin < 0):
            begin = first
        if is_whole:
            break
    if begin >= 0:
        marks[begin:number] = [True] * (number - begin)


def _introduces(words: str) -> bool:
    """Whether a mail program wrote this above a quote: who wrote it, or when, and a colon.

    Looked for step by step, each once: one expression for all of it took minutes for a long line.
    """
    if len(words) > _LONGEST or not words.endswith((":", "：")):
        return False
    if BEGINS.match(words) and ENDS.search(words):
        return True
    begin, end = words.rfind("<"), words.rfind(">")
    if 0 <= begin < end >= len(words) - 42 and _ADDRESS.fullmatch(words[begin + 1 : end]):
        return True
    day = _DAY.search(words)
    return day is not None and _TIME.search(words, day.end()) is not None
