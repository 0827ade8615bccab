"""The credit note as PDF, set as the receipt is."""

from django.utils.translation import gettext as _

from jewelrymodel.infra import formats, languages
from jewelrymodel.payments.adapters.receipt_pdf import (
    buyer_words,
    seller_ids,
    set_document,
    tax_lines_of,
)
from jewelrymodel.payments.models import CreditNote
from jewelrymodel.payments.tax_text import payer_words


def render_credit_note(note: CreditNote) -> bytes:
    """Return the credit note as a PDF/A-2b of one page; the same note gives the same bytes."""
    with languages.speaking(note.buyer.get("language", languages.ENGLISH)):
        return set_document("credit_note", _content(note), note.label)


def _content(note: CreditNote) -> dict[str, object]:
    receipt, voided = note.receipt, note.voids
    title = _("Credit note")
    if voided is not None:
        title = _("Cancellation of credit note %(note)s") % {"note": voided.label}
    return {
        "number": note.label,
        "title": title,
        "issued": formats.day(note.issued_at.date()),
        "issued_on": note.issued_at.date().isoformat(),
        "invoice": f"{receipt.label}, {formats.day(receipt.issued_at.date())}",
        "order": receipt.order.label,
        "seller": note.seller,
        "seller_ids": seller_ids(note),
        "buyer": note.buyer,
        "payer": payer_words(note.tax),
        "name": receipt.line["name"],
        "reason": note.reason,
        "tax_rows": tax_lines_of(note),
        "subtotal": formats.money(note.subtotal_minor, note.currency),
        "total": formats.money(note.total_minor, note.currency),
        "language": languages.current().code,
        "labels": {
            "number": _("Number"),
            "from": _("From"),
            "to": _("To"),
            "order": _("Order"),
            "invoice": _("Invoice or receipt"),
            "item": _("Item"),
            "amount": _("Amount"),
            "reason": _("Reason"),
            "total": _("Owed again") if voided is not None else _("Credited"),
            "buyer": buyer_words(note),
        },
    }
