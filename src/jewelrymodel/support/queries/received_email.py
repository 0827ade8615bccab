"""Emails to support, whatever became of them."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import mail
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.infra.original_email import Original, read_original
from jewelrymodel.support.models import InboundEmail
from jewelrymodel.support.statuses import MailOutcome

RELEASABLE = (MailOutcome.QUARANTINED, MailOutcome.UNANSWERED, MailOutcome.DISMISSED)
"""What can still open a case of its own: mail that has none."""


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


def inbound_emails(*, limit: int = 100) -> list[InboundEmail]:
    """Return the mails to support, newest first, whatever became of them."""
    rows = InboundEmail.objects.select_related("case").order_by("-received_at", "-mail_id")
    return list(rows[:limit])


def quarantine(*, limit: int = 50) -> list[InboundEmail]:
    """Return the mails that carried a key which wasn't theirs, newest first."""
    rows = InboundEmail.objects.filter(outcome=MailOutcome.QUARANTINED)
    return list(rows.order_by("-received_at")[:limit])
