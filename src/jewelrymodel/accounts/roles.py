"""Who may do what: members, buyers and our staff."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member may do in an account."""

    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")


class BuyerCapacity(TextChoices):
    """In which capacity an account buys; unknown counts as consumer."""

    CONSUMER = "consumer"
    BUSINESS = "business"
    UNKNOWN = "unknown"


class StaffRole(TextChoices):
    """What somebody of ours may do; an operator may do all that an agent may."""

    AGENT = "agent"
    OPERATOR = "operator"
