"""Credit notes: each refund that went has one, and one that came back has it voided.

A worker issues them after the refund is booked, in a transaction of their own: a document never
keeps money from moving. Whatever is repeated, cut off or done by two at once, a refund has one.
"""

import logging
import re
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from jewelrymodel.infra import languages
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Charge, CreditNote, Receipt, Refund
from jewelrymodel.payments.number_series import Series
from jewelrymodel.payments.operations.gapless_numbers import take_number
from jewelrymodel.payments.operations.receipts import seller_now
from jewelrymodel.payments.operations.refunds import hold_refund
from jewelrymodel.payments.rules.credited_tax import credited_tax
from jewelrymodel.payments.statuses import RefundState
from jewelrymodel.payments.tax_lines import TaxLine

log = logging.getLogger(__name__)
_CLAUSE = re.compile(r"\d+(\.\d+)*[a-z]?")


@transaction.atomic
def issue_credit_note(*, refund_id: str, now: datetime) -> CreditNote | None:
    """Return the newest credit note of a refund as its state asks for it; None where none is.

    None is issued for a charge that no invoice was issued for (an order that wasn't delivered, a
    second charge): there is nothing to take back. What a refund gave beyond its invoice isn't
    either. Raises Refund.DoesNotExist.
    """
    refund, charge = hold_refund(refund_id)
    receipt = Receipt.objects.filter(order=charge.order_id).select_related("order").first()
    if receipt is None or receipt.payment["transaction"] != charge.transaction:
        return None
    standing = queries.standing_credit_notes(receipt_id=receipt.pk)
    ours = next((one for one in standing if one.refund_id == refund.pk), None)
    if refund.state == RefundState.SUCCEEDED:
        return ours or _issue(receipt, refund, charge, standing, now)
    return _void(ours, now) if ours is not None and not refund.is_open else None


def try_credit_note(*, refund_id: str, now: datetime) -> None:
    """Issue it before somebody is told of a refund; where the database refuses it, they are told
    without it, and the task whose work it is fails for all to see.
    """
    try:
        issue_credit_note(refund_id=refund_id, now=now)
    except DatabaseError:
        log.exception("refund %s has no credit note yet", refund_id)


def issue_missing_credit_notes(*, now: datetime) -> list[CreditNote]:
    """Return the credit notes that refunds of before had none of, issued now, oldest refund first.

    They are dated now: a series has no room in between. Which of them its books still need is for
    their keeper to say, so nothing calls this by itself.
    """
    missing = queries.refunds_without_credit_note()
    issued = (issue_credit_note(refund_id=one, now=now) for one in missing)
    return [one for one in issued if one is not None]


def _issue(
    receipt: Receipt, refund: Refund, charge: Charge, standing: list[CreditNote], now: datetime
) -> CreditNote | None:
    credited = sum(one.total_minor for one in standing)
    amount = min(refund.amount_minor, receipt.total_minor - credited)
    if amount <= 0:
        return None
    lines = receipt.tax_lines
    share = credited_tax(
        amount_minor=amount,
        total_minor=receipt.total_minor,
        credited_minor=credited,
        tax_minor=receipt.tax_minor,
        credited_tax_minor=sum(one.tax_minor for one in standing),
        left_by_line=[_left(number, line, standing) for number, line in enumerate(lines)],
    )
    taxed = [
        replace(line, tax_minor=minor, taxable_minor=_taxable(receipt, line, amount, minor))
        for line, minor in zip(lines, share.lines_minor, strict=True)
    ]
    with languages.speaking(receipt.buyer.get("language", languages.ENGLISH)):
        reason = _reason(refund)
    return _write(
        receipt,
        refund_id=refund.pk,
        voids=None,
        tax={**receipt.tax, "lines": [one.as_row() for one in taxed]} if receipt.tax else {},
        amounts=(amount - share.tax_minor, share.tax_minor, amount),
        reason=reason,
        now=now,
    )


def _void(note: CreditNote, now: datetime) -> CreditNote:
    """The refund came back: what its note took back is owed again, and the invoice stands."""
    with languages.speaking(note.buyer.get("language", languages.ENGLISH)):
        reason = _("The refund didn’t reach the customer")
    return _write(
        note.receipt,
        refund_id=note.refund_id,
        voids=note,
        tax=note.tax,
        amounts=(note.subtotal_minor, note.tax_minor, note.total_minor),
        reason=reason,
        now=now,
    )


def _write(
    receipt: Receipt,
    *,
    refund_id: str,
    voids: CreditNote | None,
    tax: dict[str, object],
    amounts: tuple[int, int, int],
    reason: str,
    now: datetime,
) -> CreditNote:
    subtotal_minor, tax_minor, total_minor = amounts
    return CreditNote.objects.create(
        id=new_id("crn", now=now),
        number=take_number(Series.CREDIT_NOTE),
        account_id=receipt.account_id,
        receipt=receipt,
        refund_id=refund_id,
        voids=voids,
        seller=seller_now(),
        buyer=receipt.buyer,
        reason=reason[:300],
        tax=tax,
        subtotal_minor=subtotal_minor,
        tax_minor=tax_minor,
        total_minor=total_minor,
        currency=receipt.currency,
        issued_at=now,
    )


def _left(number: int, line: TaxLine, standing: list[CreditNote]) -> int:
    return line.tax_minor - sum(one.tax_lines[number].tax_minor for one in standing)


def _taxable(receipt: Receipt, line: TaxLine, amount: int, tax_minor: int) -> int | None:
    """What of the amount the line's tax is on: known where one line is on all of the invoice."""
    is_on_all = line.taxable_minor == receipt.subtotal_minor and len(receipt.tax_lines) == 1
    return amount - tax_minor if is_on_all else None


def _reason(refund: Refund) -> str:
    """Why it went, by what its decision cites: the law before the policy."""
    cited = refund.reason.rpartition(": ")[2].split(", ")
    clauses = ", ".join(one for one in cited if _CLAUSE.fullmatch(one))
    rows = ", ".join(one for one in cited if not _CLAUSE.fullmatch(one))
    if refund.is_adopted:
        return _("Refunded by our team through the payment processor")
    if rows and re.fullmatch(r"[A-Z]{2}[A-Z0-9, -]*", rows):
        return _("Required by law (%(rows)s)") % {"rows": rows}
    if clauses:
        return _("Clause %(clauses)s of our refund policy") % {"clauses": clauses}
    return _("Decided by our team")
