"""Every invoice of some days with its tax by rates, for whoever keeps the seller's books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.payments.models import Receipt
from jewelrymodel.payments.tax_lines import TaxLine


@dataclass(frozen=True)
class TaxDocument:
    """An invoice: what it says of its tax. Amounts are in minor units; *transaction* is the
    processor's id of the charge.
    """

    kind: str
    label: str
    issued_at: datetime
    order: str
    currency: str
    total_minor: int
    tax_minor: int
    lines: tuple[TaxLine, ...]
    country: str
    tax_ids: tuple[str, ...]
    transaction: str


def tax_documents(*, since: datetime, before: datetime) -> Iterator[TaxDocument]:
    """Yield the invoices that were issued in that time, oldest first; a page of them in memory."""
    rows = Receipt.objects.filter(issued_at__gte=since, issued_at__lt=before)
    for one in rows.select_related("order").order_by("issued_at", "number").iterator(500):
        yield TaxDocument(
            kind="invoice",
            label=one.label,
            issued_at=one.issued_at,
            order=one.order.label,
            currency=one.currency,
            total_minor=one.total_minor,
            tax_minor=one.tax_minor,
            lines=one.tax_lines,
            country=one.tax.get("country") or one.buyer.get("country", ""),
            tax_ids=tuple(each["value"] for each in one.tax.get("tax_ids", ())),
            transaction=one.payment["transaction"],
        )
