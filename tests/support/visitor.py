"""What a visitor does in the browser, step by step, by the words that they read there."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, FrameLocator, Page, expect

from tests.support.outside import PASSWORD
from tests.support.service import wait_for

PHOTOS = Path(__file__).resolve().parents[1] / "photos"
WORK_MS = 150_000  # a cutout or an image takes seconds, many of them on a busy machine
GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
MODEL_EMAIL = "anna@person.example"
NOTE_WHEN_SHOWN = """query => document.addEventListener("htmx:afterSettle", shown => {
  const asked = new URL(shown.detail.xhr.responseURL);
  if (asked.pathname.endsWith("/promise")) return;
  document.body.toggleAttribute("data-consents-shown", asked.search.includes(query));
})"""
"""What is promised for images is asked for with the same words, and shows no boxes."""
ASKING_CARD = "4000 0027 6000 3184"


def become(page: Page, name: str) -> None:
    """Be one of the demo's people."""
    page.goto("/demo/")
    page.get_by_role("button", name=f"Sign in as {name}").click()
    page.wait_for_url("**/studio")


def open_email(page: Page, address: str) -> FrameLocator:
    """The newest email to somebody, opened in the outbox once the queue has sent it."""
    letters = page.get_by_role("row").filter(has_text=address)

    def has_come() -> bool:
        page.goto("/demo/outbox")
        return letters.count() > 0

    wait_for(has_come, timeout_s=60, what="the email didn't come")
    letters.first.get_by_role("link").click()
    return page.frame_locator("iframe.mail")


def sign_in(page: Page, email: str, password: str = PASSWORD, start: str = "studio") -> None:
    """Sign in by address and password; *start* is the page where this person begins."""
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/{start}", timeout=WORK_MS)


def begin_batch(page: Page) -> str:
    """Begin a batch of many photos, and be on its page; its id."""
    page.goto("/studio/batches")
    page.get_by_role("button", name="Start a batch").click()
    page.wait_for_url("**/studio/batches/*")
    return page.url.rsplit("/", 1)[-1]


def upload(page: Page, photo: Path | FilePayload) -> None:
    """Choose a file on the studio's page, which sends it at once."""
    page.goto("/studio")
    with page.expect_navigation():
        page.get_by_label("Drop a photo here, or choose one").set_input_files(photo)


def choose_photo(page: Page, photo: Path | FilePayload) -> None:
    """Choose a file on the studio's page, which sends it at once; as another piece, if asked."""
    upload(page, photo)
    if "/studio/again" in page.url:
        page.get_by_role("button", name="Upload it as another piece").click()


def approve(page: Page, *, kind: str, size_mm: float) -> None:
    """Wait for the cutout, say what it is and how large, and use it."""
    expect(page.get_by_role("heading", name="Is this your piece?")).to_be_visible(timeout=WORK_MS)
    choose_kind(page, kind)
    page.get_by_label("Actual size").fill(str(size_mm))
    page.get_by_role("button", name="Yes, use this cutout").click()
    expect(page.get_by_role("heading", name="Choose looks")).to_be_visible()


def choose_kind(page: Page, kind: str) -> None:
    """Say what the piece is: by its picture where the page is unsure, else from the list."""
    pictured = page.locator(f"label:has(input[type=radio][name=kind][value={kind}])")
    if pictured.count():
        pictured.click()
    else:
        page.locator("select[name=kind]").select_option(kind)


def choose_looks(page: Page, *looks: str, hosted: bool = False) -> None:
    """Tick looks by their titles; the button then says what they cost."""
    if hosted:
        page.locator("details.generator > summary").click()
        page.get_by_role("radio", name="Hosted generator").check()
    for look in looks:
        page.locator("form[data-order]").get_by_role("checkbox", name=look).check()


def generate(page: Page) -> None:
    """Press the order's button, and be led to the order's page."""
    page.get_by_role("button", name="Generate").click()
    page.wait_for_url("**/studio/tasks/*")


def wait_for_end(page: Page, heading: str) -> None:
    """Look on until the order's page says by itself how it ended."""
    expect(page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible(
        timeout=WORK_MS
    )


def check_out(page: Page, sku: str, *, country: str, capacity: str) -> None:
    """Fill in the checkout page, all boxes ticked, up to the last button."""
    page.goto(f"/checkout/{sku}")
    page.get_by_label("Country").select_option(country)
    consent_as(page, capacity)


def consent_as(page: Page, capacity: str) -> None:
    """Say in what capacity one buys, and tick the boxes that are shown for it.

    They come with an answer of the service; what is ticked before they stand there is lost.
    """
    page.evaluate(NOTE_WHEN_SHOWN, f"capacity={capacity}")
    page.locator(f"input[value={capacity}]").check()
    expect(page.locator("body[data-consents-shown]")).to_be_attached()
    for box in page.locator("#consents input[type=checkbox]").all():
        box.check()


def to_payment_page(page: Page) -> None:
    """Accept the terms, and be led to the processor."""
    page.get_by_role("button", name="Accept the terms and").click()
    page.wait_for_url("**/c/pay/*")


def fill_card(page: Page, number: str) -> None:
    """Write a card into the processor's page."""
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expires").fill("12 / 40")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on the card").fill("Vera Example")


def pay(page: Page, number: str) -> None:
    """Pay with a card."""
    fill_card(page, number)
    page.get_by_role("button", name=re.compile("^(Pay|Subscribe)")).click()


def credits_of(page: Page) -> dict[str, int]:
    """What the credits page says there is."""
    page.goto("/credits")
    figures = page.locator(".balance__figures > div")
    return {
        figure.locator("dt").inner_text(): int(figure.locator("dd").inner_text())
        for figure in figures.all()
    }


def statement(page: Page) -> list[tuple[str, str]]:
    """The statement's lines, newest first: what happened, and how many credits."""
    page.goto("/credits")
    rows = page.locator("section[aria-labelledby=statement] tbody tr").all()
    return [
        (row.get_by_role("rowheader").inner_text(), row.locator("td.amount").first.inner_text())
        for row in rows
    ]


def ask_a_model(page: Page, email: str = MODEL_EMAIL) -> str:
    """Ask somebody for an agreement on a photo of theirs; return the id of that own model."""
    page.goto("/models/new")
    page.get_by_label("Photo of your model").set_input_files(PHOTOS / "render_ring.jpg")
    page.get_by_label("Name of this look").fill("Anna, window light")
    page.get_by_label("Name of the person in the photo").fill("Anna Beispiel")
    page.get_by_label("Their email address").fill(email)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Anna, window light")).to_be_visible()
    return page.url.rsplit("/", 1)[-1]
