"""Inbound email: a request opens a case; a reply joins its own only with key and sender."""

import hashlib
import logging
import re
import secrets
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import automatic_email_detection, mail, rate_limiter
from jewelrymodel.infra.email_authentication import SenderProof, sender_proof
from jewelrymodel.infra.email_parser import shortened
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.infra.mail import SUBJECT_SHOWN
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.operations import email_subjects
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.conversation import receive_message
from jewelrymodel.support.operations.email_attachments import keep_attachments
from jewelrymodel.support.operations.email_claims import (
    named_records,
    own_claim,
    subject_named,
)
from jewelrymodel.support.operations.mailed_withdrawals import (
    note_first,
    note_joined,
    opened_as,
    own_references,
    reading_of,
)
from jewelrymodel.support.operations.triage import name_subject
from jewelrymodel.support.operations.undelivered_email import note_report
from jewelrymodel.support.operations.unproven_requests import note_unproven, unproven_request
from jewelrymodel.support.queries import RELEASABLE
from jewelrymodel.support.rules import email_references, required_details
from jewelrymodel.support.rules.withdrawal_statements import StatementReading
from jewelrymodel.support.statuses import Channel, MailOutcome

MAILS_PER_DAY = 30  # from one address; what is more is kept, and answered by nobody
SEARCHED = 100_000  # letters of an email without a case that are kept to be searched
_NO_TEXT = "(no text)"
_IDS = re.compile(r"<[^<>\s]+>")
_AWAY = (OperationalError, InterfaceError, OSError)
"""What is no fault of the mail: its job comes again."""
log = logging.getLogger(__name__)


class NotInQuarantine(CodedError):
    """This mail was handled meanwhile: look at what became of it. Nothing was changed."""


class NobodyToAnswer(NotInQuarantine):
    """This mail names nobody who could be answered, so it opens no case. Nothing was changed."""


def receive_email(*, mail_id: str, now: datetime) -> MailOutcome | None:
    """Return what became of a mail; None where it wasn't for us. Repeating it changes nothing.

    Nobody is told here whether an account exists (edge 7): every first mail is answered alike.
    """
    message = MailMessage.objects.get(pk=mail_id)
    if settings.SUPPORT_EMAIL.lower() not in [one.lower() for one in message.envelope_to]:
        return None
    email = _read(message)
    same_id = InboundEmail.objects.filter(message_id=email.message_id or secrets.token_hex(8))
    sender_and_subject = {
        "sender": email.address[:320],
        "subject": shortened(email.subject, SUBJECT_SHOWN),
    }
    with locked_in_transaction(f"mail {mail_id}"):
        known = InboundEmail.objects.filter(pk=mail_id) | same_id.filter(**sender_and_subject)
        first = known.first()
        if first is not None:
            return MailOutcome(first.outcome)
        outcome, reason, case = _thread_or_keep(email, message, now)
        InboundEmail.objects.create(
            mail_id=mail_id,
            message_id=None if same_id.exists() else email.message_id or None,
            outcome=outcome,
            reason=reason,
            case=case,
            received_at=now,
            is_authenticated=_proof(message) is SenderProof.PASSED,
            text="" if case else email.text[:SEARCHED].replace("\x00", " "),
            **sender_and_subject,
        )
    return outcome


def _read(message: MailMessage) -> mail.ParsedEmail:
    """The mail, read; one that nothing can be read of is broken, and waits for a person."""
    try:
        return mail.parse_email(bytes(message.raw))
    except Exception:
        log.exception("mail %s could not be read; it is in quarantine", message.pk)
        sender = message.envelope_from
        return mail.ParsedEmail(sender, message.subject, "", "", "", "", {}, (), is_broken=True)


def release_email(
    *, mail_id: str, user_id: int, now: datetime, expected: str = MailOutcome.QUARANTINED
) -> Case:
    """Return the case that a kept mail opens after all: one of its own, its sender unproven.

    It never joins the case whose key it carried. What we write because of it is marked as sent by
    a machine, and no machine's mail is answered by one, so a loop ends here. *expected* is what the
    mail was when it was decided. Raises NotInQuarantine and NobodyToAnswer.
    """
    with transaction.atomic():
        row = _unchanged(mail_id, expected, RELEASABLE)
        message = MailMessage.objects.get(pk=mail_id)
        email = mail.parse_email(bytes(message.raw))
        sender = message.envelope_from
        if not mail.can_be_answered(address=email.address, envelope_from=sender):
            raise NobodyToAnswer
        row.case = _open(email, mail_id, now, by_person=True)
        row.outcome, row.text = MailOutcome.OPENED, ""
        row.save()
        was_quarantined = expected == MailOutcome.QUARANTINED
        why = "let out of quarantine" if was_quarantined else "let out after all"
        _note(row, "mail.released", user_id, why, now)
    return row.case


