"""What mail servers report of our emails: noted in their case, and nothing else is done."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from jewelrymodel.infra import formats
from jewelrymodel.infra.delivery_report_parser import DeliveryReport, read_report
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.operations.timeline import add_entry, locked_conversation
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import REPORTS, EntryKind

_REPORTED = {
    "failed": "could not be delivered",
    "delayed": "has not been delivered yet; the mail server keeps trying",
    "returned": "came back",
}
"""What a report says of an email. One of success, or that it was read, is noted nowhere."""


def note_report(*, raw: bytes, mail_id: str, now: datetime) -> Case | None:
    """Return the case of the email that the message *raw* reports on, with a note of it.

    None where it reports on no email of a case. Which email is known by its Message-ID or its
    subject's tag, each with the case's key. A report is a claim, and machines loop: nothing is
    sent, opened, answered or moved, and each email has one note of a kind.
    """
    report = read_report(raw)
    case, entry = _reported_message(report)
    if case is None or report.action not in _REPORTED:
        return None
    which = f"Our message of {formats.moment(entry.created_at)}" if entry else "A message"
    notice = f"{which} {_REPORTED[report.action]}."
    with transaction.atomic():
        case = locked_conversation(case.pk)
        if not case.entries.filter(author=str(REPORTS), text__startswith=notice).exists():
            text = "\n\n".join(filter(None, (notice, _details(report))))
            add_entry(
                case,
                EntryKind.EVENT,
                text,
                author=REPORTS,
                internal=True,
                mail_id=mail_id,
                now=now,
            )
    return case


def _reported_message(report: DeliveryReport) -> tuple[Case | None, CaseEntry | None]:
    """The case whose email it was, and which one; by the tag alone only the case is known."""
    domain = settings.SUPPORT_EMAIL.rpartition("@")[2]
    for message_id in report.message_ids:
        named = email_references.read_message_id(message_id, domain=domain)
        if named is None:
            continue
        key, entry_id = named
        messages = CaseEntry.objects.filter(kind=EntryKind.MESSAGE_OUT, case__thread_key=key)
        entry = messages.select_related("case").filter(pk=entry_id).first()
        if entry is not None:
            return entry.case, entry
    for subject in report.subjects:
        tag = email_references.read_tag(subject)
        case = Case.objects.filter(number=tag[0], thread_key=tag[1]).first() if tag else None
        if case is not None:
            return case, None
    return None, None


def _details(report: DeliveryReport) -> str:
    lines = [f"To: {report.recipient}"] if report.recipient else []
    lines += [f"The mail server says: {report.diagnosis}"] if report.diagnosis else []
    return "\n".join(lines)
