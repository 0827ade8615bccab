"""Talking in a case: messages, questions, answers, extensions; and the clock that they move."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog import terms
from jewelrymodel.infra import languages, mail
from jewelrymodel.infra.outgoing_email import OutgoingMail
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Subject
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import NOT_DONE
from jewelrymodel.support import queries
from jewelrymodel.support.adapters.pictures import Picture
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.operations.sender_confirmation import (
    CONFIRMATION_REQUEST,
    confirmation_link,
)
from jewelrymodel.support.operations.timeline import (
    add_entry,
    is_repeat,
    locked,
    note_act,
    require_text,
    unclosed,
    undecided,
)
from jewelrymodel.support.rules import business_days, email_references
from jewelrymodel.support.statuses import CaseState, Channel, EntryKind

_REPLIES = (Actor.system("acknowledgement"), CONFIRMATION_REQUEST)
"""Whose letters answer a mail by themselves; what other programs write answers nothing."""


class UnknownRecord(CodedError):
    """There is no such record in this account. Nothing was changed."""


def receive_message(
    *,
    case_id: str,
    text: str,
    now: datetime,
    pictures: Sequence[Picture] = (),
    mail_id: str = "",
) -> Case:
    """Return the case with the customer's message; its clock runs again, and it is open again.

    *mail_id* names the mail that it was read from.
    """
    require_text(text)
    with transaction.atomic():
        case = locked(case_id)
        add_entry(
            case,
            EntryKind.MESSAGE_IN,
            text,
            author=CUSTOMER,
            pictures=pictures,
            mail_id=mail_id,
            now=now,
        )
        if case.paused_at is not None:
            case.due_at = business_days.resumed_due(
                due=case.due_at, paused_at=case.paused_at, resumed_at=now
            )
        elif not case.is_open:
            days = terms.in_force(now).review_within_business_days
            case.due_at, case.answered_at = business_days.due_at(now, days), None
        case.state, case.paused_at, case.closed_at = CaseState.OPEN, None, None
        case.save()
    return case


def ask(*, case_id: str, text: str, user_id: int, now: datetime) -> Case:
    """Return the case after asking for what blocks the decision (7.1 to 7.5): its clock stops."""
    require_text(text)
    with transaction.atomic():
        case = undecided(case_id)
        if is_repeat(case, text, user_id, now):
            return case
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=Actor.user(user_id), mail=True, now=now)
        case.state, case.paused_at = CaseState.WAITING, case.paused_at or now
        case.save()
        note_act(case, "case.asked", user_id, text, now)
    return case


def reply(*, case_id: str, text: str, user_id: int, now: datetime) -> Case:
    """Return the case after a message that decides nothing; its clock runs on."""
    require_text(text)
    with transaction.atomic():
        case = unclosed(case_id)
        if is_repeat(case, text, user_id, now):
            return case
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


def assign(*, case_id: str, user_id: int | None, by_user_id: int, now: datetime) -> Case:
    """Return the case in somebody's hands, or in nobody's."""
    with transaction.atomic():
        case = locked(case_id)
        if case.assigned_to_id == user_id:
            return case
        told = "Unassigned." if user_id is None else "Assigned."
        if user_id and case.assigned_to_id:
            told = "Taken over from a colleague."
        case.assigned_to_id = user_id
        case.save(update_fields=["assigned_to"])
        add_entry(
            case, EntryKind.EVENT, told, author=Actor.user(by_user_id), internal=True, now=now
        )
        note_act(case, "case.assigned", by_user_id, f"to user:{user_id}", now)
    return case


def categorize(
    *,
    case_id: str,
    category: str,
    subject: Subject,
    verified_records: tuple[str, ...],
    user_id: int,
    now: datetime,
) -> Case:
    """Return the case with what it is about corrected; records link a verified error (6.4).

    Each has to be one of the account's: a claim is no record (edge 14). Raises UnknownRecord.
    """
    with transaction.atomic():
        case = unclosed(case_id)
        named = [f"{subject.kind}:{subject.id}"] if subject.id else []
        for record in (*named, *verified_records):
            if queries.record_named(account_id=case.account_id or "", text=record) != record:
                raise UnknownRecord(record=record)
        case.category, case.subject_kind, case.subject_id = category, subject.kind, subject.id
        case.verified_records = list(verified_records)
        case.save()
        told = f"{category}, {subject.kind}:{subject.id}, {', '.join(verified_records)}"
        add_entry(case, EntryKind.EVENT, told, author=Actor.user(user_id), internal=True, now=now)
        note_act(case, "case.sorted", user_id, told, now)
    return case


def attach_decision(*, case_id: str, decision: DecisionRecord, text: str, now: datetime) -> Case:
    """Return the case, decided: the customer is mailed what was decided, with its clauses."""
    with transaction.atomic():
        case = locked(case_id)
        if case.decision_id == decision.pk:
            return case
        case.decision_id, case.state, case.paused_at = decision.pk, CaseState.DECIDED, None
        case.answered_at = case.answered_at or now
        case.save()
        author = Actor.parse(decision.decided_by)
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=author, mail=True, now=now)
    return case


def notify_progress(*, case_id: str, decision: DecisionRecord, now: datetime) -> Case:
    """Return the case after its customer was told how far the remedies are; said once each."""
    with transaction.atomic():
        case = locked(case_id)
        with languages.speaking(accounts.language_of(account_id=decision.account_id)):
            statuses = map(remedies.remedy_status, decision.remedies.order_by("id"))
            told = "\n\n".join(statuses)
        if not case.entries.filter(text=told).exists():
            add_entry(
                case,
                EntryKind.MESSAGE_OUT,
                told,
                author=Actor.system("remedies"),
                mail=True,
                now=now,
            )
        if decision.remedies.filter(state__in=NOT_DONE).exists():
            case.state = CaseState.OPEN
            case.save(update_fields=["state"])
    return case


def close(*, case_id: str, reason: str, user_id: int, now: datetime, tell: bool = True) -> Case:
    """Return the case, closed with a reason that its customer reads; a message opens it again.

    Raises EmptyMessage, and CaseOver where it is decided or closed already.

    Without *tell* only colleagues read it: for spam, and for what was never a customer's.
    """
    require_text(reason)
    with transaction.atomic():
        case = undecided(case_id)
        case.state, case.closed_at, case.paused_at = CaseState.CLOSED, now, None
        case.answered_at = case.answered_at or now
        case.save()
        author = Actor.user(user_id)
        if tell:
            text = _closing_text(case, reason)
            add_entry(case, EntryKind.MESSAGE_OUT, text, author=author, mail=True, now=now)
        else:
            add_entry(case, EntryKind.EVENT, reason, author=author, internal=True, now=now)
        note_act(case, "case.closed", user_id, reason, now)
    return case


def withdraw(*, account_id: str, case_id: str, now: datetime) -> Case:
    """Return the case, closed because its customer needs it no longer; a message opens it again.

    Raises Case.DoesNotExist, and CaseOver where it is decided or closed already.
    """
    with transaction.atomic():
        Case.objects.get(account_id=account_id, pk=case_id)
        case = undecided(case_id)
        case.state, case.closed_at, case.paused_at = CaseState.CLOSED, now, None
        case.save()
        add_entry(
            case,
            EntryKind.EVENT,
            "The customer no longer needs help with this.",
            author=CUSTOMER,
            now=now,
        )
    return case


def mail_entry(*, entry_id: int, now: datetime) -> bool:
    """Mail one message to its customer and note when; return whether a mail was sent.

    Who comes while another sends it leaves it alone. Sent before it is noted: a crash in between
    repeats the mail, under the same Message-ID, rather than losing it.
    """
    waiting = CaseEntry.objects.filter(pk=entry_id, mail_due=True, mailed_at__isnull=True)
    with transaction.atomic():
        entry = waiting.select_for_update(skip_locked=True).first()
        if entry is None:
            return False
        _letter(entry).send()
        waiting.update(mailed_at=now)
    return True


def _closing_text(case: Case, reason: str) -> str:
    with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
        closed = _("We’re closing this request: %(reason)s") % {"reason": reason}
        return f"{closed}\n\n{_('If you disagree, reply to this email.')}"


def _whereabouts(case: Case) -> str:
    """A mail is read alone: what it is about, and where the rest stands; for the proven only."""
    if case.account_id is None:
        return ""
    about = queries.subject_label(case)
    return f"\n\n{case.label}{about and f', {about}'}: {settings.PUBLIC_URL}/requests/{case.pk}"


def _letter(entry: CaseEntry) -> OutgoingMail:
    """What a person wrote has a return path: where it can't be delivered, its case says so."""
    case, domain = entry.case, settings.SUPPORT_EMAIL.rpartition("@")[2]
    about = "your account" if case.channel == Channel.MACHINE else "your request"
    subject = email_references.email_subject(
        settings.BRAND, about, email_references.tag(case.number, case.thread_key)
    )
    text = entry.text + _whereabouts(case)
    author = Actor.parse(entry.author)
    if author == CONFIRMATION_REQUEST:  # only the sender's mailbox ever holds the link
        text = f"{text}\n\n{confirmation_link(case)}"
    letter = mail.compose(to=case.email, subject=subject, text=text)
    letter.reply_to = [settings.SUPPORT_EMAIL]
    letter.extra_headers["Message-ID"] = email_references.message_id(
        key=case.thread_key, entry_id=entry.pk, domain=domain
    )
    letter.extra_headers["References"] = f"<{case.thread_key}@{domain}>"
    if author.is_user:
        letter.mark_as_written_by_a_person()
    elif author in _REPLIES:
        letter.extra_headers["Auto-Submitted"] = "auto-replied"  # RFC 3834, 5
    return letter