def dismiss_email(
    *,
    mail_id: str,
    reason: str,
    user_id: int,
    now: datetime,
    expected: str = MailOutcome.QUARANTINED,
) -> InboundEmail:
    """Return the quarantined mail, put aside with a reason; it is kept, and not answered.

    The audit record has the reason; the mail keeps its own, why it was in quarantine. *expected* is
    what it was when that was decided. Raises NotInQuarantine.
    """
    with transaction.atomic():
        row = _unchanged(mail_id, expected, (MailOutcome.QUARANTINED,))
        row.outcome = MailOutcome.DISMISSED
        row.save()
        _note(row, "mail.dismissed", user_id, reason, now)
    return row


def note_download(*, mail_id: str, user_id: int, now: datetime) -> None:
    """Record that somebody downloaded a mail's source; raises InboundEmail.DoesNotExist."""
    row = InboundEmail.objects.get(pk=mail_id)
    _note(row, "mail.downloaded", user_id, "its source was downloaded", now)


def _unchanged(mail_id: str, expected: str, allowed: tuple[MailOutcome, ...]) -> InboundEmail:
    """The mail, locked; who saw something else of it acts on what isn't so any more."""
    rows = InboundEmail.objects.select_for_update()
    row = rows.filter(pk=mail_id, outcome=expected, outcome__in=allowed).first()
    if row is None:
        raise NotInQuarantine
    return row


def _note(row: InboundEmail, action: str, user_id: int, reason: str, now: datetime) -> None:
    audit.record(
        actor=Actor.user(user_id),
        action=action,
        subject=f"mail:{row.pk}",
        reason=reason,
        account_id="",
        now=now,
    )


def _thread_or_keep(
    email: mail.ParsedEmail, message: MailMessage, now: datetime
) -> tuple[MailOutcome, str, Case | None]:
    """What _thread says; a mail that it stumbles over is kept for a person to look at, not lost."""
    try:
        with transaction.atomic():
            return _thread(email, message, now)
    except _AWAY:
        raise
    except Exception:
        log.exception("a mail could not be read; it is in quarantine")
        return MailOutcome.QUARANTINED, "it could not be read", None


def _thread(
    email: mail.ParsedEmail, message: MailMessage, now: datetime
) -> tuple[MailOutcome, str, Case | None]:
    envelope_from = message.envelope_from
    if mail.is_ours(email.address) or automatic_email_detection.is_automatic(
        headers=email.headers,
        envelope_from=envelope_from,
        sender=email.address,
        subject=email.subject,
    ):
        return _note_or_leave(message, now)
    if message.left_out_bytes:
        size = f"{message.left_out_bytes / 1e6:.1f} MB"
        return MailOutcome.QUARANTINED, f"too large ({size}): read it in the mailbox", None
    if email.is_broken:
        return MailOutcome.QUARANTINED, "its parts are too many or too deep to be read", None
    if not mail.can_be_answered(address=email.address, envelope_from=envelope_from):
        return MailOutcome.UNANSWERED, "it names no address to answer to", None
    proof = _proof(message)
    sender = hashlib.sha256(email.address.lower().encode()).hexdigest()
    try:  # forgeries in somebody's name don't use up what their own mail may
        rate_limiter.count_or_refuse(
            f"mail:{proof}:{sender}", limit=MAILS_PER_DAY, window_s=86_400, now=now
        )
    except rate_limiter.TooOften:
        return MailOutcome.QUARANTINED, "too many mails from this address today", None
    named = email_references.read_tag(email.subject)
    if named is None:
        with locked_in_transaction(f"first mail of {sender}"):
            return _first_mail(email, message.pk, proof, now)
    number, key = named
    case = Case.objects.filter(number=number).first()
    if case is None or not secrets.compare_digest(case.thread_key, key):
        return MailOutcome.QUARANTINED, "the key matches no request", None
    if case.email.lower() != email.address.lower():
        return MailOutcome.QUARANTINED, "the sender isn’t this request’s customer", None
    return _join(case, email, message.pk, now)


def _proof(message: MailMessage) -> SenderProof:
    return sender_proof(bytes(message.raw), server=settings.MAIL_IN_RESULTS_OF)


