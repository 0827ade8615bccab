"""A mail as it came, for people to look at: its headers, and each of its parts in words."""

from dataclasses import dataclass
from email.message import EmailMessage

from jewelrymodel.infra import email_parser

_SHOWN = ("From", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To")


@dataclass(frozen=True)
class OriginalPart:
    """One part of a mail; *text* is empty where it is none, *size* in bytes out of its encoding."""

    kind: str
    name: str
    text: str
    size: int


@dataclass(frozen=True)
class Original:
    """A mail's headers by name, its parts in their order, and how many bytes it is as it came.

    Where it *is_broken* its parts can't be told apart: one part has all of its source.
    """

    headers: tuple[tuple[str, str], ...]
    parts: tuple[OriginalPart, ...]
    size: int
    is_broken: bool


def read_original(raw: bytes) -> Original:
    """Return the mail *raw* as it came: texts whole and decoded, and nothing run or fetched."""
    message, is_broken = email_parser.parse(raw)
    leaves = [part for part in email_parser.walk(message) if not part.is_multipart()]
    return Original(
        headers=tuple(
            (name, email_parser.header(message, name)) for name in _SHOWN if message[name]
        ),
        parts=tuple(
            OriginalPart(
                kind=one.get_content_type(),
                name=email_parser.file_name(one),
                text=email_parser.decoded(one) if is_broken or _is_readable(one) else "",
                size=len(email_parser.content(one)),
            )
            for one in leaves
        ),
        size=len(raw),
        is_broken=is_broken,
    )


def _is_readable(part: EmailMessage) -> bool:
    return part.get_content_maintype() in ("text", "multipart", "message")
