"""First messages in one unproven name within a day are one request, answered once.

Whoever forges a sender would otherwise have us write to a stranger as often as they like.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.operations.timeline import add_entry
from jewelrymodel.support.statuses import INTAKE, UNANSWERED, Channel, EntryKind, MailOutcome

ANSWERED_ONCE_IN = timedelta(days=1)


def unproven_request(*, address: str, now: datetime, is_authenticated: bool = False) -> Case | None:
    """Return the open case that somebody who wrote as *address* opened within ANSWERED_ONCE_IN.

    None where there is none, or where its sender proved who they are by our link: nobody adds to a
    person's own request by naming their address. Nor to one of whose email a mail server said that
    it is theirs, but by another of which it said so (*is_authenticated*).
    """
    rows = Case.objects.filter(
        email=address.lower(),
        identity_level=0,
        channel__in=(Channel.MAIL, Channel.FORM),
        state__in=UNANSWERED,
        opened_at__gt=now - ANSWERED_ONCE_IN,
    )
    by_server = InboundEmail.objects.filter(
        case=OuterRef("pk"), outcome=MailOutcome.OPENED, is_authenticated=True
    )
    opened_so = rows.annotate(is_authenticated=Exists(by_server))
    return opened_so.filter(is_authenticated=is_authenticated).order_by("-opened_at").first()


def note_unproven(case: Case, now: datetime) -> None:
    """Note beside the newest message that only a name says who wrote it."""
    words = "Added because it came in the same name, without a key; nobody proved who wrote it."
    add_entry(case, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)
