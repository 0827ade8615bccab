"""A seller mends a cutout: with mouse, keys and fingers, and loses nothing on the way."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from tests.support import visitor
from tests.support.service import Service

PHONE = {"width": 390, "height": 844}
WHITE = [255, 255, 255]
GRAVE = {"serious", "critical"}
COLOR_AT = """async (canvas, [x, y]) => {
  const frame = () => new Promise((then) => { requestAnimationFrame(then); });
  await frame();  // what was asked for is painted in the next one
  await frame();
  const scale = canvas.width / canvas.clientWidth;
  const data = canvas.getContext("2d").getImageData(x * scale, y * scale, 1, 1).data;
  return [...data].slice(0, 3);
}"""
COVERED = """button => {
  const box = button.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return !button.contains(top);
}"""
Place = tuple[float, float]


@pytest.fixture(scope="module")
def cutout(browser: Browser, service: Service) -> str:
    """The address of a photo of the demo's ring maker, cut out and not yet approved."""
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    visitor.become(page, "Ida Example")
    visitor.choose_photo(page, visitor.PHOTOS / "render_ring.jpg")
    heading = page.get_by_role("heading", name="Is this your piece?")
    expect(heading).to_be_visible(timeout=visitor.WORK_MS)
    address = page.url
    context.close()
    return address


@pytest.fixture
def phone(browser: Browser, service: Service) -> Iterator[Page]:
    """The ring maker with a phone."""
    context = browser.new_context(
        base_url=service.url, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    page = context.new_page()
    visitor.become(page, "Ida Example")
    yield page
    context.close()


def edit(page: Page, cutout: str) -> Locator:
    """Open the editor from the photo's page; the canvas, with the cutout on white."""
    page.goto(cutout)
    page.get_by_role("link", name="Correct the cutout").click()
    return on_white(page)


def on_white(page: Page) -> Locator:
    expect(page.locator("[data-ready]")).to_be_visible()
    change = page.get_by_role("button", name="Change the background")
    change.click()
    change.click()
    expect(status(page)).to_have_text("Background: white")
    return page.locator("canvas")


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def color(canvas: Locator, place: Place) -> list[int]:
    """What is on the canvas there."""
    return cast(list[int], canvas.evaluate(COLOR_AT, list(place)))


def center(canvas: Locator) -> Place:
    """The middle of the canvas, in its own pixels: inside the ring's opening."""
    return canvas.evaluate("one => one.clientWidth / 2"), canvas.evaluate(
        "one => one.clientHeight / 2"
    )


def stroke(page: Page, canvas: Locator, *places: Place) -> None:
    """Draw with the mouse."""
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + places[0][0], box["y"] + places[0][1])
    page.mouse.down()
    for x, y in places:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.up()


def update(page: Page) -> None:
    """Send the corrections and wait until they are worked in."""
    page.get_by_role("button", name="Update the cutout").click()
    expect(status(page)).to_contain_text("The cutout is updated.", timeout=visitor.WORK_MS)


def saved(page: Page) -> list[dict[str, Any]]:
    """The corrections that the page has from the server, when it is opened anew."""
    page.reload()
    return cast(list[dict[str, Any]], json.loads(page.locator("#corrections").inner_text()))


def start_over(page: Page) -> None:
    """Take all corrections away, and see that none is left."""
    on_white(page)
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    expect(page.locator("[data-unsent]")).not_to_be_empty()
    update(page)
    assert saved(page) == []


