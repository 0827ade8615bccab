"""What an email about a refund says of its credit note."""

from django.conf import settings
from django.utils.translation import gettext as _

from jewelrymodel.payments.models import CreditNote


def credit_note_words(note: CreditNote) -> str:
    """Return a sentence with the note's number and where it is, in the language spoken now."""
    address = f"{settings.PUBLIC_URL}/billing/credit-notes/{note.pk}.pdf"
    words = {"note": note.label, "url": address}
    if note.is_void:
        return _("Cancellation of the credit note, %(note)s: %(url)s") % words
    return _("Credit note %(note)s: %(url)s") % words
