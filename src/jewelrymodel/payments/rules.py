"""What must be agreed to, and what the processor's answer means: pure functions."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from jewelrymodel.accounts.jurisdictions import has_withdrawal
from jewelrymodel.accounts.values import BuyerCapacity
from jewelrymodel.catalog.values import CheckoutTerms, ProductKind
from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments.values import (
    ConsentKind,
    Outcome,
    PaymentStatus,
    RenewalState,
    RenewalStep,
    SeenCharge,
    SeenCheckout,
    SessionStatus,
    Statement,
    Verdict,
)

CHECKOUT_LIFETIME = timedelta(hours=2)
LOOK_AFTER_PERIOD = timedelta(minutes=2)  # the processor bills within moments of a period's end
FIRST_LOOK = timedelta(minutes=1)
LAST_LOOK = timedelta(minutes=15)
SKEW = timedelta(seconds=10)  # by so much our clock and the processor's may differ
DISPUTES_SEEN = timedelta(hours=1)

# Our word for a refund beyond what is left of a charge: the processor refuses it without a code.
LESS_IS_LEFT = "less_is_left"
# Source: the processor's list of error codes, as the SDK's types have it.
FINAL_REFUSALS = frozenset(
    {
        "charge_already_refunded",
        "charge_disputed",
        "charge_not_refundable",
        "refund_disputed_payment",
        LESS_IS_LEFT,
    }
)


def disclosures(
    kind: ProductKind = ProductKind.PACKAGE,
    terms: CheckoutTerms = CheckoutTerms.NONE,
    terms_text: str = "",
) -> tuple[Statement, ...]:
    """Return what a buyer reads before paying, each statement under its clause id.

    *terms* is what this product's page adds to the refund policy, and *terms_text* says it.
    """
    policy = _(
        "The refund policy linked here applies to this purchase, together with the law of the "
        "place where you live."
    )
    added = terms_text or _("No other terms apply.")
    governs = Statement("3.4", f"{policy} {added}", terms=terms.value)
    varies = Statement(
        "5.1",
        _(
            "Generated images vary: style, pose, and interpretation can differ from one image to "
            "the next. A generation that fails before completion costs no credits."
        ),
    )
    finality = _of_a_plan() if kind is ProductKind.SUBSCRIPTION else _of_a_package()
    return (governs, *finality, varies)


def checkout_terms(accepted: Iterable[Mapping[str, str]]) -> str:
    """Return what the statements that a buyer accepted add to the refund policy (3.4).

    ``unknown`` where none of them says it, or not in one voice: an order knows what it recorded.
    """
    said = {one["terms"] for one in accepted if "terms" in one}
    return said.pop() if len(said) == 1 and said <= {*CheckoutTerms.values} else "unknown"


def _of_a_package() -> tuple[Statement, ...]:
    return (
        Statement(
            "4.1",
            _(
                "A credit pack purchase is generally final once its credits are in your account. "
                "If they don’t arrive, or a charge is wrong, we’ll fix it."
            ),
        ),
    )


def _of_a_plan() -> tuple[Statement, ...]:
    return (
        Statement("3.1", _("This subscription renews every month at this price until you cancel.")),
        Statement(
            "3.2",
            _("You can cancel at any time under Billing; after that, you won’t be charged again."),
        ),
        Statement("3.3", _("Canceling does not refund the current month.")),
        Statement(
            "3.5",
            _(
                "You keep access and credits for the billing period you’ve paid for; unused "
                "credits expire at its end."
            ),
        ),
    )


def may_withdraw(country: str, capacity: str) -> bool:
    """Return whether the law lets this buyer withdraw: who isn't known as a business may."""
    return capacity != BuyerCapacity.BUSINESS and has_withdrawal(country)


def consents_needed(country: str, capacity: str) -> tuple[ConsentKind, ...]:
    """Return which consents have to be given before credits are delivered at once.

    Unknown capacity counts as consumer (policy: law comes first to the buyer's side).
    """
    if not may_withdraw(country, capacity):
        return ()
    return (ConsentKind.EXPRESS_CONSENT_TO_START, ConsentKind.ACKNOWLEDGEMENT_OF_LOSS)


