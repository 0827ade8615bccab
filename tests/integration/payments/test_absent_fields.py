"""Whatever the SDK calls optional may be absent: each reading function reads objects without it."""

from datetime import UTC, datetime

import pytest
import stripe
from stripe import Charge, Dispute, Invoice, InvoiceLineItem, InvoicePayment, PaymentIntent, Refund
from stripe.checkout import Session

from jewelrymodel.payments.adapters import stripe_charges
from jewelrymodel.payments.adapters.stripe_processor import StripeProcessor
from jewelrymodel.payments.adapters.stripe_refunds import StripeRefunds
from jewelrymodel.payments.adapters.stripe_subscriptions import StripeSubscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.processor_objects import (
    CheckoutRequest,
    PaymentStatus,
    ProcessorCharge,
    SessionStatus,
)
from jewelrymodel.payments.statuses import DisputeStatus, RefundState
from tests.support.least import Canned, Doc, least, page

pytestmark = pytest.mark.django_db  # an answer clears the alarm
NOW = datetime(2026, 11, 29, tzinfo=UTC)
REQUEST = CheckoutRequest("ord_1", "JM-1", "Case", 3900, "USD", "a@b.example", "", "", NOW, False)
METHODS = sorted(set(Charge.PaymentMethodDetails.__annotations__) - {"type"})
INTENT = least(PaymentIntent, latest_charge=least(Charge))
PAID = page(least(InvoicePayment, payment=least(InvoicePayment.Payment, payment_intent=INTENT)))


def client(answers: Doc) -> stripe.StripeClient:
    """The SDK, answered from a table."""
    return stripe.StripeClient("sk_test_canned", http_client=Canned(answers))


@pytest.mark.parametrize("latest", [{}, {"latest_charge": None}, {"latest_charge": "ch_1"}])
def test_an_intent_without_its_charge(latest: Doc) -> None:
    assert seen(least(PaymentIntent) | latest) is None


def seen(intent: Doc) -> ProcessorCharge | None:
    return stripe_charges.processor_charge(PaymentIntent.construct_from(intent, "sk_test_canned"))


def charge_of(**fields: object) -> ProcessorCharge:
    found = seen(least(PaymentIntent, latest_charge=least(Charge, **fields)))
    assert found is not None
    return found


def test_a_charge_that_says_nothing_of_how_it_was_paid() -> None:
    charge = charge_of()
    assert (charge.method, charge.card_brand, charge.card_last4) == ("", "", "")
    assert charge.method_details == {}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("details", [False, True])
def test_a_charge_by_any_method_with_nothing_known_of_it(method: str, details: bool) -> None:
    kind = getattr(Charge.PaymentMethodDetails, _class_of(method))
    of_method: Doc = {method: least(kind)} if details else {}
    charge = charge_of(payment_method_details={"type": method} | of_method)
    assert (charge.method, charge.card_last4) == (method, "")


def _class_of(method: str) -> str:
    return "".join(word.capitalize() for word in method.split("_"))


def test_a_session() -> None:
    answers = {"cs_1": least(Session)}
    checkout = StripeProcessor(client(answers)).retrieve_checkout("cs_1")
    assert (checkout.status, checkout.charge) == (SessionStatus.UNKNOWN, None)
    assert isinstance(checkout.payment, PaymentStatus)
    for error in ({}, {"last_payment_error": least(PaymentIntent.LastPaymentError)}):
        answers["cs_1"] = least(Session, payment_intent=least(PaymentIntent) | error)
        assert StripeProcessor(client(answers)).retrieve_checkout("cs_1").decline == ""


def test_a_session_without_an_address_is_refused() -> None:
    with pytest.raises(ProcessorRefused, match="without an address"):
        StripeProcessor(client({"sessions": least(Session)})).create_checkout(REQUEST)


@pytest.mark.parametrize("order", ["", "ord_1"])
def test_charges_in_a_list_and_alone(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"metadata": {"order_id": order}} if order else {}
    charge = least(Charge, paid=True, captured=True) | named
    answers = {"charges": page(charge), "ch_1": charge, "pi_1": INTENT | named}
    answers["refunds"] = page(least(Refund))
    monkeypatch.setattr(stripe_charges, "client", lambda: client(answers))
    (listed,) = stripe_charges.list_charges_since(NOW)
    assert (listed.customer_id, listed.order_id) == ("", order)
    assert stripe_charges.charge_and_order("ch_1") == (None, "")
    answers["ch_1"] = charge | {"payment_intent": "pi_1"}
    assert stripe_charges.charge_and_order("ch_1")[1] == order


def test_a_refund() -> None:
    answers = {"re_1": least(Refund), "refunds": page(least(Refund))}
    found = StripeRefunds(client(answers)).retrieve_refund("re_1")
    assert (found.state, found.refund_id, found.failure) == (RefundState.PENDING, "", "")


@pytest.mark.parametrize("status", [*DisputeStatus.values, "warning_of_tomorrow"])
@pytest.mark.parametrize("details", [False, True])
def test_a_dispute_and_whether_it_is_an_inquiry(status: str, details: bool) -> None:
    of_method: Doc = (
        {"payment_method_details": least(Dispute.PaymentMethodDetails)} if details else {}
    )
    dispute = least(Dispute, status=status, charge="ch_1") | of_method
    found = StripeRefunds(client({"dp_1": dispute})).retrieve_dispute("dp_1")
    assert found.is_inquiry == status.startswith("warning_")
    assert (found.processor_charge_id, found.due_by_at) == ("ch_1", None)


def test_what_is_left_of_a_charge_with_such_a_dispute() -> None:
    answers = {"ch_1": least(Charge), "disputes": page(least(Dispute))}
    found = StripeRefunds(client(answers)).retrieve_charge("ch_1", now=NOW)
    assert found.refunded_minor == found.paid_minor


@pytest.mark.parametrize("lines", [[], [least(InvoiceLineItem)]])
@pytest.mark.parametrize("status", [{}, {"status": "paid"}])
def test_a_subscription_with_an_invoice(lines: list[Doc], status: Doc) -> None:
    invoice = least(Invoice, lines=page(*lines)) | status
    for paid in (PAID, page(), page(least(InvoicePayment))):
        answers = {
            "sub_1": least(stripe.Subscription),
            "invoices": page(invoice),
            "refunds": page(least(Refund)),
            "invoice_payments": paid,
        }
        found = StripeSubscriptions(client(answers)).retrieve_subscription("sub_1")
        assert (found.order_id, found.ended_at) == ("", None)
        assert (found.invoices[0].charge is not None) == (bool(status) and paid is PAID)


def test_what_was_paid_of_an_invoice_elsewhere() -> None:
    told = least(Invoice, currency="isk") | {"amount_paid_off_stripe": 190_000}
    for invoice, minor in ((least(Invoice), 0), (told, 1900)):
        found = StripeSubscriptions(client({"in_1": invoice}))
        assert found.paid_elsewhere("in_1") == minor


PARENTS: list[Doc] = [
    {},
    {"parent": least(Invoice.Parent)},
    {"parent": least(Invoice.Parent, subscription_details={})},
]


@pytest.mark.parametrize("parent", PARENTS)
def test_an_invoice_of_no_subscription(parent: Doc) -> None:
    answers = {"in_1": least(Invoice) | parent}
    assert StripeSubscriptions(client(answers)).subscription_of_invoice("in_1") == ""
