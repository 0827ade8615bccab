"""Writing, changing and removing saved replies; the audit record keeps what each said before."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.support.models import SavedReply
from jewelrymodel.support.rules.reply_placeholders import unknown_placeholders


class ReplyProblem(StrEnum):
    """Why a reply isn't saved."""

    KNOWN = "reply_known"
    PLACEHOLDER = "reply_placeholder"
    LANGUAGE = "reply_language"
    CHANGED = "reply_changed"


class ReplyRefused(CodedError):
    """This reply can't be saved so. Nothing was changed."""

    codes = ReplyProblem


def save_reply(
    *,
    title: str,
    language: str,
    text: str,
    user_id: int,
    now: datetime,
    reply_id: int | None = None,
    seen_at: datetime | None = None,
) -> SavedReply:
    """Return the reply, new or (of *reply_id*) changed: nothing is sent by it.

    *seen_at* is when the version was written that was changed: a colleague's change since then is
    not written over. Raises ReplyRefused, and SavedReply.DoesNotExist.
    """
    if unknown := unknown_placeholders(text):
        raise ReplyRefused(ReplyProblem.PLACEHOLDER, name=unknown[0])
    if language not in dict(settings.LANGUAGES):
        raise ReplyRefused(ReplyProblem.LANGUAGE)
    author = Actor.user(user_id)
    try:
        with transaction.atomic():
            row = SavedReply()
            if reply_id is not None:
                row = SavedReply.objects.select_for_update().get(pk=reply_id)
                if seen_at is not None and row.changed_at != seen_at:
                    raise ReplyRefused(ReplyProblem.CHANGED)
            before = _words(row) if row.pk else ""
            row.title, row.language, row.text = title, language, text
            row.changed_by, row.changed_at = str(author), now
            if before == _words(row):
                return row
            row.save()
            if before:
                _note(row, "reply.changed", author, before, now)
            else:
                _note(row, "reply.added", author, _words(row), now)
    except IntegrityError as problem:
        if "support_reply_one_per_language" not in str(problem):
            raise
        raise ReplyRefused(ReplyProblem.KNOWN) from None
    return row


def remove_reply(*, reply_id: int, user_id: int, now: datetime) -> None:
    """Remove a reply; messages that it was inserted into stay. Raises SavedReply.DoesNotExist."""
    with transaction.atomic():
        row = SavedReply.objects.select_for_update().get(pk=reply_id)
        _note(row, "reply.removed", Actor.user(user_id), _words(row), now)
        row.delete()


def _words(row: SavedReply) -> str:
    return f"{row.title} ({row.language})\n\n{row.text}"


def _note(row: SavedReply, action: str, author: Actor, reason: str, now: datetime) -> None:
    """*reason*: what it said before; of a new one what it says."""
    audit.record(
        actor=author,
        action=action,
        subject=f"saved_reply:{row.pk}",
        reason=reason,
        account_id="",
        now=now,
    )
