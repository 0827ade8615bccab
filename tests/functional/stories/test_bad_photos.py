"""Files that are no photo of a piece: each gets a sentence, and nothing is held."""

import io

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from jewelrymodel.studio.model_templates import PACK
from tests.support import visitor

RING = (visitor.PHOTOS / "render_ring.jpg").read_bytes()


def encoded(image: Image.Image, fmt: str) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, fmt)
    return out.getvalue()


UNREADABLE = {
    "a shopping list": (b"two eggs, some flour", "We can’t read this file as a photo."),
    "0 bytes": (b"", "The file is empty (0 bytes)."),
    "half a photo": (RING[: len(RING) // 2], "The file is damaged or incomplete."),
    "40,000 pixels": (
        encoded(Image.new("1", (40_000, 40)), "PNG"),
        "The photo has too many pixels",
    ),
    "a bomb": (encoded(Image.new("1", (11_000, 11_000)), "PNG"), "The photo has too many pixels"),
    "a thumbnail": (
        encoded(Image.new("RGB", (90, 60)), "JPEG"),
        "The photo is only 90 × 60 pixels.",
    ),
}
"""What is wrong with a file: its bytes, and how the sentence about it begins."""


@pytest.mark.parametrize("wrong", UNREADABLE)
def test_a_file_that_cant_be_read_is_refused_at_once(page: Page, wrong: str) -> None:
    data, sentence = UNREADABLE[wrong]
    visitor.become(page, "Ida Example")
    before = visitor.statement(page)
    visitor.choose_photo(page, named("ring.jpg", data))
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_label("Drop a photo here, or choose one")).to_be_visible()
    assert visitor.statement(page) == before


def test_photos_without_a_piece_are_refused_before_anything_is_held(page: Page) -> None:
    visitor.become(page, "Ida Example")
    before = visitor.statement(page)
    sheet = encoded(Image.new("RGB", (600, 600), (236, 234, 230)), "JPEG")
    visitor.choose_photo(page, named("sheet.jpg", sheet))
    be_told(page, "We couldn’t find a piece in this photo.")
    person = (PACK / "hand-light-35" / "picture.webp").read_bytes()
    visitor.choose_photo(page, named("hand.webp", person))
    be_told(page, "This looks like a person or a hand rather than a piece of jewelry.")
    assert visitor.statement(page) == before


def be_told(page: Page, sentence: str) -> None:
    """See on the photo's page, which looks by itself, why it can't be used and what it cost."""
    visitor.wait_for_end(page, "This photo can’t be used")
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.locator("main")).to_contain_text("0 credits. No credits were held or charged.")


def named(name: str, data: bytes) -> FilePayload:
    """A file as a browser sends it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}
