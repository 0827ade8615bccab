"""The pages of checkout and billing, as a browser without scripts meets them."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.payments import tasks
from jewelrymodel.payments.models import Order
from tests.support.shop import Sandbox, now, register

pytestmark = pytest.mark.django_db
Form = dict[str, str]


@pytest.fixture
def browser(client: Client, seller: Membership) -> Client:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def filled(client: Client, **changes: str) -> Form:
    """The form of the checkout page, as it opens, with changes."""
    html = page(client, "/checkout/case")
    hidden = {
        name: re.search(rf'name="{name}" value="([0-9a-f]+)"', html)[1]  # type: ignore[index]  # there
        for name in ("key", "offer", "promised")
    }
    return {**hidden, "country": "US", "capacity": "business", **changes}


def bought(client: Client, sandbox: Sandbox) -> Order:
    url = client.post("/checkout/case", filled(client))["Location"]
    assert sandbox.pay(url).status_code == 303
    order = Order.objects.latest("number")
    page(client, f"/billing/orders/{order.id}/return")
    return order


def test_the_page_shows_the_offer_and_leads_to_the_payment(
    sandbox: Sandbox, browser: Client
) -> None:
    html = page(browser, "/checkout/case")
    for words in ("100 credits", "$39.00", "No tax is added", "Generated images vary"):
        assert words in html
    edition = catalog.edition_in_force("refund", now())
    assert f"/refund-policy/{edition.edition_on}" in html
    assert edition.sha256 in html
    answer = browser.post("/checkout/case", filled(browser), headers={"User-Agent": "Bench/1"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(sandbox.url)
    order = Order.objects.get()
    assert (order.ip, order.user_agent, order.country) == ("127.0.0.1", "Bench/1", "US")
    assert order.device_id == browser.cookies["device"].value
    assert order.terms_sha256 == edition.sha256


def test_a_double_click_places_one_order(sandbox: Sandbox, browser: Client) -> None:
    form = filled(browser)
    first, second = (browser.post("/checkout/case", form)["Location"] for _ in range(2))
    assert first == second
    assert Order.objects.count() == 1


def test_coming_back_says_what_was_added_and_the_receipt_is_there(
    sandbox: Sandbox, browser: Client, seller: Membership
) -> None:
    url = browser.post("/checkout/case", filled(browser))["Location"]
    order = Order.objects.get()
    back = f"/billing/orders/{order.id}/return"
    waiting = page(browser, back)
    assert "you haven’t been charged" in waiting
    asks = re.search(r'hx-get="(.+?shown=.+?)"', waiting)
    assert asks is not None
    by_itself = {"HX-Request": "true"}
    assert browser.get(asks[1], headers=by_itself).status_code == 204
    sandbox.pay(url)
    assert browser.get(asks[1], headers=by_itself)["HX-Refresh"] == "true"
    done = page(browser, back)
    assert "Payment received" in done
    assert "We added 100 credits" in done
    pdf = browser.get(f"/billing/orders/{order.id}/receipt.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    tasks.confirm_order(subject_id=order.id)
    tasks.confirm_order(subject_id=order.id)
    assert [letter.to for letter in mail.outbox] == [[seller.user.email]]
    assert mail.outbox[0].attachments[0][0] == "RCP-000001.pdf"
    assert "Receipt emailed" in page(browser, f"/billing/orders/{order.id}")


def test_after_payment_the_same_form_leads_to_the_order(sandbox: Sandbox, browser: Client) -> None:
    form = filled(browser)
    url = browser.post("/checkout/case", form)["Location"]
    sandbox.pay(url)
    order = Order.objects.get()
    page(browser, f"/billing/orders/{order.id}/return")
    assert browser.post("/checkout/case", form)["Location"].endswith(f"{order.id}/return")


def test_what_is_missing_is_asked_for_by_name(sandbox: Sandbox, browser: Client) -> None:
    empty = browser.post("/checkout/case", filled(browser, country="", capacity=""))
    assert empty.status_code == 422
    html = empty.content.decode()
    assert "choose the country" in html
    assert "as a business or as a consumer" in html
    consumer = filled(browser, country="DE", capacity="consumer")
    assert "add the credits at once" not in page(browser, "/checkout/case")
    asked = browser.post("/checkout/case", consumer).content.decode()
    assert 'name="express_consent_to_start"' in asked
    assert 'name="ack_of_loss"' in asked
    assert not Order.objects.exists()
    shown = re.search(r'name="promised" value="([0-9a-f]+)"', asked)
    assert shown is not None
    agreed = consumer | {
        "promised": shown[1],
        "express_consent_to_start": "on",
        "ack_of_loss": "on",
    }
    assert browser.post("/checkout/case", agreed).status_code == 302
    assert len(Order.objects.get().consents) == 2


def test_the_boxes_to_tick_follow_what_is_chosen(browser: Client, seller: Membership) -> None:
    html = page(browser, "/checkout/case?country=FR&capacity=consumer")
    assert 'name="ack_of_loss"' in html
    seller.account.country, seller.account.buyer_capacity = "FR", BuyerCapacity.CONSUMER
    seller.account.save()
    assert 'name="ack_of_loss"' in page(browser, "/checkout/case")


def test_a_processor_that_is_down_costs_nothing_and_pressing_again_works(
    sandbox: Sandbox, browser: Client
) -> None:
    form = filled(browser)
    sandbox.panel("faults", down=True)
    answer = browser.post("/checkout/case", form)
    assert answer.status_code == 503
    assert "You weren’t charged" in answer.content.decode()
    assert form["key"] in answer.content.decode()
    order = Order.objects.get()
    assert "reach the payment service" in page(browser, f"/billing/orders/{order.id}/return")
    sandbox.panel("faults", down=False)
    assert browser.post("/checkout/case", form).status_code == 302
    assert Order.objects.get() == order


def test_a_used_page_with_other_details_gets_a_fresh_key(sandbox: Sandbox, browser: Client) -> None:
    form = filled(browser)
    browser.post("/checkout/case", form)
    again = browser.post("/checkout/case", form | {"country": "CH"})
    assert again.status_code == 409
    assert "already placed an order" in again.content.decode()
    assert form["key"] not in again.content.decode()


def test_an_offer_that_changed_meanwhile_is_shown_anew(sandbox: Sandbox, browser: Client) -> None:
    old = filled(browser, offer="0" * 64)
    answer = browser.post("/checkout/case", old)
    assert answer.status_code == 409
    assert "offer has changed" in answer.content.decode()
    assert not Order.objects.exists()


def test_an_unpaid_order_can_be_given_up(sandbox: Sandbox, browser: Client) -> None:
    url = browser.post("/checkout/case", filled(browser))["Location"]
    order = Order.objects.get()
    back = browser.post(f"/billing/orders/{order.id}/cancel")["Location"]
    assert "Order canceled" in page(browser, back)
    assert "Canceled, not charged" in page(browser, "/billing")
    assert sandbox.pay(url).status_code == 410


def test_billing_is_empty_at_first_and_lists_orders_and_payments_later(
    sandbox: Sandbox, browser: Client
) -> None:
    assert "No orders yet" in page(browser, "/billing")
    order = bought(browser, sandbox)
    html = page(browser, "/billing")
    for words in (
        order.label,
        "RCP-000001",
        "$39.00",
        "Visa ending in 4242",
        "Paid, credits added",
    ):
        assert words in html
    html = page(browser, f"/billing/orders/{order.id}")
    for words in ("What you accepted", order.terms_sha256, "100 credits added"):
        assert words in html


def test_what_is_not_sold_is_not_found(browser: Client) -> None:
    page(browser, "/checkout/nothing", status=404)


@pytest.mark.parametrize("end", ["", "/return", "/receipt.pdf", "/cancel"])
def test_another_accounts_order_is_not_found(sandbox: Sandbox, browser: Client, end: str) -> None:
    order = bought(browser, sandbox)
    stranger = Client()
    ask: Callable[..., object] = stranger.post if end == "/cancel" else stranger.get
    address = f"/billing/orders/{order.id}{end}"
    assert "/account/login/" in ask(address)["Location"]  # type: ignore[index]  # a response
    stranger.force_login(register("eve@rings.example").user)
    assert ask(address).status_code == 404  # type: ignore[attr-defined]  # a response
