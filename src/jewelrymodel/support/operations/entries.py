"""Adding a line to a case's timeline; what goes to the customer is mailed by a task."""

from datetime import datetime

from jewelrymodel.infra import queue
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.values import EntryKind


def put(
    case: Case,
    kind: EntryKind,
    text: str,
    *,
    author: str,
    now: datetime,
    internal: bool = False,
    attachments: tuple[str, ...] = (),
    mail: bool = False,
) -> CaseEntry:
    """Return the new entry, in the caller's transaction; with *mail* it also goes out by mail."""
    entry = CaseEntry.objects.create(
        case=case,
        kind=kind,
        internal=internal,
        author=author,
        text=text,
        attachments=list(attachments),
        created_at=now,
        mail_due=mail,
    )
    if mail:
        queue.defer("support.mail_entry", entry_id=entry.pk)
    return entry
