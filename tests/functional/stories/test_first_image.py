"""How many presses lead from the landing page to the first image of one's own piece."""

from playwright.sync_api import Locator, Page, expect

from tests.support import visitor
from tests.support.outside import PASSWORD

EMAIL = "first@story.example"
MOST = 9
LOOK = "On the neck, light skin"


def test_the_first_image_takes_nine_presses_and_nothing_is_guessed_wrong(page: Page) -> None:
    """Typing isn't counted; choosing a file is, and so is the link in the email."""
    presses = 0

    def press(what: Locator) -> None:
        nonlocal presses
        presses += 1
        what.click()

    page.goto("/")
    press(page.locator("main").get_by_role("link", name="Create an account").first)
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    press(page.get_by_role("button", name="Create account"))
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    press(visitor.open_email(page, EMAIL).get_by_role("link").first)
    press(page.get_by_role("button", name="Confirm email address"))
    page.wait_for_url("**/studio")
    presses += 1
    visitor.choose_photo(page, visitor.PHOTOS / "render_pendant.jpg")
    approve = page.get_by_role("button", name="Yes, use this cutout")
    expect(approve).to_be_visible(timeout=visitor.WORK_MS)
    expect(page.locator("[name=kind]:checked, select[name=kind]")).to_have_value("pendant")
    press(approve)
    press(page.locator("form[data-order]").get_by_role("checkbox", name=LOOK))
    press(page.get_by_role("button", name="Generate 1 image for 2 credits"))
    visitor.wait_for_end(page, "Your images")
    expect(page.locator("#task")).to_contain_text("no large change from your cutout was found")
    assert presses <= MOST
    assert visitor.credits_of(page)["Available"] == 2
