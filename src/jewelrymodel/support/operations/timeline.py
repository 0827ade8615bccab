"""A case under its lock, and a line more on its timeline; what goes out is mailed by a task."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.support.adapters.pictures import Picture
from jewelrymodel.support.models import Attachment, Case, CaseEntry
from jewelrymodel.support.statuses import CaseState, EntryKind

REPEATED_WITHIN = timedelta(minutes=1)


class CaseOver(CodedError):
    """This case is closed. Nothing was changed; a new message opens it again."""


class EmptyMessage(CodedError):
    """There is nothing in this message. Nothing was sent."""


def add_entry(
    case: Case,
    kind: EntryKind,
    text: str,
    *,
    author: Actor,
    now: datetime,
    internal: bool = False,
    pictures: Sequence[Picture] = (),
    mail: bool = False,
    mail_id: str = "",
) -> CaseEntry:
    """Return the new entry, in the caller's transaction; with *mail* it also goes out by mail.

    *mail_id* names the mail that it was read from.
    """
    entry = CaseEntry.objects.create(
        case=case,
        kind=kind,
        internal=internal,
        author=str(author),
        text=text,
        mail_id=mail_id,
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


def locked(case_id: str) -> Case:
    """Return the case, its row held by the caller's transaction."""
    return Case.objects.select_for_update().get(pk=case_id)


def locked_conversation(case_id: str) -> Case:
    """Return the case that what is written to this one joins, as ``locked`` does: the one that it
    was merged into, or itself.
    """
    while True:
        into = Case.objects.values_list("merged_into", flat=True).get(pk=case_id)
        case = locked(into or case_id)
        if case.merged_into_id is None:
            return case


def unclosed(case_id: str) -> Case:
    """Return the case as ``locked`` does; raises CaseOver where it is closed or merged."""
    case = locked(case_id)
    if case.state in (CaseState.CLOSED, CaseState.MERGED):
        raise CaseOver
    return case


def undecided(case_id: str) -> Case:
    """Return the case as ``locked`` does; raises CaseOver where it is closed or decided."""
    case = unclosed(case_id)
    if not case.is_open:
        raise CaseOver
    return case


def is_repeat(case: Case, text: str, user_id: int, now: datetime) -> bool:
    """Return whether this was just written, as by a double click: the caller holds the case."""
    last = case.entries.order_by("-id").first()
    return (
        last is not None
        and (last.author, last.text) == (str(Actor.user(user_id)), text)
        and now - last.created_at < REPEATED_WITHIN
    )


def note_act(case: Case, action: str, user_id: int, reason: str, now: datetime) -> None:
    """Write down who did what to a case, and why."""
    audit.record(
        actor=Actor.user(user_id),
        action=action,
        subject=f"case:{case.pk}",
        reason=reason,
        account_id=case.account_id or "",
        now=now,
    )


def require_text(text: str) -> None:
    """Return where there are words; raises EmptyMessage."""
    if not text.strip():
        raise EmptyMessage
