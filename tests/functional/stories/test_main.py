"""The main story, as a new seller lives it: from sign-up to a marked image in the library."""

import io
import re

from PIL import Image
from playwright.sync_api import Download, Page, expect

from tests.support import visitor
from tests.support.outside import PASSWORD

EMAIL = "vera@story.example"


def test_from_sign_up_to_a_published_image(page: Page) -> None:
    sign_up(page)
    visitor.choose_photo(page, visitor.PHOTOS / "render_ring.jpg")
    see_the_photo_cut_out(page)
    be_told_what_is_missing(page)
    check_out_as_a_consumer_in_the_eu(page)
    pay_at_the_third_try(page)
    assert visitor.credits_of(page) == {"Available": 20, "Held for running generations": 0}
    assert visitor.statement(page) == [("Credit pack", "+20")]
    order_two_images(page)
    see_the_result(page)
    download_it_marked(page)
    find_it_in_the_library(page)
    assert visitor.credits_of(page) == {"Available": 17, "Held for running generations": 0}
    assert visitor.statement(page) == [
        ("Spent on delivered images", "−3"),
        ("Held for a generation", "3 held"),
        ("Credit pack", "+20"),
    ]


def sign_up(page: Page) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.goto("/demo/outbox")
    page.get_by_role("row").filter(has_text=EMAIL).get_by_role("link").click()
    page.frame_locator("iframe.mail").get_by_role("link").click()
    page.get_by_role("button", name="Confirm email address").click()
    page.wait_for_url("**/studio")
    page.locator("summary", has_text="vera").click()
    page.get_by_role("button", name="Sign out").click()
    visitor.sign_in(page, EMAIL)


def see_the_photo_cut_out(page: Page) -> None:
    steps = page.get_by_role("listitem").filter(has_text=re.compile("."))
    expect(page.get_by_role("heading", name="Making the cutout of your piece")).to_be_visible()
    expect(steps.and_(page.locator("[aria-current=step]"))).to_be_visible()
    cutout = page.get_by_role("img", name="Cutout", exact=True)
    expect(cutout).to_be_visible(timeout=visitor.WORK_MS)
    expect(cutout).to_have_js_property("complete", True)
    assert cutout.evaluate("one => one.naturalWidth") > 0
    visitor.approve(page, kind="ring", size_mm=17.5)


def be_told_what_is_missing(page: Page) -> None:
    visitor.choose_looks(page, "On the hand, light skin", "White marble")
    page.get_by_role("button", name="Generate 2 images for 3 credits").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("You need 3 credits, and 0 credits are available.")
    expect(told).to_contain_text("No generation was started. You need 3 more credits.")
    told.get_by_role("link", name="Buy credits").click()
    page.get_by_role("link", name="Buy Tray").click()
    page.wait_for_url("**/checkout/tray")


def check_out_as_a_consumer_in_the_eu(page: Page) -> None:
    page.get_by_role("button", name="Accept the terms and pay").click()
    expect(page.get_by_role("alert")).to_contain_text("choose the country")
    visitor.check_out(page, "tray", country="DE", capacity="consumer")
    expect(page.locator("#consents input:checked")).to_have_count(2)
    page.get_by_role("button", name="Accept the terms and pay $9.00").dblclick()
    page.wait_for_url("**/c/pay/*")


def pay_at_the_third_try(page: Page) -> None:
    """Declined, then authenticated and charged; the receipt is a PDF."""
    visitor.pay(page, visitor.DECLINED_CARD)
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
    visitor.pay(page, visitor.ASKING_CARD)
    page.get_by_role("button", name="Fail the authentication").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visitor.fill_card(page, visitor.ASKING_CARD)
    page.get_by_role("button", name=re.compile("^Pay")).dblclick()
    page.get_by_role("button", name="Confirm the payment").dblclick()
    expect(page.get_by_role("heading", name="Payment received")).to_be_visible()
    expect(page.locator("main")).to_contain_text("We added 20 credits to your account.")
    paid = "You paid $9.00 with Visa ending in 3184. This purchase doesn’t renew."
    expect(page.locator("main")).to_contain_text(paid)
    with page.expect_download() as receipt:
        page.get_by_role("link", name="Receipt (PDF)").click()
    assert content(receipt.value).startswith(b"%PDF")
    page.goto("/billing")
    expect(page.locator("section[aria-labelledby=orders] tbody tr")).to_have_count(1)
    expect(page.locator("section[aria-labelledby=payments] tbody tr")).to_have_count(1)


def order_two_images(page: Page) -> None:
    """Twice the same press makes one order, and the page lives until it is done."""
    page.goto("/studio")
    page.get_by_role("link", name="render_ring.jpg").click()
    visitor.choose_looks(page, "On the hand, light skin", "White marble")
    page.get_by_role("button", name="Generate 2 images for 3 credits").dblclick()
    page.wait_for_url("**/studio/tasks/*")
    task = page.locator("#task")
    expect(task).to_contain_text("3 credits held")
    expect(task.locator("section strong")).to_have_text(re.compile("^(?!Starting)."))
    expect(task).to_contain_text("1 of 2 images", timeout=visitor.WORK_MS)
    visitor.wait_for_end(page, "Your images")
    expect(task.get_by_text("no large change from your cutout was found")).to_have_count(2)


def see_the_result(page: Page) -> None:
    page.get_by_role("link", name="Compare and download").first.click()
    verdict = page.locator(".card--marked")
    expect(verdict).to_contain_text("No large change from your approved cutout was found")
    expect(verdict).to_contain_text("What was added, changed or left out:")
    expect(verdict.get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("img", name="Your photo")).to_be_visible()
    expect(page.locator("main")).to_contain_text("a computer-generated (virtual) model")
    page.get_by_role("button", name="Mark as favorite").click()
    expect(page.get_by_role("button", name="Favorite ✓")).to_be_visible()


def download_it_marked(page: Page) -> None:
    page.get_by_label("Format").select_option("png")
    with page.expect_download() as image:
        page.locator("#download").get_by_role("button", name="Download").click()
    data = content(image.value)
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "PNG"
    assert min(picture.size) >= 1024
    mark = b"<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/"
    assert mark + b"compositeSynthetic<" in data


def find_it_in_the_library(page: Page) -> None:
    page.goto("/library/images")
    expect(page.locator("figure")).to_have_count(2)
    page.get_by_role("link", name="Favorites").click()
    expect(page.locator("figure")).to_have_count(1)
    expect(page.locator("figure")).to_contain_text("On the hand, light skin")


def content(download: Download) -> bytes:
    """The bytes that came down."""
    return download.path().read_bytes()
