"""The words of this room, as the database keeps them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jewelrymodel.kernel.actors import Actor


class ReviewAct(TextChoices):
    """What a person does with an order that is held for review."""

    DELIVER = "deliver"
    REFUND = "refund"
    CLOSE = "close"


class Ground(TextChoices):
    """What a request is about, as the customer or an agent picked it; never a fact by itself.

    The same words as the policy's ``request.ground``, so that each of its rules can be reached.
    """

    DUPLICATE = "duplicate", _("I was charged twice")
    UNDELIVERED = "undelivered", _("I paid, and it did not arrive")
    CHARGED_AFTER_CANCEL = "charged_after_cancel", _("I was charged after I canceled")
    ACCOUNT_ERROR = "account_error", _("Something else is wrong with a payment or my account")
    FAILED_TASK = "failed_task", _("A job failed or is broken, and cost credits")
    STYLE = "style", _("I don't like the style of an image")
    POSE = "pose", _("I would have preferred another pose")
    INTERPRETATION = "interpretation", _("I expected another reading of my piece")
    CAMPAIGN = "campaign", _("An image doesn't fit my campaign")
    OUTAGE = "outage", _("I could not use it: something was down")
    UNUSED = "unused", _("I did not use all of it")
    EXPIRED = "expired", _("Credits expired before I used them")
    STOPPED_USING = "stopped_using", _("I no longer use the service")
    CHANGED_MIND = "changed_mind", _("I changed my mind")
    OTHER_PACKAGE = "other_package", _("I would rather have another package")
    OTHER = "other", _("Something else")


ABOUT_A_JOB = (
    Ground.FAILED_TASK,
    Ground.STYLE,
    Ground.POSE,
    Ground.INTERPRETATION,
    Ground.CAMPAIGN,
)
"""What is asked about a job and not about an order."""


LATE = Actor.system("late")
"""Who writes to a customer that we have missed what we promised."""


REPORTS = Actor.system("mail")
"""Who notes in a case what a mail server reported of a letter of ours."""


class CaseState(TextChoices):
    """Where a case stands."""

    OPEN = "open", _("with us")
    WAITING = "waiting_for_customer", _("waiting for your answer")
    DECIDED = "decided", _("decided")
    CLOSED = "closed", _("closed")


class Channel(TextChoices):
    """How a case came to be: all three make the same kind of case."""

    FORM = "form", _("form")
    MAIL = "mail", _("mail")
    MACHINE = "machine", _("found by ourselves")


class EntryKind(TextChoices):
    """What an entry of a case's timeline is."""

    MESSAGE_IN = "message_in", _("Message from the customer")
    MESSAGE_OUT = "message_out", _("Message to the customer")
    NOTE = "note", _("Note")
    EVENT = "event", _("Event")


class MailOutcome(TextChoices):
    """What became of a mail to support."""

    OPENED = "opened", _("opened a case")
    THREADED = "threaded", _("joined its case")
    QUARANTINED = "quarantined", _("in quarantine")
    UNANSWERED = "unanswered", _("kept, not answered")
    DISMISSED = "dismissed", _("put aside by a person")
    NOTED = "noted", _("noted in its case")


WANTED = {
    "7.1": _("the e-mail address of your account"),
    "7.2": _("the number of the order, invoice, receipt or transaction"),
    "7.3": _("the id of the job"),
    "7.4": _("a few words on what happened"),
    "7.5": _("screenshots, or the times at which it happened"),
}
"""The five inputs of 7.1 to 7.5, as we ask for them by name."""
