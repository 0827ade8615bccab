"""Taking in mail: a request opens a case; a reply joins its own only with key and sender."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.accounts.queries import NoAccount, membership_of
from jewelrymodel.infra import mail
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
from jewelrymodel.support.operations.entries import put
from jewelrymodel.support.operations.opening import Opening, open_case
from jewelrymodel.support.values import Channel, EntryKind, Ground, MailOutcome

SALT = "support.confirm-sender"
LINK_LIVES_S = 7 * 86_400
_LONGEST = 20_000
_NAMED, _NAME = 10, 120  # of the files that can't be shown: so many names, so long


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
            sender=letter.address,
            subject=letter.subject,
            outcome=outcome,
            reason=reason,
            case=case,
            taken_at=now,
        )
    return outcome


def confirm_sender(*, token: str, now: datetime) -> Case:
    """Return the case whose sender followed the link that we mailed them (identity level 2).

    Its account is the one with that address, where there is one. Raises signing.BadSignature for a
    link that isn't ours or is too old.
    """
    case_id = signing.loads(token, salt=SALT, max_age=LINK_LIVES_S)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        if case.identity_level < 2:
            case.identity_level, case.account = 2, _account_of(case.email)
            case.save()
            told = "The sender confirmed by the link that we mailed."
            put(case, EntryKind.EVENT, told, author="customer", internal=True, now=now)
    return case


def confirmation_link(case: Case) -> str:
    """Return the address by which the sender of a mail proves that it was theirs."""
    return f"{settings.PUBLIC_URL}/requests/confirm/{signing.dumps(case.pk, salt=SALT)}"


def _sort(
    letter: mail.Letter, envelope_from: str, now: datetime
) -> tuple[MailOutcome, str, Case | None]:
    ours = letter.address.lower() == settings.SUPPORT_EMAIL.lower()
    if ours or rules.is_automatic(letter.headers, envelope_from):
        return MailOutcome.UNANSWERED, "sent by a machine", None
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
    put(
        case,
        EntryKind.MESSAGE_OUT,
        "Please confirm that you wrote to us, so that we may speak about an account:\n\n"
        f"{confirmation_link(case)}",
        author="system:acknowledgement",
        mail=True,
        now=now,
    )
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


def _account_of(email: str) -> Account | None:
    user = User.objects.filter(email=email.lower()).first()
    try:
        return membership_of(user_id=user.pk).account if user else None
    except NoAccount:
        return None
