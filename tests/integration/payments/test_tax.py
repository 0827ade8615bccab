"""The tax in a charge: as the processor said it, on every document, and to the cent."""

import argparse
import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.config.commands import tax_documents
from jewelrymodel.ledger.models import Lot
from jewelrymodel.payments import operations
from jewelrymodel.payments.adapters import stripe_processor, stripe_setup
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.adapters.stripe_client import client
from jewelrymodel.payments.models import Charge, ChargeTax, Order, Receipt
from jewelrymodel.payments.statuses import HoldReason, OrderState
from jewelrymodel.payments.tax_lines import ProcessorTax, TaxLine
from tests.support.pdf import pdf_text
from tests.support.plans import Plan
from tests.support.shop import CARD, GOOD, Sandbox, at_the_desk, now, settle, start

API = ("sk_test_sandbox_tests", "")
pytestmark = pytest.mark.django_db
FRENCH_BUSINESS = {"country": "FR", "tax_id": "FR12345678901"}


@pytest.fixture(params=["exclusive", "inclusive"])
def behavior(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.AUTOMATIC_TAX = str(request.param)
    return settings.AUTOMATIC_TAX


@pytest.fixture
def added(settings: Settings) -> None:
    settings.AUTOMATIC_TAX = "exclusive"


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def paid(sandbox: Sandbox, seller: Membership, **typed: str) -> Order:
    checkout = start(seller)
    form = {**CARD, "number": GOOD, **typed}
    assert sandbox.http.post(checkout.url, data=form).status_code == 303
    return settle(checkout.order)


def test_the_lines_are_kept_and_the_credits_are_delivered(
    sandbox: Sandbox, seller: Membership, behavior: str
) -> None:
    order = paid(sandbox, seller)
    assert (order.state, order.total_minor) == (OrderState.DELIVERED, 3900)
    charge = Charge.objects.select_related("tax").get()
    total, tax = {"exclusive": (4641, 741), "inclusive": (3900, 623)}[behavior]
    assert (charge.paid_minor, charge.tax.tax_minor, charge.tax.country) == (total, tax, "DE")
    (line,) = charge.tax.tax_lines
    assert (line.name, line.percent, line.jurisdiction) == ("VAT", "19", "Germany")
    assert (line.taxable_minor, line.tax_minor) == (total - tax, tax)
    assert line.is_inclusive is (behavior == "inclusive")
    receipt = Receipt.objects.get()
    amounts = (receipt.subtotal_minor, receipt.tax_minor, receipt.total_minor)
    assert amounts == (total - tax, tax, total)
    assert receipt.tax_lines == (line,)
    assert Lot.objects.get().paid_minor == total


def test_a_business_elsewhere_owes_the_tax_itself(
    sandbox: Sandbox, seller: Membership, added: None
) -> None:
    paid(sandbox, seller, **FRENCH_BUSINESS)
    tax = ChargeTax.objects.get()
    assert (tax.tax_minor, tax.tax_lines[0].reason, tax.country) == (0, "reverse_charge", "FR")
    assert tax.tax_ids == [{"kind": "eu_vat", "value": "FR12345678901"}]
    text = pdf_text(render_receipt(Receipt.objects.get()))
    for words in ("Invoice", "Reverse charge", "FR12345678901", "$39.00", "$0.00"):
        assert words in text


def test_the_invoice_names_rate_amounts_and_both_tax_ids(
    sandbox: Sandbox, seller: Membership, added: None, settings: Settings
) -> None:
    settings.LEGAL_TAX_ID = "DE999999999"
    paid(sandbox, seller, tax_id="DE123456789")
    receipt = Receipt.objects.get()
    text = pdf_text(render_receipt(receipt))
    for words in (
        "VAT 19%, Germany",
        "on $39.00",
        "$7.41",
        "$46.41",
        "DE999999999",
        "DE123456789",
    ):
        assert words in text
    assert render_receipt(receipt) == render_receipt(receipt)


def test_buyer_and_desk_read_it(sandbox: Sandbox, seller: Membership, added: None) -> None:
    order = paid(sandbox, seller, tax_id="DE123456789")
    browser = Client()
    browser.force_login(seller.user)
    pages = (
        browser.get(f"/billing/orders/{order.pk}"),
        at_the_desk().get(f"/desk/orders/{order.pk}"),
    )
    for page in pages:
        for words in ("VAT 19%, Germany", "$7.41", "$46.41", "Tax ID DE123456789"):
            assert words in page.content.decode()


def test_in_review_its_sums_are_compared_with_the_tax_in_them(
    sandbox: Sandbox, seller: Membership, behavior: str
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    charges = sandbox.http.get("/v1/charges", auth=API).json()["data"]
    sandbox.panel(f"charges/{charges[0]['id']}/refund", amount=1000)  # before we looked
    order = settle(checkout.order)
    assert order.state == OrderState.REQUIRES_REVIEW
    browser = Client()
    browser.force_login(seller.user)
    page = browser.get(f"/billing/orders/{order.pk}").content.decode()
    assert f"You were charged ${'46.41' if behavior == 'exclusive' else '39.00'} on" in page
    assert "so the two don’t match" not in page


def test_every_renewal_is_taxed_and_delivered(
    sandbox: Sandbox, seller: Membership, behavior: str
) -> None:
    plan = Plan(sandbox, seller)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    orders = Order.objects.order_by("created_at")
    assert [one.state for one in orders] == [OrderState.DELIVERED] * 2
    first, second = Charge.objects.select_related("tax").order_by("charged_at")
    assert first.tax.lines == second.tax.lines
    assert first.paid_minor == second.paid_minor
    assert (first.tax.tax_minor > 0, second.tax.country) == (True, "DE")


def test_what_was_ordered_untaxed_isnt_charged_more(
    sandbox: Sandbox, seller: Membership, settings: Settings
) -> None:
    settings.AUTOMATIC_TAX = "inclusive"
    checkout = start(seller)
    sandbox.panel("faults", tax_percent=0)
    settings.AUTOMATIC_TAX = "exclusive"  # of this order nothing more may be asked for it
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    assert (order.state, Charge.objects.get().paid_minor) == (OrderState.DELIVERED, 3900)


def test_lines_that_are_not_all_of_the_tax_are_a_case(
    sandbox: Sandbox, seller: Membership, added: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = stripe_processor.session_tax

    def short(session: object) -> object:
        found = honest(session)  # type: ignore[arg-type]  # as it comes
        assert found is not None
        (line,) = found.lines
        return type(found)(found.tax_minor, (line, line), found.country)

    monkeypatch.setattr(stripe_processor, "session_tax", short)
    order = paid(sandbox, seller)
    assert order.state == OrderState.REQUIRES_REVIEW
    assert order.held_code in (HoldReason.TAX_LINES, HoldReason.PAGE_AMOUNT)
    assert not ChargeTax.objects.exists()
    assert Charge.objects.get().paid_minor == 4641


def test_tax_inside_the_price_that_doesnt_add_up_is_a_case_of_its_own(
    sandbox: Sandbox,
    seller: Membership,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.AUTOMATIC_TAX = "inclusive"
    honest = stripe_processor.session_tax

    def without_lines(session: object) -> object:
        found = honest(session)  # type: ignore[arg-type]  # as it comes
        assert found is not None
        return type(found)(found.tax_minor, (), found.country)

    monkeypatch.setattr(stripe_processor, "session_tax", without_lines)
    assert paid(sandbox, seller).held_code == HoldReason.TAX_LINES


def test_the_database_refuses_a_change_and_a_loss(
    sandbox: Sandbox, seller: Membership, added: None
) -> None:
    paid(sandbox, seller)
    for act in (
        lambda: ChargeTax.objects.update(tax_minor=1),
        lambda: ChargeTax.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("tax_minor", "lines", "is_kept"),
    [(5, (5,), True), (5, (4,), False), (4000, (4000,), False), (7, (3, 4), True), (1, (), False)],
)
def test_the_database_refuses_lines_of_another_sum_and_more_than_was_paid(
    sandbox: Sandbox, seller: Membership, tax_minor: int, lines: tuple[int, ...], is_kept: bool
) -> None:
    paid(sandbox, seller)
    rows = tuple(TaxLine("VAT", "1", "", "", None, one, True, "") for one in lines)
    tax = ChargeTax.of(Charge.objects.get(), ProcessorTax(tax_minor, rows))
    if is_kept:
        tax.save(force_insert=True)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        tax.save(force_insert=True)


def test_a_charge_without_tax_reads_as_before(sandbox: Sandbox, seller: Membership) -> None:
    order = paid(sandbox, seller)
    assert not ChargeTax.objects.exists()
    receipt = Receipt.objects.get()
    assert (receipt.tax, receipt.tax_minor) == ({}, 0)
    text = pdf_text(render_receipt(receipt))
    assert "Receipt" in text
    assert "Invoice" not in text
    browser = Client()
    browser.force_login(seller.user)
    assert "Order total" in browser.get(f"/billing/orders/{order.pk}").content.decode()


def test_the_checkout_says_how_it_is_taxed(
    sandbox: Sandbox, seller: Membership, settings: Settings
) -> None:
    browser = Client()
    browser.force_login(seller.user)
    said = {
        "": "No tax is added to this purchase.",
        "inclusive": "Included in the price.",
        "exclusive": "Total before tax, paid once",
    }
    for behavior, words in said.items():
        settings.AUTOMATIC_TAX = behavior
        page = browser.get("/checkout/case").content.decode()
        assert [one in page for one in said.values()] == [one == words for one in said.values()]


def test_a_page_that_said_another_thing_about_tax_is_read_again(
    sandbox: Sandbox, seller: Membership, settings: Settings
) -> None:
    browser = Client()
    browser.force_login(seller.user)
    page = browser.get("/checkout/case").content.decode()
    settings.AUTOMATIC_TAX = "exclusive"
    sent = {name: field(page, name) for name in ("key", "offer", "promise")}
    answer = browser.post("/checkout/case", {**sent, "country": "US", "capacity": "business"})
    assert (answer.status_code, Order.objects.count()) == (409, 0)


def test_doctor_refuses_an_account_that_isnt_set_up(sandbox: Sandbox, settings: Settings) -> None:
    def wrong() -> dict[str, str]:
        return {one.what: one.words for one in stripe_setup.look() if one.is_fine is False}

    sandbox.panel("faults", tax_pending=True)
    assert "tax" not in wrong()
    settings.AUTOMATIC_TAX = "exclusive"
    assert "head_office" in wrong()["tax"]
    sandbox.panel("faults", tax_pending=False, missing_right="tax_rate_read")
    assert "give the key the right" in wrong()["tax"]
    sandbox.panel("faults", missing_right="")
    assert "tax" not in wrong()


def test_the_documents_of_some_days_add_up_to_what_was_charged(
    sandbox: Sandbox, seller: Membership, settings: Settings, tmp_path: Path
) -> None:
    paid(sandbox, seller)
    settings.AUTOMATIC_TAX = "exclusive"
    order = start(seller, key="another-page-key")
    sandbox.http.post(order.url, data={**CARD, "number": GOOD, **FRENCH_BUSINESS})
    settle(order.order)
    day = now().date()
    file = tmp_path / "documents.csv"
    options = argparse.Namespace(since=day - timedelta(days=1), before=None, csv=file)
    assert tax_documents.run(options) == 0
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert [(one["total"], one["tax"], one["reason"], one["country"]) for one in rows] == [
        ("39.00", "0.00", "", "US"),
        ("39.00", "0.00", "reverse_charge", "FR"),
    ]
    assert rows[1]["tax_ids"] == "FR12345678901"
    charged = client().v1.charges.list().data
    assert {one["transaction"] for one in rows} == {one.id for one in charged}


def test_looking_again_changes_nothing(sandbox: Sandbox, seller: Membership, added: None) -> None:
    order = paid(sandbox, seller)
    Order.objects.filter(pk=order.pk).update(confirmed_at=now())
    assert settle(order).state == OrderState.DELIVERED
    assert ChargeTax.objects.count() == Receipt.objects.count() == 1


def test_a_plan_whose_tax_is_added_says_so_whatever_is_sold_now(
    sandbox: Sandbox, seller: Membership, settings: Settings
) -> None:
    settings.AUTOMATIC_TAX = "exclusive"
    plan = Plan(sandbox, seller)
    settings.AUTOMATIC_TAX = ""
    browser = Client()
    browser.force_login(seller.user)
    assert "for $19.00 plus tax, with" in browser.get("/billing").content.decode()
    assert "plus tax" not in browser.get("/pricing").content.decode()
    assert operations.confirm_order(order_id=plan.order.pk, now=plan.at)
    assert "for $19.00 plus tax, and every month" in mail.outbox[-1].body
    plan.cancel()
    assert operations.tell_renewing(subscription_id=plan.row.pk)


def test_what_is_sold_with_tax_says_so(
    sandbox: Sandbox, seller: Membership, settings: Settings
) -> None:
    settings.AUTOMATIC_TAX = "exclusive"
    assert "plus tax" in Client().get("/pricing").content.decode()
    browser = Client()
    browser.force_login(seller.user)
    assert "pay $39.00 plus tax" in browser.get("/checkout/case").content.decode()
    settings.AUTOMATIC_TAX = "inclusive"
    assert "tax included" in Client().get("/pricing").content.decode()
