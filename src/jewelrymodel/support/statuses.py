"""Statuses of cases, their entries and inbound emails, as the database keeps them."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jewelrymodel.kernel.actors import Actor


class ReviewAct(TextChoices):
    """What a person does with an order that is held for review."""

    DELIVER = "deliver"
    REFUND = "refund"
    CLOSE = "close"


LATE = Actor.system("late")
"""Who writes to a customer that we have missed what we promised."""


REFUNDED = Actor.system("support.notify_refunded")
"""Who writes to a customer that the payment of an order in review went back."""


REPORTS = Actor.system("mail")
"""Who notes in a case what a mail server reported of an email of ours."""


INTAKE = Actor.system("intake")
"""Who notes what it found out about a message when it came in."""


class CaseState(TextChoices):
    """Where a case stands."""

    OPEN = "open", _("open")
    WAITING = "waiting_for_customer", _("waiting for your reply")
    UNPROVEN = "unproven", _("waiting for the sender’s confirmation")
    DECIDED = "decided", _("decided")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged into another request")


QUEUED = (CaseState.OPEN, CaseState.WAITING)
"""What the queue shows: a person works on it, or waits for its customer."""


UNANSWERED = (*QUEUED, CaseState.UNPROVEN)
"""In which states somebody still waits for a substantive answer."""


class Channel(TextChoices):
    """How a case came to be: all three make the same kind of case."""

    FORM = "form", _("form")
    MAIL = "mail", _("email")
    MACHINE = "machine", _("found by ourselves")


class WithdrawalState(TextChoices):
    """How far a withdrawal from a contract is; the words are for our own staff."""

    UNCONFIRMED = "unconfirmed", "waiting for the sender’s confirmation"
    STATED = "stated", "being carried out"
    DECIDED = "decided", "carried out"
    PERSON = "person", "with our team"


class EntryKind(TextChoices):
    """What an entry of a case's timeline is."""

    MESSAGE_IN = "message_in", _("Message from the customer")
    MESSAGE_OUT = "message_out", _("Message to the customer")
    NOTE = "note", _("Note")
    EVENT = "event", _("Event")


class DamageVerdict(TextChoices):
    """What a person says of an image that is called visibly damaged."""

    OPEN = "open", _("not reviewed yet")
    CONFIRMED = "confirmed", _("damage confirmed")
    NOT_FOUND = "not_found", _("no visible damage found")


class ClosingVerdict(TextChoices):
    """What a second person says of a request that was closed without a word."""

    RIGHT = "right", "right"
    WRONG = "wrong", "wrong"


class ConfirmedAct(TextChoices):
    """What an agent confirmed, and what a worker does with it once it can’t be undone."""

    DECIDE = "decide", "decision"
    REVIEW_DAMAGE = "review_damage", "review of damage"


class ConfirmationState(TextChoices):
    """What became of what an agent confirmed."""

    PENDING = "pending", "can be undone"
    UNDONE = "undone", "undone"
    CARRIED_OUT = "carried_out", "carried out"
    REFUSED = "refused", "refused"


UNDO_TIME = timedelta(seconds=10)
"""How long an agent may undo what they confirmed; nothing is decided, paid or mailed before."""


class MailOutcome(TextChoices):
    """What became of a mail to support."""

    OPENED = "opened", _("opened a case")
    THREADED = "threaded", _("joined its case")
    QUARANTINED = "quarantined", _("in quarantine")
    UNANSWERED = "unanswered", _("kept, not answered")
    DISMISSED = "dismissed", _("put aside by a person")
    NOTED = "noted", _("noted in its case")
