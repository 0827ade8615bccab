"""Adding a line to a case's timeline; what goes to the customer is mailed by a task."""

from collections.abc import Sequence
from datetime import datetime

from jewelrymodel.infra import queue
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.support.adapters.pictures import Picture
from jewelrymodel.support.models import Attachment, Case, CaseEntry
from jewelrymodel.support.values import EntryKind


def put(
    case: Case,
    kind: EntryKind,
    text: str,
    *,
    author: str,
    now: datetime,
    internal: bool = False,
    pictures: Sequence[Picture] = (),
    mail: bool = False,
) -> CaseEntry:
    """Return the new entry, in the caller's transaction; with *mail* it also goes out by mail."""
    entry = CaseEntry.objects.create(
        case=case,
        kind=kind,
        internal=internal,
        author=author,
        text=text,
        created_at=now,
        mail_due=mail,
    )
    for one in pictures:
        Attachment.objects.create(
            id=new_id("pic", now=now),
            entry=entry,
            name=one.name,
            key=one.key,
            sha256=one.sha256,
            width_px=one.width_px,
            height_px=one.height_px,
        )
    if mail:
        queue.defer("support.mail_entry", entry_id=entry.pk)
    return entry
