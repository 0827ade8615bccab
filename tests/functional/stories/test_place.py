"""A seller sees their own piece in every look, and places it by hand: with mouse, keys, figures."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import visitor
from tests.support.service import Service

PHONE = {"width": 390, "height": 844}
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def looks(browser: Browser, service: Service) -> str:
    """The address of the looks for the demo's ring, approved."""
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    visitor.become(page, "Ida Example")
    visitor.choose_photo(page, visitor.PHOTOS / "render_ring.jpg")
    visitor.approve(page, kind="ring", size_mm=17)
    address = page.url
    context.close()
    return address


@pytest.fixture
def phone(browser: Browser, service: Service) -> Iterator[Page]:
    context = browser.new_context(
        base_url=service.url, viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    page = context.new_page()
    visitor.become(page, "Ida Example")
    yield page
    context.close()


def filled(page: Page, address: str) -> None:
    """Open the looks and wait until every one shows the piece."""
    page.goto(address)
    status = page.locator(".looks__status")
    expect(status).to_have_text(re.compile(r"previews of your piece in"), timeout=visitor.WORK_MS)


def opened(page: Page, look: str) -> Locator:
    """Open the dialog of a look and wait for its preview; the stage."""
    page.locator(f"#{look} [data-opens]").click()
    expect(page.locator("#place-readout")).to_contain_text("mm wide", timeout=visitor.WORK_MS)
    return page.locator(".place__stage")


def drawn(page: Page) -> None:
    stage = page.locator(".place__stage")
    expect(stage).not_to_have_class(re.compile("is-moving|is-waiting"), timeout=visitor.WORK_MS)


def value(page: Page, name: str) -> float:
    return float(page.locator(f"[data-place={name}]").input_value())


def grave(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in GRAVE]


def test_every_tile_shows_the_piece_and_what_is_placed_is_ordered(page: Page, looks: str) -> None:
    visitor.become(page, "Ida Example")
    filled(page, looks)
    tiles = page.locator("[data-preview]:not([hidden])")
    assert page.locator("[data-preview] .look__preview").count() == tiles.count()
    assert grave(page) == []
    stage = opened(page, "linen")
    box = stage.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + box["width"] * 0.1, middle[1], steps=4)
    page.mouse.up()
    assert value(page, "right") == pytest.approx(10, abs=1)
    drawn(page)
    for key in ("ArrowLeft", "ArrowDown", "-", "]", "]"):
        page.keyboard.press(key)
    assert value(page, "right") == pytest.approx(9, abs=1)
    assert (value(page, "down"), value(page, "size"), value(page, "turn_deg")) == (1, 98, 2)
    page.get_by_role("spinbutton", name="Size").fill("90")
    page.get_by_role("spinbutton", name="Size").blur()
    drawn(page)
    assert grave(page) == []
    page.get_by_role("button", name="Use this placement").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    placed = page.locator("input[type=hidden][name=placed]")
    assert re.fullmatch(r"linen 1:1 0\.0\d+ 0\.01 2 0\.9", placed.input_value())
    expect(page.locator("#linen .look__note")).to_have_text("Placed by hand")
    visitor.generate(page)
    visitor.wait_for_end(page, "Your images")
    page.get_by_role("link", name="Compare and download").click()
    expect(page.get_by_text("Square 1:1, placed by hand")).to_be_visible()


def test_too_far_is_refused_with_a_word_and_reset_mends_it(page: Page, looks: str) -> None:
    visitor.become(page, "Ida Example")
    filled(page, looks)
    opened(page, "hand-light")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator(".place__stage").evaluate("one => one === document.activeElement"):
            break
    for _ in range(9):
        page.keyboard.press("+")
    problem = page.locator("#place-problem")
    expect(problem).to_be_visible(timeout=visitor.WORK_MS)
    expect(page.get_by_role("button", name="Use this placement")).to_be_disabled()
    page.get_by_role("button", name="Reset placement").click()
    expect(problem).to_be_hidden(timeout=visitor.WORK_MS)
    assert [value(page, name) for name in ("right", "down", "turn_deg", "size")] == [0, 0, 0, 100]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.locator("input[name=placed]").count() == 0


def test_on_a_phone_it_is_placed_with_a_finger(phone: Page, looks: str) -> None:
    filled(phone, looks)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not phone.evaluate(wide)
    assert grave(phone) == []
    stage = opened(phone, "marble")
    assert grave(phone) == []
    box = stage.bounding_box()
    assert box
    assert box["width"] <= PHONE["width"]
    touch = phone.context.new_cdp_session(phone)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, shift in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40)):
        touch.send("Input.dispatchTouchEvent",
                   {"type": kind, "touchPoints": [{"x": x + shift, "y": y}]})  # fmt: skip
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert value(phone, "right") == pytest.approx(100 * 40 / box["width"], abs=2)
