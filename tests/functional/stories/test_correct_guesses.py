"""What the editor of cutouts shows before the server has looked at the full photo."""

from playwright.sync_api import Page

HANGING = """async () => {
  const { hangingRegion } = await import("/static/studio/correct/lobes.js");
  const [width, height] = [120, 60];
  const alpha = new Uint8ClampedArray(width * height);
  const paint = (x0, y0, x1, y1, value) => {
    for (let y = y0; y < y1; y += 1) alpha.fill(value, y * width + x0, y * width + x1);
  };
  paint(9, 9, 111, 31, 120);    // the soft edge of a bar
  paint(10, 10, 110, 30, 255);  // and the bar
  paint(50, 31, 70, 50, 120);   // a shadow that hangs on it
  const region = hangingRegion({ width, height, alpha, perPixel: 1 }, 40 * width + 60, 2600);
  const rows = [...region].map((index) => Math.floor(index / width));
  return { least: Math.min(...rows), most: Math.max(...rows), size: region.length };
}"""


def test_a_tapped_shadow_is_shown_to_go_without_the_soft_edge_it_hangs_on(page: Page) -> None:
    page.goto("/")
    gone = page.evaluate(HANGING)
    assert gone["least"] >= 30
    assert gone["most"] == 49
    assert 300 < gone["size"] <= 20 * 20
