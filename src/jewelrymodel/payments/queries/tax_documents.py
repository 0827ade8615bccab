"""Every invoice and credit note of some days with its tax by rates, for whoever keeps the books."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge

from jewelrymodel.payments.models import CreditNote, Receipt
from jewelrymodel.payments.tax_lines import TaxLine


@dataclass(frozen=True)
class TaxDocument:
    """An invoice or a credit note: what it says of its tax. Amounts are in minor units, below zero
    where they are taken back; *invoice* is what a note belongs to, *transaction* the processor's id
    of the charge.
    """

    kind: str
    label: str
    issued_at: datetime
    order: str
    invoice: str
    currency: str
    total_minor: int
    tax_minor: int
    lines: tuple[TaxLine, ...]
    country: str
    tax_ids: tuple[str, ...]
    transaction: str


def tax_documents(*, since: datetime, before: datetime) -> Iterator[TaxDocument]:
    """Yield what was issued in that time, oldest first; a page of each kind in memory."""
    within = {"issued_at__gte": since, "issued_at__lt": before}
    receipts = Receipt.objects.filter(**within).select_related("order")
    notes = CreditNote.objects.filter(**within).select_related("receipt__order")
    yield from merge(
        (_invoice(one) for one in receipts.order_by("issued_at", "number").iterator(500)),
        (_credit_note(one) for one in notes.order_by("issued_at", "number").iterator(500)),
        key=lambda one: one.issued_at,
    )


def _invoice(one: Receipt) -> TaxDocument:
    return _document(one, one, "invoice", 1)


def _credit_note(one: CreditNote) -> TaxDocument:
    if one.is_void:
        return _document(one, one.receipt, "credit_note_canceled", 1)
    return _document(one, one.receipt, "credit_note", -1)


def _document(one: Receipt | CreditNote, receipt: Receipt, kind: str, sign: int) -> TaxDocument:
    return TaxDocument(
        kind=kind,
        label=one.label,
        issued_at=one.issued_at,
        order=receipt.order.label,
        invoice=receipt.label,
        currency=one.currency,
        total_minor=sign * one.total_minor,
        tax_minor=sign * one.tax_minor,
        lines=tuple(_signed(line, sign) for line in one.tax_lines),
        country=one.tax.get("country") or one.buyer.get("country", ""),
        tax_ids=tuple(each["value"] for each in one.tax.get("tax_ids", ())),
        transaction=receipt.payment["transaction"],
    )


def _signed(line: TaxLine, sign: int) -> TaxLine:
    taxable = line.taxable_minor
    return replace(
        line,
        tax_minor=sign * line.tax_minor,
        taxable_minor=None if taxable is None else sign * taxable,
    )
