"""How long the editor of cutouts takes to answer in a browser, on a photo of 12 megapixels.

Run with ``python bench/correction_editor.py``; it starts the whole service and a Chromium and takes
about three minutes, or with ``… URL`` on a demo that runs already. Each line is an act, done with
real events: the milliseconds of the page's own measure, from the end of a stroke or the tap to the
drawn picture, and those of the slowest piece of work while a stroke is drawn; as the machine is,
and slowed four times as a phone would be. The last lines are seconds until the server's result.
"""

import io
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.support import browsers, pieces, service, visitor

ROUNDS = 5
SLOWED = 4
PHOTO_PX = (4000, 3000)
ROOM = {"width": 1280, "height": 860}
MEASURED = "performance.getEntriesByName('correction').map((one) => one.duration)"
WATCH = """window.slowest = 0; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.slowest = Math.max(window.slowest, one.duration);
}).observe({ type: "longtask" })"""
Place = tuple[float, float]


def photo() -> FilePayload:
    """A ring on paper, as a camera of 12 megapixels gives it."""
    ring = Image.fromarray(pieces.photographed(pieces.golden(pieces.ring(1500)))).resize(
        (2600, 2600)
    )
    whole = Image.new("RGB", PHOTO_PX, (236, 236, 236))
    whole.paste(ring, (700, 200))
    noise = np.random.default_rng(5).normal(0, 2, (PHOTO_PX[1], PHOTO_PX[0], 1))
    pixels = np.clip(np.asarray(whole, np.float32) + noise, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=92)
    return {"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


@contextmanager
def address(given: str) -> Iterator[str]:
    """Where the service is; one of its own unless an address is given."""
    if given:
        yield given
        return
    root = Path(tempfile.mkdtemp(prefix="jm-"))
    root.chmod(0o711)
    running = service.start(root / "data")
    try:
        running.wait_until_ready()
        yield running.url
    finally:
        running.stop()
        shutil.rmtree(root)


class Bench:
    """The editor's page, and what is done on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.locator("canvas")
        box = self.canvas.bounding_box()
        assert box
        self.middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def tool(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=False).first.click()

    def stroke(self, *offsets: Place, steps: int = 12) -> None:
        """Draw through places relative to the middle of the canvas."""
        x, y = self.middle
        self.page.mouse.move(x + offsets[0][0], y + offsets[0][1])
        self.page.mouse.down()
        for dx, dy in offsets[1:]:
            self.page.mouse.move(x + dx, y + dy, steps=steps)
        self.page.mouse.up()

    def tap(self, dx: float, dy: float) -> None:
        self.page.mouse.click(self.middle[0] + dx, self.middle[1] + dy)

    def took(self) -> float:
        """The page's measure of the last act, in milliseconds."""
        self.page.wait_for_timeout(400)
        return cast(list[float], self.page.evaluate(MEASURED))[-1]

    def undone(self) -> float:
        """Milliseconds of one undo, by the page's clock."""
        return cast(
            float,
            self.page.evaluate(
                """() => { const start = performance.now();
                document.querySelector('[data-do=undo]').click();
                return performance.now() - start; }"""
            ),
        )


def acts(bench: Bench) -> Iterator[tuple[str, float]]:
    """Every kind of act once: its name and its milliseconds, and undoing each."""
    across = (-60.0, 10.0), (0.0, -10.0), (60.0, 10.0)
    bench.tool("Keep")
    bench.page.evaluate("window.slowest = 0")
    bench.stroke(*across)
    yield "keep stroke, at its end", bench.took()
    yield "keep stroke, slowest moment", cast(float, bench.page.evaluate("window.slowest"))
    bench.tool("Open a hole")
    bench.tap(0, 0)
    yield "tap that opens a hole", bench.took()
    yield "undo of that tap", bench.undone()
    bench.tool("Remove part")
    bench.tap(0, 0)
    yield "tap that removes a part", bench.took()
    yield "undo of that removal", bench.undone()
    yield "undo of the stroke", bench.undone()
    bench.tool("Clean edge")
    bench.stroke((-200.0, 100.0), (-120.0, 160.0), (0.0, 200.0))
    yield "clean edge stroke", bench.took()
    yield "undo of the cleaning", bench.undone()
    bench.tool("Retouch")
    bench.stroke((-20.0, 215.0), (20.0, 215.0))
    yield "retouch stroke", bench.took()
    yield "undo of the retouch", bench.undone()


def rounds(bench: Bench) -> dict[str, float]:
    """The median of each act."""
    taken: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, took_ms in acts(bench):
            taken.setdefault(name, []).append(took_ms)
    return {name: statistics.median(values) for name, values in taken.items()}


def server_s(bench: Bench) -> float:
    """Seconds from the button to the server's result for one stroke."""
    bench.tool("Keep")
    bench.stroke((-60.0, 0.0), (60.0, 0.0))
    start = time.perf_counter()
    bench.page.get_by_role("button", name="Update the cutout").click()
    status = bench.page.locator("[data-status]")
    expect(status).to_contain_text("The cutout is updated.", timeout=visitor.WORK_MS)
    return time.perf_counter() - start


def opened(page: Page) -> Bench:
    """The editor with the photo's cutout."""
    visitor.become(page, "Ida Example")
    visitor.choose_photo(page, photo())
    heading = page.get_by_role("heading", name="Is this your piece?")
    expect(heading).to_be_visible(timeout=visitor.WORK_MS)
    page.get_by_role("link", name="Correct the cutout").click()
    expect(page.locator("[data-ready]")).to_be_visible(timeout=visitor.WORK_MS)
    return Bench(page)


def main(given: str) -> None:
    """Print a line for each act, then the server's seconds."""
    with address(given) as url, sync_playwright() as player:
        browser: Any = player.chromium.launch(
            executable_path=browsers.program(), args=list(browsers.FLAGS)
        )
        page = browser.new_context(base_url=url, viewport=ROOM, bypass_csp=True).new_page()
        bench = opened(page)
        page.evaluate(WATCH)
        usual = rounds(bench)
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        slowed = rounds(bench)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        print(f"{'milliseconds, median':34} {'as it is':>9} {f'slowed {SLOWED}x':>10}")
        for name, took_ms in usual.items():
            print(f"{name:34} {took_ms:9.0f} {slowed[name]:10.0f}")
        print(f"{'server, until the result':34} {server_s(bench):9.1f} s")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
