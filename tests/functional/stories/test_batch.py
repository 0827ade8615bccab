"""Many photos at once in a browser: sent, approved at a glance, shown in one look, taken home."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support import pieces, visitor
from tests.support.service import Service
from tests.support.usability import assert_usable

SENT = "10 of 12 photos sent."
NAMES = (
    *("ring-12_front", "ring-12_side", "ring-13", "ring-14", "ring-15"),
    *("ring-16", "ring-17", "ring-18", "ring-19", "IMG_2041"),
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twelve: ten photos, one of them twice, and one that is none.

    Files all differ. What they show is one of three rings: the network, whose answers are kept by
    the picture, takes longer for one more than all that this story asks of it.
    """
    folder = tmp_path_factory.mktemp("photos")
    for n, name in enumerate(NAMES):
        kind = n % 3
        ring = pieces.golden(pieces.ring(squeeze=0.75 + 0.1 * kind), stone=(160, 60 * kind, 50))
        photo = Image.fromarray(pieces.photographed(ring))
        photo.save(folder / f"{name}.jpg", quality=92, comment=name)
    (folder / "twin.jpg").write_bytes((folder / "ring-13.jpg").read_bytes())
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def batch(browser: Browser, service: Service, files: list[Path]) -> Iterator[str]:
    """The address of a batch to which the files were sent, from a phone with a dark screen."""
    context = browser.new_context(
        base_url=service.url, viewport={"width": 390, "height": 844}, color_scheme="dark"
    )
    page = context.new_page()
    visitor.become(page, "Ida Example")
    visitor.begin_batch(page)
    page.locator("#batch-files").set_input_files(files)
    expect(page.locator("#sending [data-words]")).to_have_text(SENT, timeout=visitor.WORK_MS)
    yield page.url
    context.close()


@pytest.fixture
def seller(page: Page) -> Page:
    visitor.become(page, "Ida Example")
    return page


def cards(page: Page) -> Locator:
    return page.locator(".batch-card")


def shown(page: Page) -> Locator:
    return page.locator(".batch-card[data-state^=shown]")


def test_what_became_no_photo_says_why_after_a_reload_too(seller: Page, batch: str) -> None:
    seller.goto(batch)
    expect(cards(seller)).to_have_count(10)
    refused = seller.locator("[data-refused]")
    expect(refused).to_have_count(2)
    expect(refused.filter(has_text="broken.jpg")).to_contain_text("can’t read")
    twin = refused.filter(has_text="twin.jpg")
    expect(twin.get_by_role("link")).to_have_attribute("href", re.compile("/studio/photos/"))
    seller.get_by_role("button", name="Dismiss (broken.jpg)").click()
    expect(refused).to_have_count(1)


def test_the_same_folder_again_sends_nothing_twice_and_a_twin_can_be_added(
    seller: Page, batch: str, files: list[Path]
) -> None:
    seller.goto(batch)
    seller.locator(".batch-drop > summary").click()
    seller.locator("#batch-files").set_input_files(files)
    expect(seller.locator("#sending [data-words]")).to_have_text(SENT, timeout=visitor.WORK_MS)
    expect(cards(seller)).to_have_count(10)
    seller.get_by_role("button", name=re.compile("Add it anyway")).click()
    expect(cards(seller)).to_have_count(11)
    seller.goto(batch)
    expect(seller.locator("[data-refused]").filter(has_text="twin")).to_have_count(0)


def test_cutouts_come_by_themselves_and_photos_of_one_piece_are_joined(
    seller: Page, batch: str
) -> None:
    seller.goto(batch)
    expect(shown(seller)).to_have_count(11, timeout=3 * visitor.WORK_MS)
    seller.goto(batch)
    seller.get_by_role("button", name="Make one piece (ring-12)").click()
    expect(seller.get_by_text("These photos are one piece now: ring-12.")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_batch_can_be_used_by_everybody(seller: Page, batch: str, width: int, theme: str) -> None:
    seller.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    seller.goto(batch)
    assert shown(seller).count() == 11
    assert_usable(seller, width)


def test_kinds_and_sizes_are_typed_by_keys_and_kept(seller: Page, batch: str) -> None:
    seller.goto(batch)
    first, second = shown(seller).nth(0), shown(seller).nth(1)
    first.locator("[data-field=kind]").select_option("ring")
    first.locator("[data-field=kind]").focus()
    seller.keyboard.press("Tab")
    seller.keyboard.type("7")
    seller.keyboard.press("Tab")
    first.locator("[data-field=unit]").select_option("us")
    second.locator("[data-field=kind]").select_option("ring")
    second.locator("[data-field=size]").focus()
    with seller.expect_response("**/approve"):
        seller.keyboard.press("Control+d")
    expect(second.locator("[data-field=size]")).to_have_value("7")
    expect(second.locator("[data-field=unit]")).to_have_value("us")
    expect(seller.locator("[data-said]")).to_have_text("Saved")
    ids = [first.get_attribute("id"), second.get_attribute("id")]
    seller.goto(batch)
    for one in ids:
        expect(seller.locator(f"[id='{one}'] [data-field=size]")).to_have_value("17.32")


def test_all_are_approved_at_once_and_one_look_is_made_of_them(seller: Page, batch: str) -> None:
    seller.goto(batch)
    approve = seller.locator("[data-approve]")
    expect(approve).to_be_disabled()
    for box in seller.locator(".batch-card__tick input").all():
        box.check()
    seller.get_by_label("Kind", exact=True).select_option("ring")
    seller.get_by_label("Size", exact=True).fill("17.5")
    seller.get_by_role("button", name="Apply to all selected").click()
    expect(approve).to_have_text("Approve 11 cutouts")
    approve.click()
    expect(seller.get_by_text("11 cutouts approved.")).to_be_visible()
    seller.get_by_role("link", name="Choose a look for 11 approved").click()
    previews = seller.locator("[data-tile] .look__preview")  # of the looks that are in view
    expect(previews.first).to_be_visible(timeout=visitor.WORK_MS)
    expect(previews.first).to_have_attribute("alt", re.compile("^Preview: .+, (ring-1|IMG)"))
    assert_usable(seller)
    make = seller.locator("[data-make]")
    expect(make).to_be_disabled()
    seller.get_by_role("radio", name="White marble").check()
    ticked = seller.locator("input[name=photo]:checked")
    expect(ticked).to_have_count(10)  # one photo of each piece
    for n in range(9, 1, -1):
        ticked.nth(n).uncheck()
    expect(make).to_have_text(re.compile(r"Make 2 images for \d+ credits"))
    make.click()
    expect(seller.get_by_role("heading", name="Your images are being made")).to_be_visible()
    download = seller.get_by_role("link", name="Download all (zip)")
    expect(download).to_be_visible(timeout=visitor.WORK_MS)
    with seller.expect_download() as taken:
        download.click()
    with zipfile.ZipFile(io.BytesIO(Path(taken.value.path()).read_bytes())) as archive:
        names = archive.namelist()
    assert len(names) == 2
    assert all(re.fullmatch(r"(ring-1\d|img-2041)-marble-1x1\.jpg", one) for one in names), names
