"""A message's text as pages show it: quotes and long texts folded, nothing left out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.infra.quoted_text import Passage, passages

FOLDED_AFTER = 2_000  # characters that are open; what follows is folded
PAGE_LIMIT = 40_000  # characters of one message on a page; all of it has its own address
_LINE_BREAK_WITHIN = 400


@dataclass(frozen=True)
class Section:
    """Lines as they were written; with a *summary* they are folded under it."""

    text: str
    summary: str = ""


@dataclass(frozen=True)
class MessageText:
    """The sections of one message; *length* in characters, where the page doesn't hold all."""

    sections: tuple[Section, ...]
    length: str = ""


def message_text(text: str) -> MessageText:
    """Return *text* in sections; what is nothing but a quote is what was sent, and open."""
    parts = [one for one in passages(text[:PAGE_LIMIT]) if one.text.strip()]
    if all(one.is_quote for one in parts):
        parts = [Passage(text[:PAGE_LIMIT], is_quote=False)]
    left, sections = FOLDED_AFTER, list[Section]()
    for one in parts:
        if one.is_quote:
            lines = len(one.text.strip().split("\n"))
            summary = ngettext("Quoted text (%(n)s line)", "Quoted text (%(n)s lines)", lines)
            sections.append(Section(one.text, summary % {"n": lines}))
            continue
        beginning = _beginning(one.text, left)
        left -= len(beginning)
        remainder = one.text[len(beginning) :]
        sections += [Section(beginning)] * bool(beginning.strip())
        if remainder.strip():
            summary = _("Show the rest (%(n)s characters)")
            count = f"{len(remainder.strip()):,}"
            sections.append(Section(remainder, summary % {"n": count}))
    trimmed = (Section(one.text.strip("\n"), one.summary) for one in sections)
    return MessageText(tuple(trimmed), f"{len(text):,}" if len(text) > PAGE_LIMIT else "")


def _beginning(text: str, longest: int) -> str:
    """As much as may be open, to the end of a line or of a word where one is near."""
    if len(text) <= longest:
        return text
    near = max(0, longest - _LINE_BREAK_WITHIN)
    for mark in ("\n", " "):
        end = text.rfind(mark, near, longest)
        if end > 0:
            return text[:end]
    return text[:longest]
