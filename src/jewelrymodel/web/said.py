"""What somebody wrote, as pages show it: quotes and long texts folded, nothing left out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.infra.quoting import Passage, passages

OPEN = 2_000  # characters that stand open; what follows is folded
ON_THE_PAGE = 40_000  # characters that a page holds of one message; all of it has its own address
_LINE_BREAK_WITHIN = 400


@dataclass(frozen=True)
class Piece:
    """Lines as they were written; with a *summary* they are folded under it."""

    text: str
    summary: str = ""


@dataclass(frozen=True)
class Said:
    """The pieces of one message; *length* in characters, where the page doesn't hold all of it."""

    pieces: tuple[Piece, ...]
    length: str = ""


def said(text: str) -> Said:
    """Return *text* in pieces; what is nothing but a quote is what was sent, and open."""
    found = [one for one in passages(text[:ON_THE_PAGE]) if one.text.strip()]
    if all(one.is_quote for one in found):
        found = [Passage(text[:ON_THE_PAGE], is_quote=False)]
    left, pieces = OPEN, list[Piece]()
    for one in found:
        if one.is_quote:
            lines = len(one.text.strip().split("\n"))
            told = ngettext("Quoted text (%(n)s line)", "Quoted text (%(n)s lines)", lines)
            pieces.append(Piece(one.text, told % {"n": lines}))
            continue
        begin = _beginning(one.text, left)
        left -= len(begin)
        rest = one.text[len(begin) :]
        pieces += [Piece(begin)] * bool(begin.strip())
        if rest.strip():
            told = _("The rest of this text (%(n)s characters)") % {"n": f"{len(rest.strip()):,}"}
            pieces.append(Piece(rest, told))
    trimmed = (Piece(one.text.strip("\n"), one.summary) for one in pieces)
    return Said(tuple(trimmed), f"{len(text):,}" if len(text) > ON_THE_PAGE else "")


def _beginning(text: str, longest: int) -> str:
    """As much as may stand open, to the end of a line or of a word where one is near."""
    if len(text) <= longest:
        return text
    near = max(0, longest - _LINE_BREAK_WITHIN)
    for mark in ("\n", " "):
        end = text.rfind(mark, near, longest)
        if end > 0:
            return text[:end]
    return text[:longest]
