"""All that a message says, in its order: no text part is left out, and of alternatives no words."""

import re
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage

from jewelrymodel.infra import email_parser
from jewelrymodel.infra.html_text import as_text

_DEEPEST = 8  # parts in parts; what is deeper is read leaf by leaf
_ALTERNATIVES = 4  # of one text, that are compared; programs send two or three
_DIFFERENT = 2  # words that two alternatives of one text may differ in: a greeting, a number
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"(?:https?://|mailto:|tel:|www\.)\S+", re.IGNORECASE)
_UNPARSED = ("multipart/", "message/")  # without its boundary, or too deep to be told apart
_ATTACHED = "----- Attached message -----"
_SHOWN = ("From", "Date", "To", "Subject")


@dataclass(frozen=True)
class _Text:
    """A piece of what is said; *is_made* from HTML, so perhaps the same as a plain one."""

    text: str
    is_made: bool = False


def read_text(message: EmailMessage) -> tuple[str, str]:
    """Return all that the message says as plain text, and the first HTML in it.

    Text before, between and after pictures is joined in its order. Of two alternatives the plain
    one is taken, unless the HTML says more. An attached message is quoted, with its headers.
    """
    html = (
        email_parser.decoded(one)
        for one in email_parser.walk(message)
        if one.get_content_type() == "text/html" and not email_parser.is_attached(one)
    )
    return _text_of(message, 0).text, next((one for one in html if one.strip()), "")


def attached_text(message: EmailMessage) -> str:
    """Return what the messages that are attached say, one after the other; "" without any."""
    parts = (one for one in email_parser.walk(message) if one.get_content_maintype() == "message")
    inner = (one for part in parts if part.is_multipart() for one in part.iter_parts())
    return "\n\n".join(_text_of(one, 1).text for one in inner if isinstance(one, EmailMessage))


def _text_of(part: EmailMessage, depth: int) -> _Text:
    if not part.is_multipart():
        return _leaf(part)
    if depth > _DEEPEST:
        return _joined([_leaf(one) for one in email_parser.walk(part) if not one.is_multipart()])
    if part.get_content_maintype() == "message":
        return _attached(part, depth)
    inner = [_text_of(one, depth + 1) for one in part.iter_parts() if isinstance(one, EmailMessage)]
    inner = [one for one in inner if one.text]
    if part.get_content_type() == "multipart/alternative":
        return _fullest(inner)
    return _joined(inner)


def _leaf(part: EmailMessage) -> _Text:
    kind = part.get_content_type()
    if kind == "text/html" and email_parser.is_text(part):
        return _Text(as_text(email_parser.decoded(part)), is_made=True)
    if email_parser.is_text(part) or kind.startswith(_UNPARSED):
        return _Text(email_parser.decoded(part).strip())
    return _Text("")


def _joined(pieces: list[_Text]) -> _Text:
    """One after the other; what HTML repeats of the text before it is said once."""
    texts, known = list[str](), Counter[str]()
    for one in pieces:
        words = _words(one.text)
        if not (one.is_made and texts and not _adds(words, known)):
            texts.append(one.text)
            known.update(words)
    are_made = bool(pieces) and all(one.is_made for one in pieces)
    return _Text("\n\n".join(filter(None, texts)), is_made=are_made)


def _fullest(pieces: list[_Text]) -> _Text:
    """The plain one of the alternatives, or the one that says more; several where each does."""
    if len(pieces) > _ALTERNATIVES:
        return _joined(pieces)
    best = next((one for one in pieces if not one.is_made), pieces[0] if pieces else _Text(""))
    for other in pieces:
        words, known = _words(other.text), _words(best.text)
        if _adds(words, known):
            best = _joined([best, other]) if _adds(known, words) else other
    return best


def _adds(words: Counter[str], known: Counter[str]) -> bool:
    """Written out: to subtract one counter from another looks at all of both."""
    return sum(max(0, n - known[word]) for word, n in words.items()) > _DIFFERENT


def _words(text: str) -> Counter[str]:
    """The words of a text, and how often; addresses that links lead to are none."""
    return Counter(_WORD.findall(_LINK.sub(" ", text).lower()))


def _attached(part: EmailMessage, depth: int) -> _Text:
    """A message inside a message, as a quote: what it says is not its forwarder's own words."""
    inner = [one for one in part.iter_parts() if isinstance(one, EmailMessage)]
    quotes = []
    for one in inner:
        headers = [f"{name}: {email_parser.header(one, name)}" for name in _SHOWN if one.get(name)]
        text = _text_of(one, depth + 1).text
        lines = [_ATTACHED, *headers, "", *text.splitlines()] if headers or text else []
        quotes.append("\n".join(f"> {line}".rstrip() for line in lines))
    return _Text("\n\n".join(filter(None, quotes)))
