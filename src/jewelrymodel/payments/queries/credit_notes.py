"""Reads about credit notes."""

from django.db.models import Exists, OuterRef

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.models import CreditNote, Refund
from jewelrymodel.payments.statuses import RefundState


class NoCreditNote(CodedError):
    """There is no such credit note in this account."""


def credit_note(*, account_id: str, credit_note_id: str) -> CreditNote:
    """Return one credit note of the account with its invoice; raises NoCreditNote."""
    rows = CreditNote.objects.select_related("receipt__order", "voids")
    row = rows.filter(account_id=account_id, pk=credit_note_id).first()
    if row is None:
        raise NoCreditNote(credit_note=credit_note_id)
    return row


def credit_notes_of_order(*, order_id: str) -> list[CreditNote]:
    """Return the credit notes of an order's invoice with what they void, by their numbers."""
    rows = CreditNote.objects.filter(receipt__order_id=order_id)
    return list(rows.select_related("voids", "receipt").order_by("number"))


def credit_note_of_refund(*, refund_id: str) -> CreditNote | None:
    """Return the newest credit note of a refund; None where there is none."""
    return CreditNote.objects.filter(refund_id=refund_id).order_by("-number").first()


def standing_credit_notes(*, receipt_id: str) -> list[CreditNote]:
    """Return what takes back of an invoice and was not voided, by their numbers."""
    voided = CreditNote.objects.filter(voids=OuterRef("pk"))
    rows = CreditNote.objects.filter(receipt_id=receipt_id, voids__isnull=True)
    return list(rows.exclude(Exists(voided)).select_related("receipt").order_by("number"))


def refunds_without_credit_note() -> list[str]:
    """Return the ids of refunds that went, of invoiced orders, without a credit note that stands,
    oldest first.
    """
    voided = CreditNote.objects.filter(voids=OuterRef("pk"))
    standing = CreditNote.objects.filter(refund=OuterRef("pk"), voids__isnull=True)
    rows = Refund.objects.filter(state=RefundState.SUCCEEDED, charge__order__receipt__isnull=False)
    missing = rows.exclude(Exists(standing.exclude(Exists(voided))))
    return list(missing.order_by("settled_at", "id").values_list("id", flat=True))
