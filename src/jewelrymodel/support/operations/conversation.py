"""What is written in a case: the customer's messages, our questions, replies and notes.

A message or a question also moves the case's state and clock (`case_states.py`); a reply moves
neither, and a note is never shown to the customer. What we write goes out by `case_email.py`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jewelrymodel.infra.quoted_text import own_words
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.support.adapters.pictures import Picture
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_states import (
    reopen_for_message,
    start_clock,
    wait_for_customer,
)
from jewelrymodel.support.operations.timeline import (
    add_entry,
    is_repeat,
    locked,
    locked_conversation,
    note_act,
    require_text,
    unclosed,
    undecided,
)
from jewelrymodel.support.rules.thanks import is_only_thanks
from jewelrymodel.support.statuses import INTAKE, CaseState, EntryKind


def receive_message(
    *,
    case_id: str,
    text: str,
    now: datetime,
    pictures: Sequence[Picture] = (),
    mail_id: str = "",
    own_text: str = "",
) -> Case:
    """Return the case with the customer's message; its clock runs again, and it is open again.
    Of a merged one that is the case that it was merged into.

    Thanks alone open nothing that was answered, and answer nothing that was asked. *mail_id* names
    the mail that it was read from.
    """
    require_text(text)
    with transaction.atomic():
        case = locked_conversation(case_id)
        add_entry(
            case,
            EntryKind.MESSAGE_IN,
            text,
            author=CUSTOMER,
            pictures=pictures,
            mail_id=mail_id,
            now=now,
        )
        if case.state != CaseState.OPEN and is_only_thanks(own_text or own_words(text)):
            words = "Only thanks: the request stays as it was."
            add_entry(case, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)
        else:
            reopen_for_message(case, now)
    return case


def ask(*, case_id: str, text: str, user_id: int, now: datetime) -> Case:
    """Return the case after asking for what blocks the decision (7.1 to 7.5): its clock stops."""
    require_text(text)
    with transaction.atomic():
        case = undecided(case_id)
        if is_repeat(case, text, user_id, now):
            return case
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=Actor.user(user_id), mail=True, now=now)
        start_clock(case, now)
        wait_for_customer(case, now)
        note_act(case, "case.asked", user_id, text, now)
    return case


def reply(*, case_id: str, text: str, user_id: int, now: datetime) -> Case:
    """Return the case after a message that decides nothing; its clock runs on, or starts."""
    require_text(text)
    with transaction.atomic():
        case = unclosed(case_id)
        if is_repeat(case, text, user_id, now):
            return case
        start_clock(case, now)
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=Actor.user(user_id), mail=True, now=now)
        note_act(case, "case.answered", user_id, text, now)
    return case


def add_note(*, case_id: str, text: str, user_id: int, now: datetime) -> Case:
    """Return the case with a note that its customer never sees."""
    require_text(text)
    with transaction.atomic():
        case = locked(case_id)
        if is_repeat(case, text, user_id, now):
            return case
        add_entry(case, EntryKind.NOTE, text, author=Actor.user(user_id), internal=True, now=now)
    return case
