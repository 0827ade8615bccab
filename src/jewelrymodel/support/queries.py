"""Reads about cases. What a customer sees is always looked up by their account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import formats, mail, quoted_text
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.infra.original_email import Original, read_original
from jewelrymodel.infra.sampling import stored_keys as keys_in
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Attachment, Case, CaseEntry, InboundEmail, ReconcilerRun
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import LATE, CaseState, Channel, EntryKind, MailOutcome

OPEN = (CaseState.OPEN, CaseState.WAITING)
RELEASABLE = (MailOutcome.QUARANTINED, MailOutcome.UNANSWERED, MailOutcome.DISMISSED)
"""What can still open a case of its own: mail that has none."""
_RECORDS: dict[str, tuple[str, QuerySet[Any]]] = {
    "chg": ("charge", Charge.objects.all()),
    "dec": ("decision", DecisionRecord.objects.all()),
    "dsp": ("dispute", ChargeDispute.objects.all()),
    "ord": ("order", Order.objects.all()),
    "rfd": ("refund", Refund.objects.all()),
    "task": ("task", Task.objects.all()),
}
"""What can be named as a record, by the first letters of its id."""
OURS = 3
"""How well a sender is known who is we ourselves."""
_READ, _TOLD = 4_000, 80  # characters of a message that are fetched, and shown


@dataclass(frozen=True)
class LastMessage:
    """How a customer's newest message begins; *unanswered* while no person wrote to them since."""

    beginning: str
    unanswered: bool


@dataclass(frozen=True)
class InboundEmailDetails:
    """One email to support: what it says, its history, and whether it may be released."""

    email: InboundEmail
    content: mail.MailContent
    history: tuple[AuditEntry, ...]
    can_be_released: bool


@dataclass(frozen=True)
class OriginalEmail:
    """One mail to support as it came: what it is to us, in words, and its bytes."""

    email: InboundEmail
    original: Original
    raw: bytes
    received_at: datetime


def _cases() -> QuerySet[Case]:
    return Case.objects.select_related("account", "assigned_to")


def queue(*, state: str = "", category: str = "", mine: int | None = None) -> list[Case]:
    """Return the cases for the desk, due first; *state* "" means those that aren't decided."""
    rows = _cases().filter(state=state) if state else _cases().filter(state__in=OPEN)
    if category:
        rows = rows.filter(category=category)
    if mine is not None:
        rows = rows.filter(assigned_to_id=mine)
    return list(rows.order_by("due_at", "number")[:200])


def stakes(cases: Iterable[Case]) -> dict[str, str]:
    """Return what each case is about at most, by its id: an order's total, or a job's credits."""
    named = {one.subject_id: one.pk for one in cases if one.subject_id}
    orders = Order.objects.filter(pk__in=named).values_list("pk", "total_minor", "currency")
    amounts = {named[pk]: formats.money(total, currency) for pk, total, currency in orders}
    tasks = Task.objects.filter(pk__in=named).values_list("pk", "credits_held")
    for pk, held in tasks:
        amounts[named[pk]] = ngettext("%(n)s credit", "%(n)s credits", held) % {"n": held}
    return amounts


def last_messages(cases: Iterable[Case]) -> dict[str, LastMessage]:
    """Return what each case's customer wrote last, by the case's id, with one query for all.

    Only people answer: after an automatic acknowledgement a message is as unanswered as before.
    """
    by_us = Q(kind=EntryKind.MESSAGE_OUT, author__startswith=USER_PREFIX)
    rows = CaseEntry.objects.filter(by_us | Q(kind=EntryKind.MESSAGE_IN))
    rows = rows.filter(case__in=[one.pk for one in cases])
    newest = rows.order_by("case_id", "kind", "-id").distinct("case_id", "kind")
    fields = newest.values_list("case_id", "kind", "id", Left("text", _READ))
    newest_by_kind = {(case_id, kind): (entry_id, text) for case_id, kind, entry_id, text in fields}
    never = (0, "")
    return {
        case_id: LastMessage(
            Truncator(" ".join((quoted_text.own_words(text) or text).split())).chars(_TOLD),
            entry_id > newest_by_kind.get((case_id, EntryKind.MESSAGE_OUT), never)[0],
        )
        for (case_id, kind), (entry_id, text) in newest_by_kind.items()
        if kind == EntryKind.MESSAGE_IN
    }


def numbered(*, number: int) -> list[Case]:
    """Return the case with that number, for staff; none where there is none."""
    return list(_cases().filter(number=number))


def of_strangers(*, address: str, limit: int) -> list[Case]:
    """Return the newest cases that are no account's and whose sender's address begins so."""
    rows = _cases().filter(account__isnull=True, email__istartswith=address)
    return list(rows.order_by("-opened_at")[:limit])


