"""The main story, as a new seller lives it: from sign-up to a marked image in the library."""

import io
import re

from PIL import Image
from playwright.sync_api import Download, Page, expect

from tests.support import visitor
from tests.support.outside import PASSWORD

EMAIL = "vera@story.example"
BUY = "Buy 20 credits for $9.00, no tax added, and make 4 images"


def test_from_sign_up_to_a_published_image(page: Page) -> None:
    sign_up(page)
    visitor.choose_photo(page, visitor.PHOTOS / "render_ring.jpg")
    see_the_photo_cut_out(page)
    assert visitor.statement(page) == [("Free credits of a new account", "+4")]
    page.go_back()
    be_told_what_is_missing(page)
    buy_it_there_as_a_consumer_in_the_eu(page)
    pay_at_the_third_try(page)
    see_it_made(page)
    see_the_result(page)
    download_it_marked(page)
    find_it_in_the_library(page)
    assert visitor.credits_of(page) == {"Available": 19, "Held for running generations": 0}
    assert visitor.statement(page) == [
        ("Spent on delivered images", "−5"),
        ("Held for a generation", "5 held"),
        ("Credit pack", "+20"),
        ("Free credits of a new account", "+4"),
    ]
    see_the_receipt(page)


def sign_up(page: Page) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    visitor.open_email(page, EMAIL).get_by_role("link").first.click()
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
    """The button offers what the choice costs; past what there is, it offers to buy the rest."""
    visitor.choose_looks(page, "On the hand, light skin", "White marble")
    expect(page.get_by_role("button", name="Generate 2 images for 3 credits")).to_be_visible()
    visitor.choose_looks(page, "Dark velvet", "Natural linen")
    expect(page.get_by_role("heading", name="1 credit is missing")).to_be_visible()
    page.get_by_role("button", name=BUY).click()


def buy_it_there_as_a_consumer_in_the_eu(page: Page) -> None:
    expect(page.get_by_role("alert")).to_contain_text("choose the country")
    page.get_by_label("Country").select_option("DE")
    visitor.consent_as(page, "consumer")
    expect(page.locator("#consents input:checked")).to_have_count(2)
    page.get_by_role("button", name=BUY).dblclick()
    page.wait_for_url("**/c/pay/*")


def pay_at_the_third_try(page: Page) -> None:
    """Declined, then authenticated and charged; the work goes on where it was."""
    visitor.pay(page, visitor.DECLINED_CARD)
    expect(page.get_by_role("alert")).to_contain_text("Your card was declined.")
    visitor.pay(page, visitor.ASKING_CARD)
    page.get_by_role("button", name="Fail the authentication").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visitor.fill_card(page, visitor.ASKING_CARD)
    page.get_by_role("button", name=re.compile("^Pay")).dblclick()
    page.get_by_role("button", name="Confirm the payment").dblclick()
    page.wait_for_url("**/studio/tasks/*")


def see_it_made(page: Page) -> None:
    """The page lives until it is done."""
    task = page.locator("#task")
    expect(task).to_contain_text("1 of 4 images", timeout=visitor.WORK_MS)
    expect(page).to_have_title(re.compile(r"^\d/4 · Making your images"))
    visitor.wait_for_end(page, "Your images")
    expect(task.get_by_text("no large change from your cutout was found")).to_have_count(4)


def see_the_receipt(page: Page) -> None:
    page.goto("/billing")
    expect(page.locator("section[aria-labelledby=orders] tbody tr")).to_have_count(1)
    expect(page.locator("section[aria-labelledby=payments] tbody tr")).to_have_count(1)
    page.locator("section[aria-labelledby=orders] tbody a").first.click()
    with page.expect_download() as receipt:
        page.get_by_role("link", name=re.compile("^Receipt RCP-")).click()
    assert content(receipt.value).startswith(b"%PDF")


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
    expect(page.locator("figure")).to_have_count(4)
    page.get_by_role("link", name="Favorites").click()
    expect(page.locator("figure")).to_have_count(1)
    expect(page.locator("figure")).to_contain_text("On the hand, light skin")


def content(download: Download) -> bytes:
    """The bytes that came down."""
    return download.path().read_bytes()
