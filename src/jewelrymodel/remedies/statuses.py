"""How far a remedy is, as the database keeps it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RemedyState(TextChoices):
    """How far a remedy is; what the customer reads follows it (edge 15)."""

    PENDING_APPROVAL = "pending_approval", _("pending second approval")
    PLANNED = "planned", _("not started")
    STARTED = "started", _("in progress")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    REJECTED = "rejected", _("rejected")


NOT_DONE = (RemedyState.FAILED, RemedyState.REJECTED)
"""How a remedy ends that gave nothing: its case is open again."""


LIVE = (
    RemedyState.PENDING_APPROVAL,
    RemedyState.PLANNED,
    RemedyState.STARTED,
    RemedyState.DONE,
)
"""What stands in the way of a second remedy of the same kind for the same thing."""
