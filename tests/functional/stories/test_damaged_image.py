"""A seller marks the damage in an image with a finger; an agent confirms it; the credits return."""

import pytest
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.browsing import NewVisitor
from tests.support.usability import assert_usable


def mark(page: Page) -> tuple[str, str]:
    """Where the first picture is marked, in thousandths."""
    fields = page.locator("input[type=hidden][id^=id_x_], input[type=hidden][id^=id_y_]")
    return fields.nth(0).input_value(), fields.nth(1).input_value()


@pytest.mark.clause("5.3", "7.0", "8.1")
def test_a_damaged_image_is_marked_confirmed_and_made_good(let_in: NewVisitor) -> None:
    seller, vera = let_in(), let_in()
    visitor.become(seller, "Marta Example")
    seller.goto("/library/images")
    seller.locator("main a[href^='/library/images/']").last.click()
    seller.get_by_role("link", name="Report visible damage").click()
    assert_usable(seller, 390)
    picture = seller.locator("[data-mark]").first
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    x, y = map(int, mark(seller))
    assert (abs(x - 250), abs(y - 500)) <= (12, 12)
    picture.press("ArrowRight")
    picture.press("ArrowUp")
    assert mark(seller) == (str(x + 20), str(y - 20))
    seller.get_by_role("button", name="Remove the mark").first.click()
    assert mark(seller) == ("", "")
    picture.press("Enter")
    assert mark(seller) == ("500", "500"), "the keyboard begins in the middle"
    seller.get_by_label("What is damaged?").first.select_option("lost_part")
    seller.get_by_role("button", name="Send request").click()
    label = seller.get_by_role("heading", level=1).inner_text().removeprefix("Request ")
    expect(seller.locator("main svg circle")).to_have_count(1)
    assert_usable(seller, 390)
    before = visitor.credits_of(seller)["Available"]
    vera.goto("/demo/")
    vera.get_by_role("button", name="Sign in as Vera Example").click()
    vera.wait_for_url("**/desk")
    vera.get_by_role("link", name=label, exact=True).click()
    assert_usable(vera, 390)
    assert_usable(vera, 1280)
    vera.get_by_label("Visible damage", exact=True).first.check()
    vera.get_by_role("button", name="Save and decide").click()
    expect(vera.locator("main")).to_contain_text("Confirmed: Save and decide")
    expect(vera.locator("main")).to_contain_text("Damage confirmed", timeout=60_000)
    assert visitor.credits_of(seller)["Available"] == before + 1
