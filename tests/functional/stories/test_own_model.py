"""A seller asks a model, who agrees on a phone; a piece is worn on her; then she revokes."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support import own_models, visitor
from tests.support.browsing import NewVisitor
from tests.support.usability import assert_usable

MODEL = "anna@story.example"
LOOK = "Anna, window light"


def ask(page: Page, photo: Path) -> str:
    """Ask the model; return the address of her page with us."""
    page.goto("/models/new")
    page.get_by_label("Photo of your model").set_input_files(photo)
    page.get_by_label("What it shows").select_option("neck")
    page.get_by_label("Name of this look").fill(LOOK)
    page.get_by_label("Name of the person in the photo").fill("Anna Beispiel")
    page.get_by_label("Their email address").fill(MODEL)
    assert_usable(page)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("waiting for an answer")).to_be_visible()
    assert_usable(page)
    return page.url


def link_in_email(page: Page, part: str) -> str:
    """The address in the newest email to the model, as it stands there."""
    body = visitor.open_email(page, MODEL).locator("body")
    found = re.search(rf"http\S+/{part}/\S+", body.inner_text())
    assert found
    return found.group(0)


def agree(page: Page, link: str) -> None:
    """Read what is asked, and say yes to two places."""
    page.goto(link)
    assert_usable(page)
    page.get_by_role("button", name="Yes, I agree").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet")
    page.get_by_label("the seller’s own shop").check()
    page.get_by_label("social media").check()
    page.get_by_label("18 or older").check()
    page.get_by_label("I agree to what is written above").check()
    page.get_by_role("button", name="Yes, I agree").click()
    expect(page.get_by_role("heading", name="You agreed")).to_be_visible()
    assert_usable(page)


def set_up(page: Page, address: str) -> None:
    """Put the handles by their keys, and confirm."""
    page.goto(f"{address}/set-up")
    assert_usable(page)
    for name, (x, y) in own_models.PLACES["neck"]["points"].items():
        page.locator(f"[name={name}_x]").evaluate("(one, to) => { one.value = to; }", str(x))
        page.locator(f"[name={name}_y]").evaluate("(one, to) => { one.value = to; }", str(y - 0.02))
        handle = page.locator(f"[data-handle={name}]")
        handle.focus()
        for _step in range(10):
            handle.press("ArrowDown")
        assert float(page.locator(f"[name={name}_y]").input_value()) == round(y, 4)
        box = handle.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    page.get_by_label("Distance of the two upper handles").fill("125")


def test_from_asking_a_model_to_her_revocation(
    page: Page, let_in: NewVisitor, tmp_path: Path
) -> None:
    photo = tmp_path / "neck.jpg"
    photo.write_bytes(own_models.photo_of("neck"))
    anna = let_in()
    for one in (page, anna):
        one.set_viewport_size({"width": 390, "height": 844})
    visitor.become(page, "Marta Example")
    address = ask(page, photo)
    agree(anna, link_in_email(page, "model-agreement"))
    set_up(page, address)
    page.get_by_role("button", name="Preview with your piece").click()
    expect(page.get_by_alt_text("Preview of your piece on this model")).to_be_visible(
        timeout=visitor.WORK_MS
    )
    page.get_by_role("button", name="Confirm the places").click()
    expect(page.get_by_text("Saved. You find this look")).to_be_visible()
    page.goto("/library/photos")
    page.get_by_role("link", name="render_pendant.jpg").first.click()
    visitor.choose_looks(page, LOOK)
    page.get_by_role("button", name="Generate 1 image for 2 credits").click()
    visitor.wait_for_end(page, "Your images")
    page.locator("main a[href^='/library/images/']").first.click()
    expect(page.get_by_text("a photograph of a real person, who agreed")).to_be_visible()
    assert_usable(page)
    image = page.url
    anna.goto(link_in_email(page, "model-revocation"))
    assert_usable(anna)
    anna.get_by_role("button", name="Revoke and erase my photo").click()
    expect(anna.get_by_role("heading", name="Your agreement is revoked")).to_be_visible()
    page.goto(image)
    expect(page.get_by_text("doesn’t agree to the use of this image any more")).to_be_visible()
    assert page.request.get(f"{image}/download", max_redirects=0).status == 422
    page.goto(address)
    expect(page.get_by_text("The agreement of Anna Beispiel has ended")).to_be_visible()
    assert_usable(page)
