"""Payments that no card made: delivered, named, refunded and disputed like any other."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import formats
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Charge, ChargeDispute, Receipt, Refund
from jewelrymodel.payments.refund_status import intended_words, refund_words
from jewelrymodel.payments.statuses import DisputeStatus, OrderState, RefundState
from tests.support.pdf import pdf_text
from tests.support.rewriting import without_triggers
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
NAMES = {"link": "Link", "paypal": "PayPal", "klarna": "Klarna"}


def buy(sandbox: Sandbox, seller: Membership, method: str, sku: str = "case") -> Charge:
    """Somebody bought *sku* with one click."""
    checkout = start(seller, sku=sku)
    sandbox.http.post(checkout.url, data={"method": method})
    assert settle(checkout.order).state == OrderState.DELIVERED
    return Charge.objects.get()


@pytest.fixture
def by_link(sandbox: Sandbox, seller: Membership) -> Charge:
    """Somebody bought the case by Link."""
    return buy(sandbox, seller, "link")


@pytest.mark.parametrize("method", NAMES)
def test_a_payment_without_a_card_is_delivered_and_named(
    sandbox: Sandbox, seller: Membership, method: str
) -> None:
    charge = buy(sandbox, seller, method)
    assert (charge.method, charge.paid_with) == (method, NAMES[method])
    assert (charge.card_brand, charge.card_last4) == ("", "")
    assert "payer@wallet.example" not in str(charge.method_details)
    operations.confirm_order(order_id=charge.order_id, now=now())
    assert f"You paid $39.00 with {NAMES[method]} on" in mail.outbox[0].body
    said = pdf_text(render_receipt(Receipt.objects.get()))
    assert f"{NAMES[method]}, {formats.day(charge.charged_at.date())}" in said


def test_the_pages_name_the_method(by_link: Charge, seller: Membership) -> None:
    browser = Client()
    browser.force_login(seller.user)
    for address in ("/billing", f"/billing/orders/{by_link.order_id}"):
        shown = browser.get(address).content.decode()
        assert ">Link<" in shown
        assert "card" not in shown.lower().partition("<main")[2].partition("</main>")[0]


def test_our_books_agree_with_the_processors_about_it(by_link: Charge) -> None:
    """The comparison lists every charge; one without a card kept it from listing any."""
    with without_triggers():
        Charge.objects.filter(pk=by_link.pk).update(charged_at=now() - timedelta(minutes=10))
    window = {"since": now() - timedelta(days=1), "before": now() + timedelta(minutes=1)}
    assert list(operations.reconcile_charges(**window, now=now())) == []


def test_a_plan_is_paid_by_link(sandbox: Sandbox, seller: Membership) -> None:
    charge = buy(sandbox, seller, "link", sku="bench")
    assert (charge.paid_with, charge.order.subscription is None) == ("Link", False)


def test_a_refund_names_where_it_goes(by_link: Charge) -> None:
    refund = operations.intend_refund(
        account_id=by_link.account_id,
        charge_id=by_link.pk,
        amount_minor=3900,
        decision_id="dec_1",
        reason="6.1",
        revokes_credits=True,
        now=now(),
    )
    assert refund_words(refund) == "$39.00 will be refunded to you through Link"
    refund = operations.follow_refund(refund_id=refund.pk, now=now())
    assert refund.state == RefundState.SUCCEEDED
    assert refund_words(refund).startswith("$39.00 refunded through Link on")


@pytest.mark.parametrize("method", ["", "link", "card"])
def test_the_words_of_a_refund_fit_how_it_was_paid(by_link: Charge, method: str) -> None:
    by_link.method = method
    refund = Refund(charge=by_link, amount_minor=3900, currency="USD", settled_at=now())
    for state in RefundState:
        refund.state = state
        assert ("card" in refund_words(refund)) <= (method == "card")
        assert ("Link" in refund_words(refund)) <= (method == "link")
        assert "  " not in refund_words(refund)
    assert intended_words("$39.00", None) == "$39.00 will be refunded to you"


def mirrored(sandbox: Sandbox, charge: Charge, *, inquiry: bool) -> ChargeDispute:
    sandbox.panel(
        f"charges/{charge.processor_charge_id}/dispute", reason="fraudulent", inquiry=inquiry
    )
    (found,) = operations.mirror_disputes_of(charge_id=charge.pk, now=now())
    return found


@pytest.mark.parametrize("method", NAMES)
def test_an_inquiry_is_one_by_whatever_it_was_paid(
    sandbox: Sandbox, seller: Membership, method: str
) -> None:
    charge = buy(sandbox, seller, method)
    asked = mirrored(sandbox, charge, inquiry=True)
    assert (asked.status, asked.is_inquiry) == (DisputeStatus.WARNING_NEEDS_RESPONSE, True)
    seen = operations.look_up_charge(account_id=charge.account_id, charge_id=charge.pk, now=now())
    assert seen.dispute == "inquiry"
    sandbox.panel(f"disputes/{asked.processor_dispute_id}/decide", outcome="escalated")
    (open_one,) = operations.mirror_disputes_of(charge_id=charge.pk, now=now())
    assert (open_one.status, open_one.is_inquiry) == (DisputeStatus.NEEDS_RESPONSE, False)


def test_a_dispute_of_a_payment_without_a_card_is_mirrored(
    sandbox: Sandbox, by_link: Charge
) -> None:
    found = mirrored(sandbox, by_link, inquiry=False)
    assert (found.status, found.is_inquiry) == (DisputeStatus.NEEDS_RESPONSE, False)


def test_digits_of_a_card_stand_only_on_a_cards_charge(by_link: Charge) -> None:
    with pytest.raises(IntegrityError, match="digits_of_a_card"), transaction.atomic():
        Charge.objects.filter(pk=by_link.pk).update(card_last4="4242")
