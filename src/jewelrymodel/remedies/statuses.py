"""How far a remedy is, as the database keeps it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RemedyState(TextChoices):
    """How far a remedy is; words to the customer follow it (edge 15)."""

    AWAITING_SECOND = "awaiting_second", _("waits for a second person")
    PLANNED = "planned", _("not begun")
    STARTED = "started", _("on its way")
    DONE = "done", _("done")
    FAILED = "failed", _("not done")


SENT_BACK = "sent back: "
"""How the failure of a remedy begins that a second person did not agree to."""


LIVE = (
    RemedyState.AWAITING_SECOND,
    RemedyState.PLANNED,
    RemedyState.STARTED,
    RemedyState.DONE,
)
"""What stands in the way of a second remedy of the same kind for the same thing."""
