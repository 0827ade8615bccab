"""Taking in mail: a request opens a case; a reply joins its own only with key and sender."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import transaction

from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import mail, rate
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.values import Subject, SubjectKind
from jewelrymodel.support import rules
from jewelrymodel.support.adapters.pictures import (
    MAX_PICTURES,
    Picture,
    PictureRefused,
    keep_picture,
)
from jewelrymodel.support.models import Case, TakenMail
from jewelrymodel.support.operations.conversing import receive_message
from jewelrymodel.support.operations.opening import Opening, open_case
from jewelrymodel.support.operations.proving import ask_for_proof
from jewelrymodel.support.values import Channel, Ground, MailOutcome

MAILS_PER_DAY = 30  # from one address; what is more is kept, and answered by nobody
_LONGEST = 20_000
_ADDRESS = 254  # RFC 5321, and what a case keeps
_NAMED, _NAME = 10, 120  # of the files that can't be shown: so many names, so long


class NotInQuarantine(LookupError):
    """This mail is not in quarantine any more. Nothing was changed."""


def take_mail(*, mail_id: str, now: datetime) -> MailOutcome | None:
    """Return what became of a mail; None where it wasn't for us. Taking it again changes nothing.

    Nobody is told here whether an account exists (edge 7): every first mail is answered alike.
    """
    message = MailMessage.objects.get(pk=mail_id)
    letter = mail.read_letter(bytes(message.raw))
    if settings.SUPPORT_EMAIL.lower() not in [one.lower() for one in message.envelope_to]:
        return None
    with transaction.atomic():
        known = TakenMail.objects.filter(pk=mail_id) | TakenMail.objects.filter(
            message_id=letter.message_id or secrets.token_hex(8)
        )
        first = known.first()
        if first is not None:
            return MailOutcome(first.outcome)
        outcome, reason, case = _sort(letter, message.envelope_from, now)
        TakenMail.objects.create(
            mail_id=mail_id,
            message_id=letter.message_id or None,
            sender=letter.address[:320],
            subject=letter.subject,
            outcome=outcome,
            reason=reason,
            case=case,
            taken_at=now,
        )
    return outcome


def release_mail(*, mail_id: str, user_id: int, now: datetime) -> Case:
    """Return the case that a quarantined mail opens after all: one of its own, its sender unproven.

    It never joins the case whose key it carried. Raises NotInQuarantine.
    """
    with transaction.atomic():
        taken = _quarantined(mail_id)
        letter = mail.read_letter(bytes(MailMessage.objects.get(pk=mail_id).raw))
        taken.case = _open(letter, now)
        taken.outcome, taken.reason = MailOutcome.OPENED, "let out of quarantine"
        taken.save()
        _note(taken, "mail.released", user_id, taken.reason, now)
    return taken.case


def dismiss_mail(*, mail_id: str, reason: str, user_id: int, now: datetime) -> TakenMail:
    """Return the quarantined mail, put aside with a reason; it is kept, and never answered.

    Raises NotInQuarantine.
    """
    with transaction.atomic():
        taken = _quarantined(mail_id)
        taken.outcome, taken.reason = MailOutcome.DISMISSED, reason[:200]
        taken.save()
        _note(taken, "mail.dismissed", user_id, reason, now)
    return taken


def _quarantined(mail_id: str) -> TakenMail:
    rows = TakenMail.objects.select_for_update()
    taken = rows.filter(pk=mail_id, outcome=MailOutcome.QUARANTINED).first()
    if taken is None:
        raise NotInQuarantine(NotInQuarantine.__doc__)
    return taken


def _note(taken: TakenMail, action: str, user_id: int, reason: str, now: datetime) -> None:
    audit.record(
        actor=f"user:{user_id}",
        action=action,
        subject=f"mail:{taken.pk}",
        reason=reason[:500],
        account_id="",
        now=now,
    )


def _sort(
    letter: mail.Letter, envelope_from: str, now: datetime
) -> tuple[MailOutcome, str, Case | None]:
    ours = letter.address.lower() == settings.SUPPORT_EMAIL.lower()
    if ours or rules.is_automatic(letter.headers, envelope_from):
        return MailOutcome.UNANSWERED, "sent by a machine", None
    if not _can_be_answered(letter.address):
        return MailOutcome.UNANSWERED, "it names no address to answer to", None
    try:
        sender = hashlib.sha256(letter.address.lower().encode()).hexdigest()
        rate.count_or_refuse(f"mail:{sender}", limit=MAILS_PER_DAY, window_s=86_400, now=now)
    except rate.TooOften:
        return MailOutcome.QUARANTINED, "too many mails from this address today", None
    named = rules.read_tag(letter.subject)
    if named is None:
        return MailOutcome.OPENED, "", _open(letter, now)
    number, key = named
    case = Case.objects.filter(number=number).first()
    if case is None or not secrets.compare_digest(case.thread_key, key):
        return MailOutcome.QUARANTINED, "the key is no case's", None
    if case.email.lower() != letter.address.lower():
        return MailOutcome.QUARANTINED, "the sender is not the case's", None
    pictures, rest = _pictures(letter)
    text = f"{letter.text[:_LONGEST] or '(no text)'}{rest}"
    receive_message(case_id=case.pk, text=text, pictures=pictures, now=now)
    return MailOutcome.THREADED, "", case


def _can_be_answered(address: str) -> bool:
    try:
        EmailValidator()(address)
    except ValidationError:
        return False
    return len(address) <= _ADDRESS


def _open(letter: mail.Letter, now: datetime) -> Case:
    """A first mail proves nothing about its sender: no account is linked to it yet (edge 7)."""
    text = f"{letter.subject}\n\n{letter.text}"[:_LONGEST]
    number = rules.order_number(text)
    order = Order.objects.filter(number=number or 0, buyer_email__iexact=letter.address).first()
    subject = Subject(SubjectKind.ORDER, order.pk) if order else Subject(SubjectKind.ACCOUNT, "")
    lacks = rules.missing(
        ground=Ground.OTHER,
        order=str(number or ""),
        task="",
        explanation=letter.text,
        has_proof=bool(letter.files),
    )
    pictures, rest = _pictures(letter)
    case = open_case(
        opening=Opening(
            account_id=None,
            email=letter.address.lower(),
            identity_level=0,
            channel=Channel.MAIL,
            ground=Ground.OTHER,
            subject=subject,
            explanation=f"{text}{rest}",
            pictures=pictures,
            lacks=tuple(lacks),
        ),
        now=now,
    )
    ask_for_proof(case, now)
    return case


def _pictures(letter: mail.Letter) -> tuple[tuple[Picture, ...], str]:
    """Keep the pictures of a mail; what is none, or too much, is named: the mail itself has it."""
    kept: list[Picture] = []
    rest: list[str] = []
    for name, data in letter.files:
        try:
            if len(kept) == MAX_PICTURES:
                raise PictureRefused
            kept.append(keep_picture(name=name, data=data))
        except PictureRefused:
            rest.append(name[-_NAME:])
    return tuple(kept), f"\n\n({_not_shown(rest)})" if rest else ""


def _not_shown(names: list[str]) -> str:
    more = len(names) - _NAMED
    return f"not shown here: {', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''}"
