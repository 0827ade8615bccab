"""What the processor's answer about a payment means for its order."""

from dataclasses import dataclass
from enum import StrEnum

from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments.processor_objects import (
    PaymentStatus,
    ProcessorCharge,
    ProcessorCheckout,
    SessionStatus,
)


class Outcome(StrEnum):
    """What is to be done with an order after a look at the processor."""

    DELIVER = "deliver"
    WAIT = "wait"
    EXPIRE = "expire"
    HOLD = "hold"


@dataclass(frozen=True)
class Verdict:
    """The outcome, and for a hold what a person has to look at."""

    outcome: Outcome
    reason: str = ""


def judge(
    *, order_id: str, total_minor: int, currency: str, checkout: ProcessorCheckout
) -> Verdict:
    """Return what to do with an order, given what the processor says about it now.

    Only a payment that agrees in every point delivers; what we don't understand goes to a person
    (edge 16).
    """
    if checkout.order_id != order_id:
        return Verdict(Outcome.HOLD, f"the payment page belongs to order {checkout.order_id!r}")
    if checkout.status is SessionStatus.UNKNOWN or checkout.payment is PaymentStatus.UNKNOWN:
        return Verdict(Outcome.HOLD, "the processor used a word that we don't know")
    if checkout.payment is PaymentStatus.UNPAID:
        return Verdict(Outcome.EXPIRE if checkout.status is SessionStatus.EXPIRED else Outcome.WAIT)
    reason = _disagreement(total_minor, currency, checkout)
    return Verdict(Outcome.HOLD, reason) if reason else Verdict(Outcome.DELIVER)


def _disagreement(total_minor: int, currency: str, checkout: ProcessorCheckout) -> str:
    if checkout.charge is None:
        return "Paid, but the processor shows no charge"
    if (checkout.amount_minor, checkout.currency) != (total_minor, currency):
        asked = in_words(checkout.amount_minor or 0, checkout.currency)
        return f"The payment page charged {asked} instead of {in_words(total_minor, currency)}"
    return charge_disagreement(total_minor, currency, checkout.charge)


def charge_disagreement(total_minor: int, currency: str, charge: ProcessorCharge) -> str:
    """Return in what a charge isn't what an order asked for; empty where it is."""
    if not charge.succeeded:
        return "Paid, but its charge did not succeed"
    if (charge.captured_minor, charge.currency) != (total_minor, currency):
        charged = in_words(charge.captured_minor, charge.currency)
        return f"The buyer was charged {charged} instead of {in_words(total_minor, currency)}"
    if charge.refunded_minor or charge.disputed:
        return "The charge has already been refunded or disputed"
    return ""