def _first_mail(
    email: mail.ParsedEmail, mail_id: str, proof: SenderProof, now: datetime
) -> tuple[MailOutcome, str, Case | None]:
    """One without a key: it answers ours by its headers, adds to today's request, or opens one."""
    answered = _answered(email)
    if answered is not None:
        return _join(answered, email, mail_id, now)
    if proof is SenderProof.FAILED:
        return MailOutcome.QUARANTINED, "its sender’s domain says that it isn’t theirs", None
    is_passed = proof is SenderProof.PASSED
    earlier = unproven_request(address=email.address, now=now, is_authenticated=is_passed)
    if earlier is not None:
        outcome, _, case = _join(earlier, email, mail_id, now)
        note_unproven(earlier, now)
        return outcome, "added to what its sender wrote before, answered once a day", case
    return MailOutcome.OPENED, "", _open(email, mail_id, now)


def _answered(email: mail.ParsedEmail) -> Case | None:
    """The case of an email of ours that this one answers under another subject, by its sender.

    Whoever else answers it, as one to whom it was passed on, has written a first mail.
    """
    domain = settings.SUPPORT_EMAIL.rpartition("@")[2]
    named = " ".join(email.headers.get(name, "") for name in ("in-reply-to", "references"))
    ids = (email_references.read_message_id(one, domain=domain) for one in _IDS.findall(named))
    keys = [one[0] for one in ids if one is not None]
    return Case.objects.filter(thread_key__in=keys, email__iexact=email.address).first()


def _join(
    case: Case, email: mail.ParsedEmail, mail_id: str, now: datetime
) -> tuple[MailOutcome, str, Case]:
    named = named_records(email)  # before the case is locked: it may read a file
    pictures, rest = keep_attachments(email.files)
    ours = email_subjects.in_every_language()
    beside_tag = email_references.text_beside_tag(email.subject, settings.BRAND, ours)
    text = "\n\n".join(filter(None, (beside_tag, email.text))) or _NO_TEXT
    joined = receive_message(
        case_id=case.pk,
        text=f"{text}{rest}",
        pictures=pictures,
        mail_id=mail_id,
        own_text="" if email.files else _reply_of(email),
        now=now,
    )
    is_withdrawal = joined.category == Category.WITHDRAWAL
    if is_withdrawal or reading_of(email) is StatementReading.STATED:
        named = own_references(email)
    if not joined.subject_id:
        subject = subject_named(named, address=email.address)
        if subject is not None:
            name_subject(joined, subject, now)
    note_joined(joined, email, mail_id, now)
    return MailOutcome.THREADED, "", joined


def _reply_of(email: mail.ParsedEmail) -> str:
    """What a reply says; the subject of one is what it replies to."""
    is_reply = email_references.is_reply(email.subject)
    return email.own_text if is_reply else f"{email.subject}\n{email.own_text}"


def _note_or_leave(message: MailMessage, now: datetime) -> tuple[MailOutcome, str, Case | None]:
    """A machine's mail: one that reports on an email of ours is noted where that was written."""
    case = note_report(raw=bytes(message.raw), mail_id=message.pk, now=now)
    if case is None:
        return MailOutcome.UNANSWERED, "sent by a machine", None
    return MailOutcome.NOTED, "a report on an email of ours", case


def _open(email: mail.ParsedEmail, mail_id: str, now: datetime, *, by_person: bool = False) -> Case:
    """A first mail proves nothing about its sender: no account is linked to it yet (edge 7).

    *by_person*: somebody of ours lets it in and waits for the page, so no file is read.
    """
    claim, named = own_claim(email), named_records(email, reads_files=not by_person)
    text = "\n\n".join(filter(None, (email.subject, email.text))) or _NO_TEXT
    subject = subject_named(named, address=email.address)
    lacks = required_details.missing_details(
        category=Category.OTHER,
        order="named" if named else "",
        task="",
        explanation=claim,
        has_proof=bool(email.files),
    )
    pictures, rest = keep_attachments(email.files)
    opening = Opening(
        account_id=None,
        email=email.address.lower(),
        identity_level=0,
        channel=Channel.MAIL,
        category=Category.OTHER,
        subject=subject or Subject(SubjectKind.ACCOUNT, ""),
        explanation=f"{text}{rest}",
        pictures=pictures,
        lacks=tuple(lacks),
        mail_id=mail_id,
        is_taken_up=by_person,
    )
    case = open_case(opening=opened_as(opening, email, mail_id, now), now=now)
    note_first(case, email, mail_id, now)
    return case
