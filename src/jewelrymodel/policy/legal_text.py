"""The operator's other legal texts: dated, immutable editions like those of the refund policy.

They hold prose only. Nothing decides by them, so they have neither clauses nor rules.
"""

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from markdown_it import MarkdownIt
from markdown_it.token import Token

from jewelrymodel.policy.edition import EditionRefused, Paragraph, Section, Sentence
from jewelrymodel.policy.edition_file import HEADING, decoded, front_and_body, front_date

_LANGUAGE = re.compile(r"[a-z]{2}")
_NAME = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class LegalText:
    """One dated edition of a legal text. ``sha256`` is the hash of the file as it is served.

    *language*: the code of the one that it is written in. *is_invented*: it is a sample, not to be
    published by anybody who serves real customers.
    """

    date: datetime.date
    effective_from: datetime.date
    reason: str
    title: str
    sections: tuple[Section, ...]
    source_text: str
    sha256: str
    language: str
    is_invented: bool

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.date.isoformat()}.md"

    @property
    def starts_at(self) -> datetime.datetime:
        """When it takes effect: at the start of its day, UTC."""
        return datetime.datetime.combine(self.effective_from, datetime.time(), datetime.UTC)


@dataclass(frozen=True)
class TextChange:
    """Paragraphs of one section that read differently; one side is empty for what is new or gone.

    *title* is that of the section, as the newer edition has it where it has it.
    """

    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def read_legal_text(file: str, content: bytes, names: Mapping[str, str]) -> LegalText:
    """Return the edition that *content* holds; raises EditionRefused with file, line and mend.

    *names* fills the placeholders, ``[[brand]]``. One that isn't among them was left for the
    operator to write over, so a text that has one can't be published.
    """
    text = decoded(file, content)
    front, body, offset = front_and_body(file, text)
    day = front_date(file, front, "edition")
    if file != f"{day.isoformat()}.md":
        raise EditionRefused(file, 2, f"the edition says {day}", "name the file after its date")
    reason = front.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise EditionRefused(file, 1, "no reason is given", "say what changed, for its readers")
    language = front.get("language", "en")
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        raise EditionRefused(file, 1, f"the language is {language!r}", 'give a code like "de"')
    title, sections = _Prose(file, offset, names).read(body)
    if not title:
        raise EditionRefused(file, offset + 1, "it has no title", "begin with: # Title")
    return LegalText(
        date=day,
        effective_from=front_date(file, front, "effective_from"),
        reason=reason.strip(),
        title=title,
        sections=sections,
        source_text=text,
        sha256=hashlib.sha256(content).hexdigest(),
        language=language,
        is_invented=front.get("invented") is True,
    )


def compare(older: LegalText, newer: LegalText) -> tuple[TextChange, ...]:
    """Return the paragraphs that differ, section by section, in the newer edition's order.

    A section is the same where its anchor is; those that are gone come last.
    """
    former = {one.anchor: one for one in older.sections}
    there = {one.anchor for one in newer.sections}
    changes: list[TextChange] = []
    for section in newer.sections:
        before = former.get(section.anchor)
        changes += _changes(section.title, _texts(before), _texts(section))
    for section in older.sections:
        if section.anchor not in there:
            changes += _changes(section.title, _texts(section), ())
    return tuple(changes)


def _texts(section: Section | None) -> tuple[str, ...]:
    if section is None:
        return ()
    return tuple(one.sentences[0].text for one in section.paragraphs)


def _changes(title: str, before: tuple[str, ...], after: tuple[str, ...]) -> list[TextChange]:
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        TextChange(title, before[start:end], after[first:last])
        for kind, start, end, first, last in steps
        if kind != "equal"
    ]


class _Prose:
    """Reads headings, paragraphs and items of lists; everything else is refused."""

    def __init__(self, file: str, offset: int, names: Mapping[str, str]) -> None:
        self.file = file
        self.offset = offset
        self.names = names

    def read(self, body: str) -> tuple[str, tuple[Section, ...]]:
        """Return the title and the sections, the untitled lead first where there is one."""
        tokens = MarkdownIt("commonmark").parse(body)
        title, heads, in_item = "", [("", "")], False
        prose: list[list[Paragraph]] = [[]]
        for index, token in enumerate(tokens):
            if token.type in ("list_item_open", "list_item_close"):
                in_item = token.nesting == 1
            elif token.type in ("fence", "code_block", "html_block"):
                raise self._refused(token, "this block is not prose", "take it out")
            elif token.type == "inline":
                opener, text = tokens[index - 1], self._fill(token)
                if opener.type == "paragraph_open":
                    prose[-1].append(Paragraph((Sentence(text, ()),), in_item))
                elif opener.tag == "h1":
                    title = text
                else:
                    heads.append(self._heading(token, text, heads))
                    prose.append([])
        whole = zip(heads, prose, strict=True)
        sections = [Section(*head, tuple(paragraphs)) for head, paragraphs in whole]
        return title, tuple(one for one in sections if one.title or one.paragraphs)

    def _heading(self, token: Token, text: str, heads: list[tuple[str, str]]) -> tuple[str, str]:
        match = HEADING.match(text)
        if match is None:
            mend = "write it as: ## Title {#anchor}"
            raise self._refused(token, "a heading without an anchor", mend)
        if match["anchor"] in {anchor for _, anchor in heads}:
            problem = f"the anchor {match['anchor']} is there twice"
            raise self._refused(token, problem, "give each section one of its own")
        return match["title"], match["anchor"]

    def _fill(self, token: Token) -> str:
        def name(match: re.Match[str]) -> str:
            if match[1] not in self.names:
                mend = f"write your own words over it, or use {', '.join(sorted(self.names))}"
                raise self._refused(token, f"the placeholder [[{match[1]}]] is left", mend)
            return self.names[match[1]]

        return _NAME.sub(name, " ".join(token.content.split()))

    def _refused(self, token: Token, problem: str, mend: str) -> EditionRefused:
        return EditionRefused(self.file, (token.map or [0])[0] + self.offset + 1, problem, mend)
