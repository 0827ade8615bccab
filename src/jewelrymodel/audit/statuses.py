"""What the record of doors holds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SecurityEventKind(TextChoices):
    """What happened at a door."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    REFUSED = "refused", _("Refused: no right")
