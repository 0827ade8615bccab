"""Reading a message, however broken: what can be decoded is read, and nothing is raised."""

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from typing import Any

_LONGEST_HEADER = 2_000  # longer ones cost the library minutes, and no mail program shows them
_LONGEST_NAME = 255
_MOST_PARTS = 5_000
_MOST_LOOKS = 5_000_000  # the library looks at each line for every multipart around it: 3 s
_PART = re.compile(rb"[\r\n]--")
_NO_CHARSETS = ("ascii", "idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape")
"""Names that say nothing: 8-bit text in the first is UTF-8, and the rest are only Python's."""
_WEB_CHARSETS = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
}
"""What programs mean by a name, as the web reads it (WHATWG, Encoding, 4.2): its superset."""
_ADDRESS = re.compile(r"<([^<>\s]+)>")  # of a sender whose name the library stumbles over
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


class _Lenient(EmailPolicy):
    """A header that the library stumbles over is taken as it stands; very long ones are cut."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, _bounded(name, value))
        except Exception:  # it raises whatever it happens to trip on
            return " ".join(_bounded(name, value).split())


_POLICY: EmailPolicy = _Lenient()


def clean(text: str) -> str:
    """Return *text* without what the database and a page can't hold: control characters, halves."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HALVES.sub("\ufffd", _DROPPED.sub("", lines))


def shortened(text: str, longest: int) -> str:
    """Return *text* in at most *longest* letters, with … where some were left away."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _bounded(name: str, value: str) -> str:
    """A header cut where the library would take minutes; a subject says that it was."""
    longest = _LONGEST_HEADER
    return shortened(value, longest) if name.lower() == "subject" else value[:longest]


def parse(raw: bytes) -> tuple[EmailMessage, bool]:
    """Return the message, and whether its parts are too many or too deep to be told apart.

    The body of such a one is a single text: its source.
    """
    if _is_too_much(raw):
        return heading(raw), True
    try:
        return _made(message_from_bytes(raw, policy=_POLICY)), False
    except Exception:  # too deep, or whatever else it trips on: its headers can be read
        return heading(raw), True


def _is_too_much(raw: bytes) -> bool:
    """Whether to read it would keep a worker busy; a multipart can't do without its boundary."""
    parts = sum(1 for _ in _PART.finditer(raw))
    lines = max(raw.count(b"\n"), raw.count(b"\r"))
    return parts > _MOST_PARTS or lines * raw.lower().count(b"boundary") > _MOST_LOOKS


def heading(raw: bytes) -> EmailMessage:
    """Return the message with its headers read, and its body left as one text."""
    return _made(BytesHeaderParser(policy=_POLICY).parsebytes(raw))


def header(message: EmailMessage, name: str) -> str:
    """Return a header in one line; empty where there is none."""
    return " ".join(clean(str(message.get(name, ""))).split())


def headers(message: EmailMessage) -> dict[str, str]:
    """Return all headers, each in one line, their names in lower case; repeated ones in a row."""
    values_by_name: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        values_by_name.setdefault(name.lower(), []).append(" ".join(clean(str(value)).split()))
    return {name: ", ".join(values) for name, values in values_by_name.items()}


def address(message: EmailMessage) -> str:
    """Return the first address that the message says it is from; empty where it names none."""
    value = message.get("From", "")
    named = [one.addr_spec for one in getattr(value, "addresses", ())]
    return clean((named or _ADDRESS.findall(str(value)) or [""])[0]).strip("<>")


def walk(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield every part in its order, those that hold others before these; however deep it is."""
    waiting: list[Any] = [message]
    while waiting:
        part = _made(waiting.pop())
        yield part
        if part.is_multipart():
            waiting.extend(reversed(list(part.iter_parts())))


def files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Yield what is attached, and pictures inside the text: name and bytes."""
    for part in walk(message):
        if part.is_multipart() or is_text(part):
            continue
        kind, name = part.get_content_maintype(), file_name(part)
        if name or is_attached(part) or kind not in ("multipart", "message"):
            yield name or ("picture" if kind == "image" else "file"), content(part)


def is_text(part: EmailMessage) -> bool:
    """Return whether the part is read as text: not attached; of other kinds, without a name."""
    if is_attached(part) or part.get_content_maintype() != "text":
        return False
    return part.get_content_subtype() in ("plain", "html") or not file_name(part)


def _made(message: Any) -> EmailMessage:
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    return message


def is_attached(part: EmailMessage) -> bool:
    """Return whether the part is to be shown apart from the text."""
    return part.get_content_disposition() == "attachment"


def content(part: Message) -> bytes:
    """Return the bytes of a part that has no parts, out of its transfer encoding."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def decoded(part: EmailMessage) -> str:
    """Return the text of a part, as far as its bytes are one."""
    raw = content(part)
    try:
        charset = codecs.lookup(part.get_content_charset("utf-8")).name
        charset = "utf-8" if charset in _NO_CHARSETS else _WEB_CHARSETS.get(charset, charset)
        return clean(raw.decode(charset, "replace"))
    except (LookupError, ValueError):
        return clean(raw.decode("utf-8", "replace"))


def file_name(part: EmailMessage) -> str:
    """Return what its sender called the part, its end where that is long; empty where nothing."""
    try:
        return " ".join(clean(part.get_filename() or "").split())[-_LONGEST_NAME:]
    except (LookupError, ValueError, TypeError):
        return "file"
