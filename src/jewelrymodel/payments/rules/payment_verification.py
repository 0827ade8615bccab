"""What the processor's answer about a payment means for its order."""

from dataclasses import dataclass
from enum import StrEnum

from jewelrymodel.payments.processor_objects import (
    IntentStatus,
    InvoiceStatus,
    PaymentStatus,
    ProcessorCharge,
    ProcessorCheckout,
    SessionStatus,
)
from jewelrymodel.payments.rules.holds import Hold, amount_hold
from jewelrymodel.payments.statuses import HoldReason, TaxBehavior
from jewelrymodel.payments.tax_lines import ProcessorTax

_RETURNED = (IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.CANCELED)
_GIVEN_UP = (InvoiceStatus.VOID, InvoiceStatus.UNCOLLECTIBLE)


class Outcome(StrEnum):
    """What is to be done with an order after a look at the processor."""

    DELIVER = "deliver"
    WAIT = "wait"
    PENDING = "pending"
    FAIL = "fail"
    EXPIRE = "expire"
    HOLD = "hold"


@dataclass(frozen=True)
class Verdict:
    """The outcome, and for a hold what a person has to look at."""

    outcome: Outcome
    hold: Hold | None = None


def taxed_total(total_minor: int, behavior: str, tax: ProcessorTax | None) -> int:
    """Return what an order of that price may be charged: with the tax that the processor added,
    where it was asked to add any.
    """
    return total_minor + (tax.added_minor if tax and behavior == TaxBehavior.EXCLUSIVE else 0)


def judge(
    *,
    order_id: str,
    total_minor: int,
    currency: str,
    checkout: ProcessorCheckout,
    tax_behavior: str = "",
) -> Verdict:
    """Return what to do with an order, given what the processor says about it now.

    With a *tax_behavior* the processor was asked to tax it.

    Only a payment that agrees in every point delivers; what we don't understand goes to a person
    (edge 16).
    """
    hold = _hold(order_id, checkout)
    if hold is not None:
        return Verdict(Outcome.HOLD, hold)
    if checkout.payment is PaymentStatus.UNPAID:
        return Verdict(_unpaid(checkout))
    tax = checkout.charge.tax if checkout.charge else None
    total_minor = taxed_total(total_minor, tax_behavior, tax)
    hold = _disagreement(total_minor, currency, checkout) or tax_hold(tax)
    return Verdict(Outcome.HOLD, hold) if hold else Verdict(Outcome.DELIVER)


def _unpaid(checkout: ProcessorCheckout) -> Outcome:
    """A page that is complete and unpaid began a bank debit: it is on its way, or was returned.

    Of a plan whose first invoice was voided or isn't collected any more nothing is on its way.
    """
    if checkout.status is SessionStatus.COMPLETE:
        is_given_up = checkout.invoice is not None and checkout.invoice.status in _GIVEN_UP
        is_over = is_given_up or checkout.intent in _RETURNED
        return Outcome.FAIL if is_over else Outcome.PENDING
    return Outcome.EXPIRE if checkout.status is SessionStatus.EXPIRED else Outcome.WAIT


def _hold(order_id: str, checkout: ProcessorCheckout) -> Hold | None:
    if checkout.order_id != order_id:
        return Hold(HoldReason.OTHERS_PAGE, {"order_id": checkout.order_id})
    if (
        checkout.status is SessionStatus.UNKNOWN
        or checkout.payment is PaymentStatus.UNKNOWN
        or checkout.intent is IntentStatus.UNKNOWN
    ):
        return Hold(HoldReason.UNKNOWN_STATUS)
    return None


def _disagreement(total_minor: int, currency: str, checkout: ProcessorCheckout) -> Hold | None:
    if checkout.charge is None:
        return Hold(HoldReason.PAGE_WITHOUT_CHARGE)
    shown = (checkout.amount_minor or 0, checkout.currency)
    return amount_hold(
        HoldReason.PAGE_AMOUNT, shown, (total_minor, currency)
    ) or charge_disagreement(total_minor, currency, checkout.charge)


def tax_hold(tax: ProcessorTax | None) -> Hold | None:
    """Return the hold of tax whose lines aren't all of it; None where they are."""
    return Hold(HoldReason.TAX_LINES) if tax is not None and not tax.is_itemized else None


def charge_disagreement(total_minor: int, currency: str, charge: ProcessorCharge) -> Hold | None:
    """Return in what a charge isn't what an order asked for; None where it is."""
    if not charge.succeeded:
        return Hold(HoldReason.CHARGE_FAILED)
    captured = (charge.captured_minor, charge.currency)
    if other := amount_hold(HoldReason.CHARGE_AMOUNT, captured, (total_minor, currency)):
        return other
    if charge.refunded_minor or charge.disputed:
        return Hold(HoldReason.CHARGE_RETURNED)
    return None
