"""When credits expire is said in one sentence, wherever it is said."""

import pytest
from django.core import mail
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import formats
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Order, Receipt
from tests.support.pdf import pdf_text
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db


@pytest.mark.clause("3.5")
def test_the_receipt_of_a_plan_says_when_its_credits_expire(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = bought(sandbox, seller, "bench")
    assert order.period_ends_at is not None
    said = f"Unused credits expire on {formats.moment(order.period_ends_at)}"
    paper = pdf_text(render_receipt(Receipt.objects.get()))
    assert "not expire" not in paper
    assert said in paper
    assert said in letter(order)
    assert said in page(seller, f"/billing/orders/{order.pk}")


def bought(sandbox: Sandbox, seller: Membership, sku: str) -> Order:
    checkout = start(seller, sku=sku)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def letter(order: Order) -> str:
    """The mail that confirms an order, on one line."""
    operations.confirm_order(order_id=order.pk, now=now())
    return " ".join(str(mail.outbox[-1].body).split())


def page(seller: Membership, address: str) -> str:
    browser = Client()
    browser.force_login(seller.user)
    return browser.get(address).content.decode()


def test_a_packages_credits_never_expire_wherever_one_looks(
    sandbox: Sandbox, seller: Membership
) -> None:
    order, said = bought(sandbox, seller, "case"), "Credits never expire"
    assert said in pdf_text(render_receipt(Receipt.objects.get()))
    assert said in letter(order)
    addresses = (f"/billing/orders/{order.pk}", "/checkout/case", "/pricing")
    assert all(said in page(seller, address) for address in addresses)


def test_the_offer_of_a_plan_says_that_credits_dont_roll_over(seller: Membership) -> None:
    said = "Renewed monthly; unused credits don’t roll over"
    assert all(said in page(seller, address) for address in ("/checkout/bench", "/pricing"))
