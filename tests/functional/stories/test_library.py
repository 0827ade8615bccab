"""A seller's library in a browser: found, collected, named, deleted, brought back, looked at."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support import visitor

DIVIDER = "one => getComputedStyle(one).getPropertyValue('--at')"
SCALE = "one => getComputedStyle(one).getPropertyValue('--scale')"


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def seller(page: Page, request: pytest.FixtureRequest) -> Page:
    page.set_viewport_size({"width": request.param, "height": 844})
    visitor.become(page, "Marta Example")
    return page


def cards(page: Page) -> Locator:
    return page.locator("main li.piece")


def test_pieces_are_found_collected_and_brought_back(seller: Page) -> None:
    seller.goto("/library")
    count = cards(seller).count()
    assert count
    download = seller.get_by_role("button", name="Download their images (zip)")
    expect(download).to_be_disabled()
    seller.get_by_label("Select all on this page").check()
    expect(seller.locator("main li.piece input:checked")).to_have_count(count)
    expect(download).to_be_enabled()
    seller.get_by_label("Collection", exact=True).last.fill("Fall")
    seller.get_by_role("button", name="Add to the collection").click()
    expect(seller.get_by_text("Added to Fall.")).to_be_visible()
    seller.get_by_text("Filters", exact=True).click()
    seller.locator("select[name=collection]").select_option(label="Fall")
    seller.get_by_role("button", name="Find").click()
    expect(cards(seller)).to_have_count(count)
    seller.get_by_label("Search").fill("nothing is called so")
    seller.get_by_role("button", name="Find").click()
    expect(seller.get_by_role("heading", name="No piece is like that")).to_be_visible()
    seller.get_by_role("link", name="All pieces").click()
    cards(seller).first.get_by_role("checkbox").check(force=True)
    seller.get_by_role("button", name="Delete selected pieces").click()
    expect(seller.get_by_role("status").filter(has_text="1 piece deleted.")).to_be_visible()
    expect(cards(seller)).to_have_count(count - 1)
    seller.get_by_role("button", name="Undo").click()
    expect(cards(seller)).to_have_count(count)


def test_a_piece_is_named_and_its_size_follows_its_kind(seller: Page) -> None:
    seller.goto("/library")
    cards(seller).first.get_by_role("link").click()
    seller.get_by_label("Name", exact=True).fill("Blue pendant")
    kind, size = seller.get_by_label("Kind of piece"), seller.get_by_label("Actual size")
    unit, hint = seller.get_by_label("Unit"), seller.locator("#id_size_helptext")
    kind.select_option("ring")
    expect(size).to_have_value("")
    expect(hint).to_contain_text("Inner diameter")
    unit.select_option("us")
    expect(size).to_have_attribute("placeholder", "7½")
    kind.select_option("pendant")
    expect(unit).to_have_value("mm")
    expect(unit.locator("option[value=us]")).to_be_disabled()
    expect(hint).to_contain_text("Height of the pendant")
    size.fill("22")
    seller.get_by_role("button", name="Save").first.click()
    expect(seller.get_by_role("heading", level=1)).to_have_text("Blue pendant")
    view = seller.locator("select[name=view]").first
    with seller.expect_navigation():
        view.select_option("front")
    expect(seller.locator("select[name=view]").first).to_have_value("front")


def test_an_image_lies_over_its_photo_and_is_zoomed(seller: Page) -> None:
    seller.goto("/library/images")
    seller.locator("main a[href^='/library/images/']").first.click()
    viewer = seller.locator("[data-viewer]")
    stage = viewer.get_by_role("group", name="Result over your photo")
    slider = viewer.get_by_role("slider", name="How much of your photo is shown")
    result = viewer.locator(".viewer__pane--result img")
    expect(slider).to_be_visible()  # since the script is there
    assert viewer.evaluate(DIVIDER) == "0%"
    slider.fill("40")
    assert viewer.evaluate(DIVIDER) == "40%"
    expect(slider).to_have_attribute("aria-valuetext", "40% of your photo shown")
    stage.press("ArrowRight")
    expect(slider).to_have_value("45")
    stage.press("+")
    assert viewer.evaluate(SCALE) == "1.5"
    expect(viewer.locator("output")).to_have_text("Zoom 150%")
    expect(result).to_have_attribute("src", re.compile(r"/full$"))
    stage.press("ArrowLeft")
    expect(slider).to_have_value("45")
    viewer.get_by_role("button", name="Zoom in").click()
    stage.press("0")
    assert viewer.evaluate(SCALE) == "1"
    viewer.get_by_role("button", name="Zoom out").click()
    assert viewer.evaluate(SCALE) == "1"
    top = viewer.bounding_box()
    button = seller.locator("#download").get_by_role("button", name="Download")
    place = button.bounding_box()
    assert top is not None
    assert place is not None
    assert place["y"] < top["y"] + 2 * 844, "the download is not far from the image"
