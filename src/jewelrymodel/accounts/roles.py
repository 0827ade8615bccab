"""Who may do what: members, buyers and our staff."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """As what somebody belongs to an account; ``rights`` says what each may do."""

    OWNER = "owner", _("Owner")
    BILLER = "biller", _("Billing")
    MEMBER = "member", _("Member")


class BuyerCapacity(TextChoices):
    """In which capacity an account buys; unknown counts as consumer."""

    CONSUMER = "consumer"
    BUSINESS = "business"
    UNKNOWN = "unknown"


class StaffRole(TextChoices):
    """As what somebody works for us; ``rights`` says what each may do."""

    AGENT = "agent"
    OPERATOR = "operator"
