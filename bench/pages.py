"""How soon the pages of a shop with 200 pieces are there, on a first visit.

Run with ``python bench/pages.py``: on the service that runs on PORT with DATA_DIR (one that tests
started: it has their cheap passwords), else on one of its own in a temporary folder. It is stocked
with drawn pieces, from where an earlier run ended. A first visit is a browser with nothing kept;
Chromium's own observers say when the largest part was painted (LCP) and how much moved (CLS),
medians of RUNS. The narrow one is a telephone: its processor counts as four times slower. The
server's part is a ratio, in the same run: p50 of a page to that of /robots.txt, which asks nothing
of the database.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import outside, visitor
from tests.support.browsers import FLAGS, program
from tests.support.service import Service, health_at, start

PIECES = int(os.environ.get("PIECES", "200"))
AT_A_TIME = 10
RUNS = int(os.environ.get("RUNS", "3"))
ASKED = 11  # times, of the server
SETTLED_MS = 800
SLOWER = {390: 4, 1280: 1}
EMAIL = "shop@pieces.example"
DESK = ("/desk", "/desk/customers/")
STOCK = """
import json
from datetime import timedelta
from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import User
from jewelrymodel.generation.models import Asset, Collection, Photo, Piece, Task
from jewelrymodel.infra import clock
from tests.support.stocked_shop import Shop
now = clock.now()
person = User.objects.filter(email={email!r}).first()
if person is None:
    before = now - timedelta(days=90)
    person = accounts.register(
        email={email!r}, password={password!r}, account_name="Many Pieces", now=before
    ).user
account_id = person.memberships.get().account_id
Shop(account_id, now, edge_px=640).stock({pieces})
newest = {{
    rows.__name__: rows.objects.filter(account_id=account_id).latest("created_at").pk
    for rows in (Asset, Collection, Photo, Piece, Task)
}}
print(json.dumps(newest | {{"account": account_id}}))
"""
OBSERVE = """
window.painted = 0; window.moved = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => { painted = one.startTime; }))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(one => {
  if (!one.hadRecentInput) moved += one.value;
})).observe({type: "layout-shift", buffered: true});
"""
FIGURES = """() => [painted, moved,
  performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .reduce((sum, one) => sum + one.transferSize, 0) / 1000]"""


@dataclass(frozen=True)
class Visit:
    """One first visit: when the largest part was painted, how much moved, what was fetched."""

    lcp_ms: float
    cls: float
    kb: float


def main() -> None:
    """Stock the shop, then print a line for each page."""
    with service() as running, sync_playwright() as playwright:
        began = time.perf_counter()
        for count in range(PIECES % AT_A_TIME, PIECES + 1, AT_A_TIME):
            ids = stocked(running, count) if count else {}
        print(f"{PIECES} pieces, stocked in {time.perf_counter() - began:.0f} s")
        browser = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        seller, agent = (enter(browser, running, who) for who in (EMAIL, "vera@desk.example"))
        print("| page | LCP 1280 px | CLS | LCP 390 px | CLS | kB | server |")
        print("|---|---|---|---|---|---|---|")
        for address in addresses(ids):
            state = agent if address.startswith(DESK) else seller
            wide, narrow = (visits(browser, running, state, address, px) for px in (1280, 390))
            ratio = server_ratio(browser, running, state, address)
            name = address.replace(ids["account"], "…")
            for one in ids.values():
                name = name.replace(one, "…")
            print(
                f"| {name} | {wide.lcp_ms:.0f} ms | {wide.cls:.3f} | {narrow.lcp_ms:.0f} ms"
                f" | {narrow.cls:.3f} | {narrow.kb:.0f} | {ratio:.1f} × |",
                flush=True,
            )
        browser.close()


def stocked(running: Service, count: int) -> dict[str, str]:
    """Have *count* pieces in the shop; the newest id of each sort, and the account's."""
    code = STOCK.format(email=EMAIL, password=outside.PASSWORD, pieces=count)
    said = outside.run(running, "manage", "shell", "-c", code)
    return dict(json.loads(said.splitlines()[-1]))


@contextmanager
def service() -> Iterator[Service]:
    """The service on PORT, or one of its own."""
    port, folder = int(os.environ.get("PORT", "8000")), os.environ.get("DATA_DIR", "")
    if folder and health_at(f"http://localhost:{port}").get("healthy"):
        yield Service(Path(folder), port, None, Path(os.devnull))  # type: ignore[arg-type]  # it runs
        return
    with tempfile.TemporaryDirectory(prefix="jm-") as own:
        Path(own).chmod(0o711)  # the database's user must pass through it
        running = start(Path(own) / "data")
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.stop()


def addresses(ids: dict[str, str]) -> list[str]:
    """The pages that grow with a shop, and those of its money and of the desk."""
    return [
        *("/library", "/library?page=5", f"/library?collection={ids['Collection']}"),
        *("/library/images", "/library/photos", f"/library/pieces/{ids['Piece']}"),
        *(f"/library/images/{ids['Asset']}", "/studio", f"/studio/photos/{ids['Photo']}"),
        *(f"/studio/tasks/{ids['Task']}", "/credits", "/billing"),
        *("/desk", f"/desk/customers/{ids['account']}"),
    ]


def enter(browser: Browser, running: Service, email: str) -> StorageState:
    """Sign somebody in; what their browser keeps."""
    context = browser.new_context(base_url=running.url)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(outside.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/account/" not in url, timeout=visitor.WORK_MS)
    state = context.storage_state()
    context.close()
    return state


def visits(
    browser: Browser, running: Service, state: StorageState, address: str, width: int
) -> Visit:
    """The medians of RUNS first visits."""
    found = [visit(browser, running, state, address, width) for _run in range(RUNS)]
    return Visit(*(median(getattr(one, name) for one in found) for name in ("lcp_ms", "cls", "kb")))


def visit(
    browser: Browser, running: Service, state: StorageState, address: str, width: int
) -> Visit:
    """Open one page with nothing kept but who one is."""
    context = browser.new_context(
        base_url=running.url, storage_state=state, viewport={"width": width, "height": 844}
    )
    page = context.new_page()
    slow_down(page, SLOWER[width])
    page.add_init_script(OBSERVE)
    page.goto(address, timeout=visitor.WORK_MS)
    page.wait_for_timeout(SETTLED_MS)
    figures = page.evaluate(FIGURES)
    context.close()
    return Visit(*figures)


def slow_down(page: Page, rate: int) -> None:
    """Have the page's processor count as *rate* times slower."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def server_ratio(browser: Browser, running: Service, state: StorageState, address: str) -> float:
    """What the server takes for a page, in times of an empty answer; asked by turns."""
    context = browser.new_context(base_url=running.url, storage_state=state)
    taken: dict[str, list[float]] = {address: [], "/robots.txt": []}
    for _time in range(ASKED):
        for one, seconds in taken.items():
            began = time.perf_counter()
            context.request.get(one, timeout=visitor.WORK_MS)
            seconds.append(time.perf_counter() - began)
    context.close()
    page_s, empty_s = (median(seconds[1:]) for seconds in taken.values())
    return page_s / empty_s


if __name__ == "__main__":
    main()
