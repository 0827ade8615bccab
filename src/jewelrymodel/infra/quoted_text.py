"""A mail's text in passages: what its writer says, and what they quote. Nothing is left away."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"\s*>")
_SENDER = re.compile(r"\s*\*?(?:From|Von|De|Da|Van|Fra|Från|Od|От):\*?\s+\S")
_SUBJECT = re.compile(
    r"\s*\*?(?:Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Emne|Ämne|Temat|Тема):"
)
_HEADERS = 7  # lines in which a mail program names the sender, the date, who got it and the subject
_RULE = re.compile(
    r"\s*-{2,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine"
    r"|Mensaje original|Messaggio originale|Oorspronkelijk bericht) ?-{2,}\s*",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(r"\s*(?:_{10,}|-{2,}.{0,60}-{2,}|Begin forwarded message:)\s*")
_WROTE = re.compile(r"On .{6,300}\d.{0,200} wrote:", re.DOTALL)
_ADDRESS = re.compile(r"[^<>\s]+@[^<>\s]+")
_YEAR, _TIME = re.compile(r"\b\d{4}\b"), re.compile(r"\d{1,2}[:.]\d{2}")
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
        if _RULE.fullmatch(line) or _wrote(lines, number):
            return number
        if _SENDER.match(line) and any(map(_SUBJECT.match, lines[number : number + _HEADERS])):
            above = _above(lines, number)
            return above if above >= 0 and _leads_in(lines[above]) else number
    return len(lines)


def _leads_in(line: str) -> bool:
    return len(line) <= _LONGEST and _LEADS_IN.fullmatch(line) is not None


def _wrote(lines: list[str], number: int) -> bool:
    """Whether "On … wrote:" stands here over text that has no mark of its own."""
    if not lines[number].startswith("On "):
        return False
    for end in range(number + 1, number + 1 + _INTRODUCTION):
        if _WROTE.fullmatch("\n".join(lines[number:end]).strip()):
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
    for first in range(last, max(-1, last - _INTRODUCTION), -1):
        if marks[first] or not lines[first].strip():
            return
        if _introduces("\n".join(lines[first : last + 1]).strip()):
            marks[first:number] = [True] * (number - first)
            return


def _introduces(words: str) -> bool:
    """Whether a mail program wrote this above a quote: who wrote it, or when, and a colon.

    Looked for step by step, each once: one expression for all of it took minutes for a long line.
    """
    if len(words) > _LONGEST or not words.endswith(":"):
        return False
    if words.startswith("On ") and words.endswith(" wrote:"):
        return True
    begin, end = words.rfind("<"), words.rfind(">")
    if 0 <= begin < end >= len(words) - 42 and _ADDRESS.fullmatch(words[begin + 1 : end]):
        return True
    year = _YEAR.search(words)
    return year is not None and _TIME.search(words, year.end()) is not None
