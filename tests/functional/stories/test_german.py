"""A seller who reads German, from the choice of a language to a receipt, on a phone."""

import re

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.outside import PASSWORD

EMAIL = "greta@story.example"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_seller_reads_german_from_sign_up_to_the_receipt(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_up(page)
    buy_credits(page)
    make_an_image(page)
    for address in ("/studio", "/library", "/credits", "/billing", "/requests/new", "/settings"):
        page.goto(address)
        is_german(page)
    receive_the_receipt(page)


def german(sentence: str) -> str:
    """The sentence as the catalog has it."""
    with translation.override("de"):
        return gettext(sentence)


def is_german(page: Page) -> None:
    """The page says so, to who hears it too, and nothing of it is wider than the phone."""
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert not page.evaluate(TOO_WIDE), page.url


def sign_up(page: Page) -> None:
    page.goto("/account/signup/")
    page.get_by_role("button", name="Deutsch").click()
    is_german(page)
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name=german("Create account")).click()
    expect(page.get_by_role("heading", name=german("Check your email"))).to_be_visible()
    email = visitor.open_email(page, EMAIL)
    expect(email.locator("html")).to_have_attribute("lang", "de")
    email.get_by_role("link").first.click()
    page.get_by_role("button", name=german("Confirm email address")).click()
    page.wait_for_url("**/studio")
    is_german(page)


def buy_credits(page: Page) -> None:
    page.goto("/checkout/tray")
    is_german(page)
    page.locator("select[name=country]").select_option(label="Deutschland")
    visitor.consent_as(page, "consumer")
    page.locator("main form button").last.click()
    page.wait_for_url("**/c/pay/*")
    visitor.pay(page, visitor.GOOD_CARD)
    expect(page.get_by_role("heading", name=german("Payment received"))).to_be_visible()
    is_german(page)


def make_an_image(page: Page) -> None:
    page.goto("/studio")
    with page.expect_navigation():
        page.locator("input[type=file]").set_input_files(visitor.PHOTOS / "render_ring.jpg")
    is_german(page)
    heading = page.get_by_role("heading", name=german("Is this your piece?"))
    expect(heading).to_be_visible(timeout=visitor.WORK_MS)
    visitor.choose_kind(page, "ring")
    page.locator("input[name=size]").fill("17,5")
    page.get_by_role("button", name=german("Yes, use this cutout")).click()
    is_german(page)
    page.locator("form[data-order] input[name=look][value=marble]").check(force=True)
    page.locator("form[data-order] .button--large").click()
    page.wait_for_url("**/studio/tasks/*")
    is_german(page)
    visitor.wait_for_end(page, german("Your images"))
    is_german(page)


def receive_the_receipt(page: Page) -> None:
    email = visitor.open_email(page, EMAIL)
    expect(email.locator("html")).to_have_attribute("lang", "de")
    expect(email.locator("body")).to_contain_text(re.compile(r"9,00\s\$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Beleg RCP-")
