"""What a request can be about, and what we ask for by name."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jewelrymodel.remedies.rules.grounds import VISIBLY_BROKEN


class Category(TextChoices):
    """What a request is about, as the customer or an agent picked it; never a fact by itself.

    Each stands for a ground of the policy (``remedies.rules.grounds``), and each of those can be
    reached: most have the same word.
    """

    DUPLICATE = "duplicate", _("I was charged twice")
    UNDELIVERED = "undelivered", _("I didn’t get my credits")
    CHARGED_AFTER_CANCEL = "charged_after_cancel", _("I was charged after I canceled")
    ACCOUNT_ERROR = "account_error", _("Something else is wrong with a payment or my account")
    FAILED_TASK = "failed_task", _("A generation failed but cost credits")
    VISIBLY_BROKEN = VISIBLY_BROKEN, _("An image shows my piece visibly damaged")
    STYLE = "style", _("I don’t like the style of an image")
    POSE = "pose", _("I would have preferred a different pose")
    INTERPRETATION = "interpretation", _("The image doesn’t show my piece as I expected")
    CAMPAIGN = "campaign", _("An image doesn’t fit my campaign")
    OUTAGE = "outage", _("I couldn’t use the service; something was down")
    UNUSED = "unused", _("I didn’t use all of my purchase")
    EXPIRED = "expired", _("Credits expired before I used them")
    STOPPED_USING = "stopped_using", _("I no longer use the service")
    CHANGED_MIND = "changed_mind", _("I changed my mind")
    OTHER_PACKAGE = "other_package", _("I would rather have a different credit pack")
    WITHDRAWAL = "withdrawal", _("I’m withdrawing from the contract")
    OTHER = "other", _("Something else")


class DamageKind(TextChoices):
    """What a customer says is damaged in an image; a claim, until a person confirms it."""

    LOST_PART = "lost_part", _("A part is missing")
    FILLED_OPENING = "filled_opening", _("An opening is filled in")
    WRONG_COLOR = "wrong_color", _("The color is wrong")
    SOMETHING_ADDED = "something_added", _("Something was added")
    BLURRED = "blurred", _("It is blurred")
    OTHER = "other", _("Something else")


ABOUT_A_TASK = (
    Category.FAILED_TASK,
    Category.VISIBLY_BROKEN,
    Category.STYLE,
    Category.POSE,
    Category.INTERPRETATION,
    Category.CAMPAIGN,
)
"""What is asked about a task and not about an order."""


WANTED = {
    "7.1": _("the email address of your account"),
    "7.2": _("the number of the order, invoice, receipt or transaction"),
    "7.3": _("the task ID of the generation"),
    "7.4": _("a brief description of what happened"),
    "7.5": _("screenshots, or when it happened"),
}
"""The five inputs of 7.1 to 7.5, as we ask for them by name."""