def test_a_stroke_shows_at_once_and_can_be_undone(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    assert color(canvas, (x, y)) == WHITE
    stroke(page, canvas, (x - 40, y), (x + 40, y))
    expect(status(page)).to_contain_text("Added.")
    assert color(canvas, (x, y)) != WHITE
    page.get_by_role("button", name="Erase").click()
    stroke(page, canvas, (x - 40, y), (x + 40, y))
    expect(status(page)).to_contain_text("Erased.")
    assert color(canvas, (x, y)) == WHITE
    page.get_by_role("button", name="Undo").click()
    expect(status(page)).to_have_text("Undone")
    assert color(canvas, (x, y)) != WHITE
    page.get_by_role("button", name="Redo").click()
    expect(status(page)).to_have_text("Redone")
    assert color(canvas, (x, y)) == WHITE


def test_a_tap_removes_a_part_but_never_the_whole_piece(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    stroke(page, canvas, (x - 40, y), (x + 40, y))
    page.get_by_role("button", name="Remove part").click()
    stroke(page, canvas, (x, y))
    expect(status(page)).to_have_text("Part removed")
    assert color(canvas, (x, y)) == WHITE
    stroke(page, canvas, (x, y))
    expect(status(page)).to_have_text("There is nothing of the cutout here.")
    band = next(
        (x, y + step) for step in range(20, int(y), 4) if color(canvas, (x, y + step)) != WHITE
    )
    stroke(page, canvas, (band[0], band[1] + 6))
    expect(status(page)).to_contain_text("This is the whole piece.")
    stroke(page, canvas, (band[0], band[1] - 9))  # a finger's width beside it
    expect(status(page)).to_have_text("There is nothing of the cutout here.")
    expect(page.locator("[data-unsent]")).to_have_text("2 not sent")


def test_the_other_tools_show_what_they_do(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    stroke(page, canvas, (x - 40, y), (x + 40, y))
    hold = page.get_by_role("button", name="Hold to see your photo")
    hold.hover()
    page.mouse.down()
    expect(hold).to_have_attribute("aria-pressed", "true")
    page.mouse.up()
    expect(hold).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Open a hole").click()
    stroke(page, canvas, (x, y))
    expect(status(page)).to_have_text("Hole opened")
    assert color(canvas, (x, y)) == WHITE
    band = next(
        (x, y + step) for step in range(20, int(y), 4) if color(canvas, (x, y + step)) != WHITE
    )
    page.get_by_role("button", name="Retouch").click()
    stroke(page, canvas, (band[0] - 10, band[1] + 8), (band[0] + 10, band[1] + 8))
    expect(status(page)).to_have_text("Retouched")
    assert color(canvas, (band[0], band[1] + 8)) != WHITE
    page.get_by_role("button", name="Cut apart").click()
    stroke(page, canvas, (x, y), (x, y + 300))
    expect(status(page)).to_have_text("Cut apart")
    page.get_by_role("button", name="Add part").click()
    stroke(page, canvas, (band[0] + 4, band[1] + 8))
    expect(status(page)).to_have_text("This is already part of the cutout.")
    expect(page.locator("[data-unsent]")).to_have_text("4 not sent")


def test_a_tap_makes_a_hole_in_the_piece_solid(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    hole = next((x, y + 12 + n) for n in range(20, int(y), 2) if color(canvas, (x, y + n)) != WHITE)
    page.get_by_label("Brush size").fill("8")
    page.keyboard.press("e")
    stroke(page, canvas, hole)
    assert color(canvas, hole) == WHITE
    page.get_by_role("button", name="Add part").click()
    stroke(page, canvas, (hole[0] + 6, hole[1]))  # on the metal, next to it
    expect(status(page)).to_contain_text("Made solid")
    assert color(canvas, hole) != WHITE


@pytest.mark.parametrize(("tool", "offer", "said", "done"), [
    ("Open a hole", "Open 2", "Hole opened. Others like it are outlined.", "Holes opened"),
    ("Remove part", "Remove 2", "Part removed. Other loose parts are outlined.", "Parts removed"),
])  # fmt: skip
def test_what_is_like_it_is_offered_and_goes_as_one(
    page: Page, cutout: str, tool: str, offer: str, said: str, done: str
) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    for dx in (-60, 0, 60):  # paper inside the ring, as a network fills it; ticks of a ruler
        stroke(page, canvas, (x + dx - 4, y), (x + dx + 4, y))
    page.get_by_role("button", name=tool).click()
    stroke(page, canvas, (x - 60, y))
    more = page.get_by_role("button", name=f"{offer} more like this")
    expect(more).to_be_visible()
    expect(status(page)).to_have_text(said)
    assert color(canvas, (x - 60, y)) == WHITE
    more.click()
    expect(status(page)).to_have_text(done)
    expect(more).to_be_hidden()
    assert color(canvas, (x, y)) == color(canvas, (x + 60, y)) == WHITE
    expect(page.locator("[data-unsent]")).to_have_text("5 not sent")
    page.keyboard.press("u")
    expect(page.locator("[data-unsent]")).to_have_text("4 not sent")
    assert WHITE not in (color(canvas, (x, y)), color(canvas, (x + 60, y)))
    assert color(canvas, (x - 60, y)) == WHITE


def test_an_offer_is_declined_by_going_on(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    clean = page.get_by_role("button", name="Clean edge")
    clean.click()
    offer = page.get_by_role("button", name="Clean the whole outline")
    for decline in (lambda: page.get_by_role("button", name="No, only this").click(),
                    lambda: page.keyboard.press("u")):  # fmt: skip
        stroke(page, canvas, (x - 20, y), (x + 20, y))
        expect(offer).to_be_visible()
        decline()
        expect(offer).to_be_hidden()
    page.keyboard.press("x")  # nothing is offered any more
    expect(page.locator("[data-unsent]")).to_have_text("1 not sent")


def test_a_clean_edge_is_offered_all_round_and_kept(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    page.keyboard.press("l")
    stroke(page, canvas, (x - 20, y), (x + 20, y))
    expect(status(page)).to_contain_text("Cleaned.")
    page.keyboard.press("x")
    expect(status(page)).to_contain_text("Whole outline cleaned.")
    update(page)
    assert [one["tool"] for one in saved(page)] == ["clean", "outline"]
    start_over(page)


def test_keys_do_everything(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    canvas.focus()
    page.keyboard.press("Enter")  # shows the cursor, in the middle
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Added.")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("[data-unsent]")).to_have_text("2 not sent")
    assert color(canvas, (x + 20, y + 3)) != WHITE
    page.keyboard.press("u")
    expect(status(page)).to_have_text("Undone")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("y")
    expect(status(page)).to_have_text("Redone")
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Remove part")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_isnt_sent_survives_and_what_is_sent_is_kept(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    canvas = edit(page, cutout)
    x, y = center(canvas)
    stroke(page, canvas, (x - 40, y), (x + 40, y))
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.reload()
    assert asked == ["beforeunload"]
    expect(status(page)).to_have_text("Your corrections that weren’t sent are back.")
    canvas = on_white(page)
    assert color(canvas, (x, y)) != WHITE
    update(page)
    assert [one["tool"] for one in saved(page)] == ["keep"]
    assert asked == ["beforeunload"]
    start_over(page)


def test_two_tabs_dont_overwrite_each_other(page: Page, cutout: str) -> None:
    visitor.become(page, "Ida Example")
    other = page.context.new_page()
    late = edit(other, cutout)
    canvas = edit(page, cutout)
    x, y = center(canvas)
    stroke(page, canvas, (x, y - 20), (x, y + 20))
    update(page)
    stroke(other, late, (x - 40, y), (x + 40, y))
    other.get_by_role("button", name="Update the cutout").click()
    question = other.get_by_role("alert")
    expect(question).to_contain_text("changed in another tab or window")
    expect(question).to_contain_text("no credits were charged")
    question.get_by_role("button", name="Load the current cutout").click()
    expect(question).to_contain_text("1 corrections that weren’t sent")
    question.get_by_role("button", name="Use them").click()
    update(other)
    assert len(saved(other)) == 1
    start_over(other)


def touch(session: CDPSession, kind: str, *places: Place) -> None:
    """Let fingers down, move them, or lift them, as the screen would report it."""
    points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_one_finger_paints_and_two_zoom(phone: Page, cutout: str) -> None:
    canvas = edit(phone, cutout)
    box = canvas.bounding_box()
    assert box
    x, y = center(canvas)
    left, top = box["x"] + x, box["y"] + y
    session = phone.context.new_cdp_session(phone)
    before = color(canvas, (x, y))
    touch(session, "touchStart", (left - 20, top))
    touch(session, "touchMove", (left, top))
    touch(session, "touchMove", (left + 20, top))
    touch(session, "touchEnd")
    unsent = phone.locator("[data-unsent]")
    expect(unsent).to_have_text("1 not sent")
    assert color(canvas, (x, y)) != before == WHITE
    touch(session, "touchStart", (left - 20, top))
    touch(session, "touchStart", (left - 20, top), (left + 20, top))
    touch(session, "touchMove", (left - 60, top), (left + 60, top))
    touch(session, "touchMove", (left - 80, top), (left + 80, top))
    touch(session, "touchEnd")
    expect(unsent).to_have_text("1 not sent")
    phone.get_by_role("button", name="Zoom in").click()
    expect(status(phone)).to_have_text(re.compile(r"^Zoom [3-9]\d\d%$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_editor_fits_a_phone_and_can_be_used(phone: Page, cutout: str, theme: str) -> None:
    phone.emulate_media(color_scheme=cast(Any, theme))
    edit(phone, cutout)
    broken = [one["id"] for one in Axe().run(phone).response["violations"]
              if one["impact"] in GRAVE]  # fmt: skip
    assert broken == []
    for button in phone.locator(".editor .tool:visible, .editor__top .button:visible").all():
        assert not button.evaluate(COVERED), button.inner_html()
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not phone.evaluate(wide)


def test_without_scripts_it_says_so_and_leads_back(
    browser: Browser, service: Service, cutout: str
) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    visitor.become(page, "Ida Example")
    page.goto(f"{cutout}/correct")
    expect(page.locator("main")).to_contain_text("needs JavaScript")
    expect(page.get_by_role("button", name="Keep")).to_be_hidden()
    page.get_by_role("link", name="Back to the cutout").click()
    expect(page.get_by_role("heading", name="Is this your piece?")).to_be_visible()
    context.close()
