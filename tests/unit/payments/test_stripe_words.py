"""What the processor's objects mean in our words, also where it says what we have never heard."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from stripe.checkout import Session

from jewelrymodel.payments.adapters.stripe_processor import _seen
from jewelrymodel.payments.processor_objects import PaymentStatus, ProcessorCheckout, SessionStatus

CHARGE: dict[str, Any] = {
    "object": "charge",
    "id": "ch_1",
    "status": "succeeded",
    "paid": True,
    "captured": True,
    "amount_captured": 3900,
    "amount_refunded": 0,
    "disputed": False,
    "currency": "usd",
    "created": 1_795_000_000,
    "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}},
}
INTENT: dict[str, Any] = {
    "object": "payment_intent",
    "id": "pi_1",
    "status": "succeeded",
    "latest_charge": CHARGE,
    "last_payment_error": None,
}
SESSION: dict[str, Any] = {
    "object": "checkout.session",
    "id": "cs_1",
    "client_reference_id": "ord_1",
    "status": "complete",
    "payment_status": "paid",
    "amount_total": 3900,
    "currency": "usd",
    "payment_intent": INTENT,
    "customer": None,
    "subscription": None,
}


def seen(**changes: object) -> ProcessorCheckout:
    client = stripe.StripeClient("sk_test_nobody_is_asked")
    return _seen(client, Session.construct_from(SESSION | changes, "sk_test"))


def with_charge(**changes: object) -> ProcessorCheckout:
    return seen(payment_intent=INTENT | {"latest_charge": CHARGE | changes})


def test_a_paid_session_reads_as_paid_with_its_charge() -> None:
    checkout = seen()
    assert (checkout.status, checkout.payment) == (SessionStatus.COMPLETE, PaymentStatus.PAID)
    assert (checkout.amount_minor, checkout.currency, checkout.decline) == (3900, "USD", "")
    charge = checkout.charge
    assert charge is not None
    assert (charge.id, charge.intent_id, charge.captured_minor) == ("ch_1", "pi_1", 3900)
    assert (charge.card_brand, charge.card_last4, charge.succeeded) == ("visa", "4242", True)
    assert charge.charged_at == datetime.fromtimestamp(1_795_000_000, UTC)


def test_a_session_that_costs_nothing_says_so() -> None:
    said = seen(payment_status="no_payment_required").payment
    assert said is PaymentStatus.NO_PAYMENT_REQUIRED


@pytest.mark.parametrize("word", ["half_paid", None])
def test_an_unheard_word_about_the_payment_is_unknown(word: str | None) -> None:
    assert seen(payment_status=word).payment is PaymentStatus.UNKNOWN


@pytest.mark.parametrize("word", ["paused", None])
def test_an_unheard_word_about_the_page_is_unknown(word: str | None) -> None:
    assert seen(status=word).status is SessionStatus.UNKNOWN


def test_what_was_not_fetched_is_not_there() -> None:
    assert seen(payment_intent=None).charge is None
    assert seen(payment_intent="pi_1").charge is None
    assert seen(payment_intent=INTENT | {"latest_charge": "ch_1"}).charge is None
    assert seen(client_reference_id=None, currency=None).order_id == ""


def test_only_a_captured_and_paid_charge_of_a_succeeded_intent_counts() -> None:
    for pending in (
        with_charge(status="pending"),
        with_charge(paid=False),
        seen(payment_intent=INTENT | {"status": "processing"}),
    ):
        assert pending.charge is not None
        assert not pending.charge.succeeded
    authorized = with_charge(captured=False).charge
    assert authorized is not None
    assert authorized.captured_minor == 0


def test_without_a_card_there_is_nothing_to_show_of_it() -> None:
    charge = with_charge(payment_method_details={"type": "card", "card": None}).charge
    assert charge is not None
    assert (charge.card_brand, charge.card_last4) == ("", "")
    assert with_charge(payment_method_details=None).charge is not None


def test_a_decline_is_kept_in_the_processors_words() -> None:
    error = {"message": "Your card was declined."}
    declined = seen(payment_intent=INTENT | {"last_payment_error": error})
    assert declined.decline == "Your card was declined."
