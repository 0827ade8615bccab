"""Reads the editions of the refund policy: immutable files, each sentence with its clause."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from jewelrymodel.policy.clauses import CLAUSES
from jewelrymodel.policy.edition import (
    Edition,
    EditionRefused,
    Paragraph,
    Parameter,
    Section,
    Sentence,
)
from jewelrymodel.policy.edition_blocks import KINDS, Fence, read_blocks, refuse_unproven
from jewelrymodel.policy.edition_file import HEADING, decoded, front_and_body, front_date
from jewelrymodel.policy.edition_publication import refuse_unfit
from jewelrymodel.policy.facts import Value
from jewelrymodel.policy.rulebook import BadBlock, flat, refuse_value

__all__ = [
    "Edition",
    "EditionRefused",
    "Paragraph",
    "Parameter",
    "Section",
    "Sentence",
    "load_editions",
    "read_edition",
]

REASONS = frozenset({"pricing", "packaging", "legal"})  # clause 10.1 knows no others

_LEVEL = "review_within_business_days"
_PLACEHOLDER = re.compile(r"\[\[([a-z_]+)\]\]")
_MARK = re.compile(r"\s*\{((?:#[0-9a-z.-]+\s*)+)\}")


def load_editions(directory: Path, names: Mapping[str, str] | None = None) -> tuple[Edition, ...]:
    """Return the editions in *directory* (``*.md``), newest first.

    *names* fills the placeholders (brand, support_email). Raises EditionRefused, also where two of
    them would be in force at once, and FileNotFoundError where the directory holds no edition.
    """
    files = sorted(directory.glob("*.md"), reverse=True)
    if not files:
        raise FileNotFoundError(f"no edition (*.md) in {directory}")
    editions = tuple(read_edition(file.name, file.read_bytes(), names or {}) for file in files)
    for place, edition in enumerate(editions):
        refuse_unfit(edition, editions[place + 1 :])
    return editions


def read_edition(
    file: str, content: bytes, names: Mapping[str, str], *, is_published: bool = False
) -> Edition:
    """Return the edition that *content* holds; raises EditionRefused with file, line and mend.

    Its prose may name its own numbers, ``[[<parameter>]]``: they then stand in one place.
    One that *is_published* was proven then: what a later version of ours asks in addition doesn't
    take away a text that people accepted (clause 10.2).
    """
    text = decoded(file, content)
    front, body, offset = front_and_body(file, text)
    level, parameters = _service_level(file, front), _parameters(file, front)
    numbers = {one.name: str(one.value) for one in parameters} | {_LEVEL: str(level)}
    prose = _Body(file, offset, {**numbers, **names})
    title, sections = prose.read(body)
    _refuse_gaps(file, sections)
    day = front_date(file, front, "edition")
    if file != f"{day.isoformat()}.md":
        raise EditionRefused(file, 2, f"the edition says {day}", "name the file after its date")
    if front.get("reason") not in REASONS:
        mend = f"give one of {', '.join(sorted(REASONS))} (clause 10.1)"
        raise EditionRefused(file, 1, f"the reason is {front.get('reason')!r}", mend)
    usual = _usual(file, front)
    known = {one.name: one.value for one in parameters}
    blocks = read_blocks(file, prose.fences, known, usual)
    edition = Edition(
        date=day,
        effective_from=front_date(file, front, "effective_from"),
        reason=front["reason"],
        reason_text=str(front.get("reason_text", "")),
        review_within_business_days=level,
        parameters=parameters,
        title=title,
        sections=sections,
        source_text=text,
        sha256=hashlib.sha256(content).hexdigest(),
        reaches_back=bool(front.get("applies_to_earlier_purchases", False)),
        usual=usual,
        rules=blocks.rules,
        examples=blocks.examples,
        without_rule=blocks.without_rule,
    )
    if not is_published:
        refuse_unproven(file, edition, blocks.lines)
    return edition


def _service_level(file: str, front: Mapping[str, Any]) -> int:
    days = front.get("service_level", {}).get(_LEVEL)
    if type(days) is not int or days < 1:
        raise EditionRefused(file, 1, f"{_LEVEL} is {days!r}", "give whole days (clause 7.6)")
    return days


def _parameters(file: str, front: Mapping[str, Any]) -> tuple[Parameter, ...]:
    parameters = []
    for name, row in front.get("parameters", {}).items():
        try:
            read_by = tuple(row.get("read_by", ()))
            parameter = Parameter(name, row["value"], row["unit"], row["meaning"], read_by)
        except (KeyError, TypeError, AttributeError):
            problem = f"the parameter {name} is incomplete"
            raise EditionRefused(file, 1, problem, "give value, unit and meaning") from None
        if type(parameter.value) is not int:
            problem = f"the parameter {name} is {parameter.value!r}"
            raise EditionRefused(file, 1, problem, "give a whole number, its unit beside it")
        parameters.append(parameter)
    return tuple(parameters)


def _usual(file: str, front: Mapping[str, Any]) -> dict[str, Value]:
    """The facts of every example, unless it says otherwise."""
    usual = flat(front.get("usual", {}))
    try:
        for name, value in usual.items():
            refuse_value(name, value)
    except BadBlock as error:
        raise EditionRefused(file, 1, f"usual: {error}", error.mend) from None
    return usual


def _refuse_gaps(file: str, sections: tuple[Section, ...]) -> None:
    stated = [
        clause
        for section in sections
        for paragraph in section.paragraphs
        for sentence in paragraph.sentences
        for clause in sentence.clause_ids
    ]
    missing = [clause for clause in CLAUSES if clause not in stated]
    if missing:
        raise EditionRefused(file, 1, f"no prose for {', '.join(missing)}", "state every clause")
    twice = sorted({clause for clause in stated if stated.count(clause) > 1})
    if twice:
        raise EditionRefused(file, 1, f"stated twice: {', '.join(twice)}", "state each clause once")


class _Body:
    """Reads the prose (headings, paragraphs, list items) and gathers the fenced blocks."""

    def __init__(self, file: str, offset: int, names: Mapping[str, str]) -> None:
        self.file = file
        self.offset = offset
        self.names = names
        self.fences: list[Fence] = []

    def read(self, body: str) -> tuple[str, tuple[Section, ...]]:
        """Return the page's title and its sections, the untitled lead first."""
        tokens = MarkdownIt("commonmark").parse(body)
        title, sections, in_item = "", [Section("", "", ())], False
        for index, token in enumerate(tokens):
            if token.type in ("list_item_open", "list_item_close"):
                in_item = token.nesting == 1
            elif token.type == "inline":
                opener = tokens[index - 1]
                if opener.type == "paragraph_open":
                    paragraph = Paragraph(self._sentences(token), in_item)
                    sections[-1] = _with(sections[-1], paragraph)
                elif opener.tag == "h1":
                    title = token.content
                else:
                    sections.append(self._section(token))
            elif token.type == "fence" and token.info in KINDS:
                self.fences.append(Fence(token.info, token.content, self._line(token)))
            elif token.type in ("fence", "code_block", "html_block"):
                mend = f"take it out, or name it {', '.join(KINDS)}"
                raise self._refused(token, "this block is not prose", mend)
        return title, tuple(sections)

    def _section(self, token: Token) -> Section:
        match = HEADING.match(token.content)
        if match is None:
            mend = "write it as: ## Title {#anchor}"
            raise self._refused(token, "a heading without an anchor", mend)
        return Section(match["title"], match["anchor"], ())

    def _sentences(self, token: Token) -> tuple[Sentence, ...]:
        text = self._fill(token, " ".join(token.content.split()))
        sentences, start = [], 0
        for mark in _MARK.finditer(text):
            ids = tuple(part.lstrip("#") for part in mark[1].split())
            for clause in ids:
                if clause not in CLAUSES:
                    raise self._refused(token, f"{clause} is no clause", "use a known clause id")
            sentences.append(Sentence(text[start : mark.start()].strip(), ids))
            start = mark.end()
        rest = text[start:].strip()
        return (*sentences, Sentence(rest, ())) if rest else tuple(sentences)

    def _fill(self, token: Token, text: str) -> str:
        def name(match: re.Match[str]) -> str:
            if match[1] not in self.names:
                raise self._refused(token, f"[[{match[1]}]] is unknown", "use a known name")
            return self.names[match[1]]

        return _PLACEHOLDER.sub(name, text)

    def _refused(self, token: Token, problem: str, mend: str) -> EditionRefused:
        return EditionRefused(self.file, self._line(token), problem, mend)

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self.offset + 1


def _with(section: Section, paragraph: Paragraph) -> Section:
    return Section(section.title, section.anchor, (*section.paragraphs, paragraph))
