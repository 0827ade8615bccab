"""What was written in cases: timelines, newest messages, pictures, what waits to be emailed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Left
from django.utils.text import Truncator

from jewelrymodel.infra import quoted_text
from jewelrymodel.infra.sampling import stored_keys as keys_in
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.support.models import Attachment, Case, CaseEntry
from jewelrymodel.support.rules import mail_retries
from jewelrymodel.support.statuses import EntryKind

_SHOWN_IN = Coalesce("moved_to__merged_into_id", "moved_to_id", "case__merged_into_id", "case_id")
_READ, _SHOWN = 4_000, 80  # characters of a message that are fetched, and shown


@dataclass(frozen=True)
class LastMessage:
    """How a customer's newest message begins; *unanswered* while no person wrote to them since."""

    beginning: str
    unanswered: bool


def with_merged(case_ids: Iterable[str]) -> list[str]:
    """Return these ids, and those of the cases that were merged into them."""
    ids = list(case_ids)
    merged = Case.objects.filter(merged_into__in=ids).values_list("pk", flat=True)
    return [*ids, *merged]


def entries_shown_in(case_id: str) -> QuerySet[CaseEntry]:
    """Return what a case's timeline shows: also of the cases that were merged into it, and what was
    split off to it; without what was split off from it.
    """
    return _shown_in(with_merged([case_id]))


def _shown_in(ids: Collection[str]) -> QuerySet[CaseEntry]:
    return CaseEntry.objects.filter(Q(case__in=ids, moved_to=None) | Q(moved_to__in=ids))


def last_messages(cases: Iterable[Case]) -> dict[str, LastMessage]:
    """Return what each case's customer wrote last, by the case's id, with one query for all.

    Only people answer: after an automatic acknowledgement a message is as unanswered as before.
    """
    by_us = Q(kind=EntryKind.MESSAGE_OUT, author__startswith=USER_PREFIX)
    rows = _shown_in(with_merged(one.pk for one in cases))
    rows = rows.filter(by_us | Q(kind=EntryKind.MESSAGE_IN)).annotate(shown_in=_SHOWN_IN)
    newest = rows.order_by("shown_in", "kind", "-id").distinct("shown_in", "kind")
    fields = newest.values_list("shown_in", "kind", "id", Left("text", _READ))
    newest_by_kind = {(case_id, kind): (entry_id, text) for case_id, kind, entry_id, text in fields}
    never = (0, "")
    return {
        case_id: LastMessage(
            Truncator(" ".join((quoted_text.own_words(text) or text).split())).chars(_SHOWN),
            entry_id > newest_by_kind.get((case_id, EntryKind.MESSAGE_OUT), never)[0],
        )
        for (case_id, kind), (entry_id, text) in newest_by_kind.items()
        if kind == EntryKind.MESSAGE_IN
    }


def newest_messages(case_ids: Iterable[str]) -> dict[str, int]:
    """Return the id of what each case's customer wrote last, by the case's id; without those where
    they never did.
    """
    rows = _shown_in(with_merged(case_ids)).filter(kind=EntryKind.MESSAGE_IN)
    of_case = rows.annotate(shown_in=_SHOWN_IN).values("shown_in")
    return dict(of_case.annotate(newest=Max("pk")).values_list("shown_in", "newest"))


def entries(*, case_id: str, internal: bool) -> list[CaseEntry]:
    """Return a case's timeline, oldest first; without *internal* only what its customer may see."""
    rows = entries_shown_in(case_id).select_related("case").prefetch_related("pictures")
    if not internal:
        rows = rows.filter(internal=False)
    return list(rows.order_by("id"))


def entry(*, case: Case, entry_id: int, internal: bool) -> CaseEntry:
    """Return an entry of the case's timeline; without *internal* only what its customer may see.

    Raises CaseEntry.DoesNotExist.
    """
    rows = entries_shown_in(case.pk).select_related("case")
    return (rows if internal else rows.filter(internal=False)).get(pk=entry_id)


def entries_to_mail(*, before: datetime) -> list[int]:
    """Return the ids of messages that should have been mailed by then, oldest first: all of them.

    Some may fail at every attempt, such as those to an address that is refused: of the oldest few
    these would be the same each time, and keep all others waiting.
    """
    return list(_due_entries(before).values_list("id", flat=True))


def entries_to_retry(*, before: datetime, now: datetime) -> list[int]:
    """Return those of ``entries_to_mail`` that are tried again in this minute."""
    rows = _due_entries(before).values_list("id", "created_at")
    return [pk for pk, at in rows if mail_retries.is_time_to_retry(now - at)]


def _due_entries(before: datetime) -> QuerySet[CaseEntry]:
    due = CaseEntry.objects.filter(mail_due=True, mailed_at__isnull=True, created_at__lt=before)
    return due.order_by("id")


def picture(*, case: Case, picture_id: str) -> Attachment:
    """Return a picture of the case's timeline; raises Attachment.DoesNotExist."""
    rows = Attachment.objects.select_related("entry__case")
    return rows.get(pk=picture_id, entry__in=entries_shown_in(case.pk))


def stored_keys(*, limit: int) -> set[str]:
    """Return the keys of files that came with messages, of at most *limit* of them."""
    return keys_in(Attachment.objects.all(), "key", limit=limit)


def messages_in(*, case_id: str) -> list[CaseEntry]:
    """Return what was written to us in the case, oldest first."""
    rows = entries_shown_in(case_id).filter(kind=EntryKind.MESSAGE_IN)
    return list(rows.order_by("id"))
