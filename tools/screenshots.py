"""Photograph every page of the demo, wide and narrow, light and dark, into ./screenshots.

Uses the service that runs on PORT, else starts one of its own in a temporary folder.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browsers import FLAGS, program  # noqa: E402  the path has to be there first
from tests.support.service import health_at, start  # noqa: E402

OUT = ROOT / "screenshots"
WIDTHS_PX = (1280, 390)
THEMES = ("light", "dark")
VISITOR = (
    "/",
    "/pricing",
    "/refund-policy",
    "/status",
    "/image-check",
    "/account/login/",
    "/account/signup/",
)
SELLER = (
    *("/studio", "/studio/batches", "/studio/scenes"),
    *("/library", "/library/images", "/library/photos"),
    *("/library/deleted", "/credits", "/billing", "/settings", "/settings/people"),
    *("/pricing", "/demo/"),
)
DESK = (
    "/desk",
    "/desk/unconfirmed",
    "/desk/closed-silently",
    "/desk/mail",
    "/desk/replies",
    "/desk/disputes",
    "/desk/incidents",
    "/desk/messages",
    "/desk/reconciliation",
    "/desk/policy",
    "/desk/processor",
    "/desk/retention",
    "/desk/email",
)
PEOPLE = {
    "Ida Example": (
        SELLER,
        (
            *(
                "/library/images/",
                "/library/pieces/",
                "/studio/photos/",
                "/studio/tasks/",
                "/billing/orders/",
            ),
            *("/billing/subscriptions/", "/checkout/tray", "/checkout/bench", "/credits/"),
        ),
    ),
    "Otto Example": (
        (
            "/requests",
            "/requests/new",
            "/requests/new?category=unused",
            "/requests/new?category=visibly_broken",
            "/refund-policy",
            "/billing",
        ),
        (
            *("/requests/case_", "/requests/decisions/", "/refund-policy/"),
            *("/billing/orders/", "/billing/subscriptions/"),
        ),
    ),
    "Olga Example": (
        (
            *("/desk/settings", "/desk/prices", "/desk/credits", "/desk/staff"),
            *(
                "/desk/record",
                "/desk/record/acts",
                "/desk/reports",
                "/desk/margins",
                "/desk/generators",
            ),
        ),
        (),
    ),
    "Vera Example": (
        DESK,
        tuple(f"/desk/{sort}/" for sort in ("cases", "customers", "disputes", "incidents"))
        + tuple(f"/desk/{sort}/" for sort in ("orders", "tasks", "decisions", "mail")),
    ),
}
"""Whose pages: the fixed ones, and under an id the first link of each sort that these offer."""

PHOTO = "/studio/photos/"
"""Where each photo is; a step further its cutout is corrected, which few pages link to."""
AN_ID = re.compile(r"[a-z]+_\w{10,}")
NO_PAGES = (".pdf", ".md", ".json", "/download", "/full", "/picture", "/card", "/pay")

LOAD_ALL = """() => Promise.all([...document.images].map(image => {
  image.loading = "eager";
  return image.decode().catch(() => {});
}))"""
"""What is further down is loaded only when somebody scrolls; a whole picture needs all of it."""
OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true; })"
"""What is folded away is looked at too."""


def main() -> None:
    """Take every picture, saying which page it is of."""
    shutil.rmtree(OUT, ignore_errors=True)
    with address() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        for theme in THEMES:
            for width_px in WIDTHS_PX:
                take_all(browser, url, theme, width_px)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")


@contextmanager
def address() -> Iterator[str]:
    """The running demo's address, or that of one started for this."""
    url = f"http://localhost:{os.environ.get('PORT', '8000')}"
    if health_at(url).get("healthy"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="jm-") as folder:
        Path(folder).chmod(0o711)  # the database's user must pass through it
        print("Starting a demo …")
        service = start(Path(folder) / "data")
        try:
            service.wait_until_ready(timeout_s=300)
            yield service.url
        finally:
            service.stop()


def found_by(page: Page, fixed: tuple[str, ...], followed: tuple[str, ...]) -> list[str]:
    """The pages of whoever is signed in: the fixed ones, and one of each sort under an id."""
    found: dict[str, str] = {}
    waiting = list(fixed)
    while waiting:
        page.goto(waiting.pop(0))
        for link in page.locator("main a[href]").evaluate_all("all => all.map(a => a.href)"):
            place = urlsplit(link).path
            sort = next((start for start in followed if place.startswith(start)), None)
            if sort and sort not in found and not place.endswith(NO_PAGES):
                found[sort] = place
                waiting.append(place)
    tools = ("correct", "packshot")
    editors = [
        f"{place}/{tool}" for place in found.values() if place.startswith(PHOTO) for tool in tools
    ]
    return [*fixed, *found.values(), *editors]


def become(page: Page, name: str) -> None:
    """Be one of the demo's people."""
    page.goto("/demo/")
    page.locator("main").get_by_role("button", name=name).click()
    page.wait_for_load_state()


def take_all(browser: Browser, url: str, theme: str, width_px: int) -> None:
    """Photograph the visitor's pages, then those of each person."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": width_px, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    for path in VISITOR:
        take(page, path, f"{theme}-{width_px}")
    for name, (fixed, followed) in PEOPLE.items():
        become(page, name)
        for path in found_by(page, fixed, followed):
            take(page, path, f"{theme}-{width_px}")
    context.close()


def take(page: Page, path: str, variant: str) -> None:
    """Photograph one page whole; a page that answers with an error is named aloud."""
    answer = page.goto(path)
    if answer is None or not answer.ok:
        print(f"!! {path} answered {answer and answer.status}")
    page.wait_for_load_state("networkidle")
    named = AN_ID.sub("one", path.partition("?")[0].strip("/")).replace("/", "-") or "home"
    name = f"{named}-asked" if "?" in path else named
    OUT.mkdir(exist_ok=True)
    page.evaluate(LOAD_ALL)
    page.evaluate(OPEN_ALL)
    page.screenshot(path=OUT / f"{name}-{variant}.png", full_page=True)


if __name__ == "__main__":
    main()