def consent_text(kind: ConsentKind, *, withdrawal_days: int) -> str:
    """Return the words that the buyer agrees to; the days are those of the edition shown."""
    if kind is ConsentKind.EXPRESS_CONSENT_TO_START:
        words = _("Please add my credits now, before my %(n)s-day right to withdraw ends.")
        return words % {"n": withdrawal_days}
    return _(
        "I understand that I lose my right to withdraw once the service has been fully "
        "performed, and that I pay for the credits I’ve used if I withdraw before then."
    )


def digest(text: str) -> str:
    """Return the SHA-256 of *text* as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def offer_digest(version_id: str, terms_sha256: str, shown: Iterable[Statement]) -> str:
    """Return one hash over everything the buyer was shown: product version, terms, disclosures."""
    parts = [version_id, terms_sha256, *(f"{s.id}:{digest(s.text)}:{s.terms}" for s in shown)]
    return digest("\n".join(parts))


def judge(*, order_id: str, total_minor: int, currency: str, seen: SeenCheckout) -> Verdict:
    """Return what to do with an order, given what the processor says about it now.

    Only a payment that agrees in every point delivers; what we don't understand goes to a person
    (edge 16).
    """
    if seen.order_id != order_id:
        return Verdict(Outcome.HOLD, f"the payment page belongs to order {seen.order_id!r}")
    if seen.status is SessionStatus.UNKNOWN or seen.payment is PaymentStatus.UNKNOWN:
        return Verdict(Outcome.HOLD, "the processor used a word that we don't know")
    if seen.payment is PaymentStatus.UNPAID:
        return Verdict(Outcome.EXPIRE if seen.status is SessionStatus.EXPIRED else Outcome.WAIT)
    reason = _disagreement(total_minor, currency, seen)
    return Verdict(Outcome.HOLD, reason) if reason else Verdict(Outcome.DELIVER)


def _disagreement(total_minor: int, currency: str, seen: SeenCheckout) -> str:
    if seen.charge is None:
        return "Paid, but the processor shows no charge"
    if (seen.amount_minor, seen.currency) != (total_minor, currency):
        asked = in_words(seen.amount_minor or 0, seen.currency)
        return f"The payment page charged {asked} instead of {in_words(total_minor, currency)}"
    return charge_disagreement(total_minor, currency, seen.charge)


def charge_disagreement(total_minor: int, currency: str, charge: SeenCharge) -> str:
    """Return in what a charge isn't what an order asked for; empty where it is."""
    if not charge.succeeded:
        return "Paid, but its charge did not succeed"
    if (charge.captured_minor, charge.currency) != (total_minor, currency):
        charged = in_words(charge.captured_minor, charge.currency)
        return f"The buyer was charged {charged} instead of {in_words(total_minor, currency)}"
    if charge.refunded_minor or charge.disputed:
        return "The charge has already been refunded or disputed"
    return ""


def is_final_refusal(code: str) -> bool:
    """Return whether a refusal to refund is about that very charge, so that asking again is idle.

    Every other word, also one that we have never heard, means "not now" (edge 16).
    """
    return code in FINAL_REFUSALS


def renewal_step(state: RenewalState) -> RenewalStep:
    """Return what follows where a plan renews here and not at the processor, or the other way.

    Who changed it last decides (docs/checkout.md has the table). A cancellation there is dated, so
    it is compared with our last resume; within SKEW of each other, and for a resume there, which
    has no date, what the processor was last told or said decides: what differs from that was
    changed there.
    """
    if state.renews == state.seen_renews:
        return RenewalStep.NONE
    if not state.renews:
        return RenewalStep.TELL if state.known_renews else RenewalStep.TAKE_RESUME
    there, here = state.seen_canceled_at, state.resumed_at
    if there and here and abs(there - here) > SKEW:
        return RenewalStep.TAKE_CANCEL if there > here else RenewalStep.TELL
    return RenewalStep.TAKE_CANCEL if state.known_renews else RenewalStep.TELL


def next_look_at(*, created_at: datetime, now: datetime) -> datetime:
    """Return when to ask the processor again: after half the order's age, 1 to 15 minutes."""
    return now + min(max((now - created_at) / 2, FIRST_LOOK), LAST_LOOK)


def next_look_at_subscription(
    *, period_ends_at: datetime, in_step: bool, now: datetime
) -> datetime:
    """Return when to ask about a subscription again: when its period is over, soon while it is
    overdue or the processor has not yet heard what the customer said.
    """
    if in_step and now < period_ends_at:
        return period_ends_at + LOOK_AFTER_PERIOD
    return now + (LAST_LOOK if in_step else FIRST_LOOK)
