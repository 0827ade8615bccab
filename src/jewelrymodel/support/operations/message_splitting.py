"""Splitting a message off into a case of its own: it asks for something else."""

import secrets
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog import terms
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.operations.case_opening import next_number
from jewelrymodel.support.operations.timeline import add_entry, locked, note_act
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import CaseState, EntryKind


class SplitRefusal(StrEnum):
    """Why a message isn't split off."""

    ONLY_MESSAGE = "split_only_message"
    NO_MESSAGE = "split_no_message"
    MERGED = "split_merged"
    APPEAL = "split_appeal"
    UNCONFIRMED = "split_unconfirmed"


class CannotSplit(CodedError):
    """This message can't become a request of its own. Nothing was changed."""

    codes = SplitRefusal


def split_message(*, case_id: str, entry_id: int, user_id: int, now: datetime) -> Case:
    """Return the new case of a message that stood in another one; its customer is told the number.

    It was received when the message was, and is due when that case is; where nothing is due there,
    the days begin now. Its category stays, its subject is for the agent to name. Merging it into
    the first case undoes this. Raises CannotSplit, and CaseEntry.DoesNotExist.
    """
    with transaction.atomic():
        case = locked(case_id)
        entry = queries.entries_shown_in(case_id).select_for_update(of=("self",)).get(pk=entry_id)
        _refuse(case, entry)
        new = _open_beside(case, entry, now)
        entry.moved_to = new
        entry.save(update_fields=["moved_to"])
        author = Actor.user(user_id)
        for row, text in (
            (case, f"A message was split off into {new.label}."),
            (new, f"Split off from {case.label}."),
        ):
            add_entry(row, EntryKind.EVENT, text, author=author, internal=True, now=now)
        with languages.speaking(accounts.language_of(account_id=new.account_id or "")):
            text = _(
                "We’re handling part of what you wrote as a request of its own: %(label)s. To "
                "add something to it, reply to this message."
            ) % {"label": new.label}
        machine = Actor.system("acknowledgement")
        add_entry(new, EntryKind.MESSAGE_OUT, text, author=machine, mail=True, now=now)
        note_act(case, "case.message_split", user_id, f"entry {entry_id} into case:{new.pk}", now)
    return new


def _refuse(case: Case, entry: CaseEntry) -> None:
    if case.state == CaseState.MERGED:
        raise CannotSplit(SplitRefusal.MERGED)
    if queries.who_declined(case) and not settings.SINGLE_OPERATOR:
        # In a case of its own whoever declined could decline the objection as well.
        raise CannotSplit(SplitRefusal.APPEAL)
    if case.identity_level < 2:  # the link that they were emailed confirms the first request alone
        raise CannotSplit(SplitRefusal.UNCONFIRMED)
    if entry.kind != EntryKind.MESSAGE_IN:
        raise CannotSplit(SplitRefusal.NO_MESSAGE)
    others = queries.entries_shown_in(case.pk).filter(kind=EntryKind.MESSAGE_IN)
    if not others.exclude(pk=entry.pk).exists():
        raise CannotSplit(SplitRefusal.ONLY_MESSAGE)


def _open_beside(case: Case, entry: CaseEntry, now: datetime) -> Case:
    days = terms.in_force(now).review_within_business_days
    due_at = case.due_at if case.state == CaseState.OPEN else business_days.due_at(now, days)
    return Case.objects.create(
        id=new_id("case", now=now),
        number=next_number(),
        account_id=case.account_id,
        email=case.email,
        identity_level=case.identity_level,
        channel=case.channel,
        category=case.category,
        subject_kind=SubjectKind.ACCOUNT,
        subject_id="",
        thread_key=secrets.token_hex(6),
        opened_at=entry.created_at,
        due_at=max(due_at, entry.created_at),
        calendar=business_days.CALENDAR,
    )
