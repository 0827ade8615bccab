"""What a mail system reports of a mail of ours that it could not deliver (RFC 3464, and others)."""

import re
from dataclasses import dataclass
from email.message import EmailMessage

from jewelrymodel.infra import email_parser

_MESSAGE_ID = re.compile(
    r"^[> \t]*Message-ID:[ \t]*(?:\n[ \t]+)?(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE
)
_HEADERS_ONLY = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_MOST = 50  # of the ids that one report may name
_LONGEST = 200


@dataclass(frozen=True)
class DeliveryReport:
    """The mails that a report is about, by their Message-ID and subject, and what it says of them.

    *action* is ``failed``, ``delayed``, ``returned`` where a mail came back without such a word, or
    another one of RFC 3464, 2.3.3; ``read`` for a receipt. *recipient* and *diagnosis* are the
    reporting system's own words, empty where it has none.
    """

    message_ids: tuple[str, ...]
    subjects: tuple[str, ...]
    action: str
    recipient: str
    diagnosis: str


def read_report(raw: bytes) -> DeliveryReport:
    """Return what the message *raw* reports; of one that reports nothing, the ids that it names."""
    message, _ = email_parser.parse(raw)
    returned, texts, fields = _contents(message)
    named = [email_parser.header(one, "Message-ID") for one in returned]
    named += [found for text in texts for found in _MESSAGE_ID.findall(text)]
    report_fields = {name: _first(fields, name) for name in ("Action", "Final-Recipient", "Status")}
    why = _first(fields, "Diagnostic-Code").partition(";")[2].strip()
    is_receipt = "disposition-notification" in str(message.get("Content-Type", "")).lower()
    return DeliveryReport(
        message_ids=tuple(dict.fromkeys(filter(None, named)))[:_MOST],
        subjects=tuple(email_parser.header(one, "Subject") for one in returned),
        action="read" if is_receipt else report_fields["Action"].lower() or "returned",
        recipient=report_fields["Final-Recipient"].partition(";")[2].strip()[:_LONGEST],
        diagnosis=email_parser.shortened(
            " ".join(f"{report_fields['Status']} {why}".split()), _LONGEST
        ),
    )


def _contents(message: EmailMessage) -> tuple[list[EmailMessage], list[str], list[EmailMessage]]:
    """The mails that came back, whole or their headers; all texts; and the groups of fields."""
    returned: list[EmailMessage] = []
    texts: list[str] = []
    fields: list[EmailMessage] = []  # one group for the report, then one for each recipient
    for part in email_parser.walk(message):
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global") and part.is_multipart():
            returned.extend(_parts_of(part))
        elif kind in _HEADERS_ONLY:
            returned.append(email_parser.heading(email_parser.content(part)))
        elif kind == "message/delivery-status" and part.is_multipart():
            fields.extend(_parts_of(part))
        elif part.get_content_maintype() == "text":
            texts.append(email_parser.decoded(part))
    return returned, texts, fields


def _parts_of(part: EmailMessage) -> list[EmailMessage]:
    return [one for one in part.iter_parts() if isinstance(one, EmailMessage)]


def _first(fields: list[EmailMessage], name: str) -> str:
    values = (str(one.get(name, "")) for one in fields)
    return " ".join(email_parser.clean(next(filter(None, values), "")).split())