def case(*, case_id: str) -> Case:
    """Return one case, for staff; raises Case.DoesNotExist."""
    return _cases().get(pk=case_id)


def cases(*, account_id: str) -> list[Case]:
    """Return the account's cases, newest first."""
    return list(_cases().filter(account_id=account_id).order_by("-opened_at"))


def case_of(*, account_id: str, case_id: str) -> Case:
    """Return one of the account's cases; raises Case.DoesNotExist."""
    return _cases().get(account_id=account_id, pk=case_id)


def open_about(*, account_id: str, subject: Subject) -> list[Case]:
    """Return the account's open cases about an order or a job, newest first."""
    rows = _cases().filter(account_id=account_id, state__in=OPEN)
    same = rows.filter(subject_kind=subject.kind, subject_id=subject.id)
    return list(same.order_by("-opened_at")) if subject.id else []


def about(*, account_id: str, subject: Subject) -> list[Case]:
    """Return the account's cases about an order or a job, open or not, newest first."""
    rows = _cases().filter(account_id=account_id)
    rows = rows.filter(subject_kind=subject.kind, subject_id=subject.id)
    return list(rows.order_by("-opened_at"))


def entries(*, case_id: str, internal: bool) -> list[CaseEntry]:
    """Return a case's timeline, oldest first; without *internal* only what its customer may see."""
    rows = CaseEntry.objects.filter(case_id=case_id).prefetch_related("pictures")
    if not internal:
        rows = rows.filter(internal=False)
    return list(rows.order_by("id"))


def picture_key(*, case: Case, picture_id: str) -> str:
    """Return where a picture of the case is stored; raises Attachment.DoesNotExist."""
    return Attachment.objects.get(pk=picture_id, entry__case=case).key


def overdue(*, now: datetime) -> int:
    """Return how many cases are past their deadline."""
    return Case.objects.filter(state=CaseState.OPEN, due_at__lt=now).count()


def subject_label(case: Case) -> str:
    """Return what a case is about as its customer calls it; empty for the account itself."""
    if case.subject_kind == SubjectKind.ORDER:
        order = Order.objects.select_related("product_version").filter(pk=case.subject_id).first()
        return f"{order.label} ({order.product_version.name})" if order else ""
    if case.subject_kind == SubjectKind.TASK:
        task = Task.objects.filter(pk=case.subject_id).first()
        if task is None:
            return ""
        return gettext("your generation of %(when)s") % {"when": formats.moment(task.created_at)}
    return ""


def late_without_notice(*, now: datetime) -> QuerySet[Case]:
    """Return the customers' requests whose deadline we have missed without a word about it."""
    notices = CaseEntry.objects.filter(
        case=OuterRef("pk"), author=str(LATE), created_at__gte=OuterRef("due_at")
    )
    late = Case.objects.filter(state=CaseState.OPEN, paused_at=None, due_at__lt=now)
    return late.filter(check_name="", account__isnull=False).exclude(Exists(notices))


def case_of_decision(*, decision_id: str) -> Case | None:
    """Return the case that a decision belongs to; None for one taken without a case."""
    return _cases().filter(decision_id=decision_id).first()


def open_decisions(decision_ids: Iterable[str]) -> set[str]:
    """Return those of *decision_ids* whose own case is open (again): a person has them already."""
    rows = Case.objects.filter(decision_id__in=decision_ids, state=CaseState.OPEN)
    return set(rows.values_list("decision_id", flat=True))


def entries_to_mail(*, before: datetime) -> list[int]:
    """Return the ids of messages that should have been mailed by then, oldest first: all of them.

    Some may fail at every attempt, such as those to an address that is refused: of the oldest few
    these would be the same each time, and keep all others waiting.
    """
    due = CaseEntry.objects.filter(mail_due=True, mailed_at__isnull=True, created_at__lt=before)
    return list(due.order_by("id").values_list("id", flat=True))


def contacted_before(*, account_id: str, at: datetime) -> bool:
    """Return whether the account had written to us before *at* (the first fact of 9.1).

    Cases that we found ourselves are no contact; any matter counts, to the customer's side.
    """
    rows = Case.objects.filter(account_id=account_id, opened_at__lt=at, check_name="")
    return rows.exists()


def answered_late(*, account_id: str, at: datetime) -> bool:
    """Return whether we had missed our own deadline (7.6) towards this account by *at*."""
    late = Q(answered_at__gt=F("due_at")) | Q(answered_at__isnull=True, due_at__lt=at)
    return Case.objects.filter(late, account_id=account_id, opened_at__lt=at).exists()


