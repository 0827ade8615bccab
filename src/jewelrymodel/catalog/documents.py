"""The legal texts that an operator publishes beside the refund policy."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Document(TextChoices):
    """A legal text by the word that its address and its folder have."""

    TERMS = "terms", _("Terms of service")
    PRIVACY = "privacy", _("Privacy policy")
    IMPRINT = "imprint", _("Imprint")
    CONTACT = "contact", _("Contact")


ACCEPTED = (Document.TERMS, Document.PRIVACY)
"""What somebody who signs up accepts, or has to have been able to read."""