def request_facts(case: Case) -> RequestFacts | None:
    """Return what the policy may know of a case; None while its account isn't proven."""
    if case.account_id is None:
        return None
    kind = SubjectKind(case.subject_kind) if case.subject_id else SubjectKind.ACCOUNT
    return RequestFacts(
        account_id=case.account_id,
        category=case.category,
        subject=Subject(kind, case.subject_id or case.account_id),
        requested_at=case.opened_at,
        identity_level=case.identity_level,
        verified_records=tuple(case.verified_records),
    )


def order_subject(order: Order) -> Subject:
    """Return an order as what a case is about."""
    return Subject(SubjectKind.ORDER, order.pk)


def order_request(order: Order, *, now: datetime) -> RequestFacts:
    """Return what the policy may know of an order that nobody has written about.

    The same as of the case that we open ourselves, so that what was looked at before it was opened
    still stands.
    """
    for case in open_about(account_id=order.account_id, subject=order_subject(order)):
        facts = request_facts(case)
        if facts is not None and case.channel != Channel.MACHINE:
            return facts
    return RequestFacts(
        account_id=order.account_id,
        category=Category.UNDELIVERED,
        subject=order_subject(order),
        requested_at=now,
        identity_level=OURS,
    )


def checked(*, check_name: str, subject: Subject) -> int:
    """Return how many cases a check of ours has opened about something."""
    key = f"{subject.kind}:{subject.id}"
    rows = Case.objects.filter(check_name=check_name)
    return rows.filter(Q(check_subject=key) | Q(check_subject__startswith=f"{key}#")).count()


def inbound_email(*, mail_id: str) -> InboundEmailDetails:
    """Return one mail to support, whatever became of it; raises InboundEmail.DoesNotExist."""
    email = InboundEmail.objects.select_related("case").get(pk=mail_id)
    message = MailMessage.objects.get(pk=mail_id)
    acts = AuditEntry.objects.filter(subject=f"mail:{mail_id}").order_by("happened_at", "id")
    return InboundEmailDetails(
        email=email,
        content=mail.read(bytes(message.raw)),
        history=tuple(acts),
        can_be_released=email.outcome in RELEASABLE
        and mail.can_be_answered(address=email.sender, envelope_from=message.envelope_from),
    )


def original_email(*, mail_id: str) -> OriginalEmail:
    """Return one mail to support as it came, for staff; raises InboundEmail.DoesNotExist.

    Only mail to support: the listener of a demo keeps everybody's.
    """
    email = InboundEmail.objects.select_related("case").get(pk=mail_id)
    message = MailMessage.objects.get(pk=mail_id)
    raw = bytes(message.raw)
    return OriginalEmail(email, read_original(raw), raw, message.received_at)


def entry_text(*, case: Case, entry_id: int, internal: bool) -> str:
    """Return all that an entry of the case says; without *internal* only what its customer may see.

    Raises CaseEntry.DoesNotExist.
    """
    rows = CaseEntry.objects.filter(case=case)
    return (rows if internal else rows.filter(internal=False)).get(pk=entry_id).text


def inbound_emails(*, limit: int = 100) -> list[InboundEmail]:
    """Return the mails to support, newest first, whatever became of them."""
    rows = InboundEmail.objects.select_related("case").order_by("-received_at", "-mail_id")
    return list(rows[:limit])


def record_named(*, account_id: str, text: str) -> str:
    """Return the account's record that a person means, as facts name it; empty where none is.

    *text* is an id, ``kind:id``, or an order's number as people read it.
    """
    number = email_references.order_number(text)
    if number is not None:
        order = Order.objects.filter(account_id=account_id, number=number).first()
        return f"order:{order.pk}" if order else ""
    record_id = text.strip().rpartition(":")[2]
    prefix = record_id.partition("_")[0]
    if prefix not in _RECORDS:
        return ""
    kind, rows = _RECORDS[prefix]
    known = rows.filter(pk=record_id, account_id=account_id).exists()
    return f"{kind}:{record_id}" if known else ""


def quarantine(*, limit: int = 50) -> list[InboundEmail]:
    """Return the mails that carried a key which wasn't theirs, newest first."""
    rows = InboundEmail.objects.filter(outcome=MailOutcome.QUARANTINED)
    return list(rows.order_by("-received_at")[:limit])


def reconciler_runs() -> list[ReconcilerRun]:
    """Return the last run of each check, by name."""
    return list(ReconcilerRun.objects.order_by("check_name"))


def stored_keys(*, limit: int) -> set[str]:
    """Return the keys of files that came with messages, of at most *limit* of them."""
    return keys_in(Attachment.objects.all(), "key", limit=limit)
