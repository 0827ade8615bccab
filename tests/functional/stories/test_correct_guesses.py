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


SPOTS = """async () => {
  const { seeThroughAt, spotsLike } = await import("/static/studio/correct/spots.js");
  const [width, height] = [120, 60];
  const alpha = new Uint8ClampedArray(width * height);
  const paint = (x0, y0, x1, y1, value) => {
    for (let y = y0; y < y1; y += 1) alpha.fill(value, y * width + x0, y * width + x1);
  };
  paint(9, 9, 111, 41, 120);    // the soft edge of a bar
  paint(10, 10, 110, 40, 255);  // and the bar
  paint(20, 20, 26, 26, 140);   // two highlights, half transparent
  paint(50, 20, 56, 26, 120);
  paint(80, 20, 86, 26, 0);     // and an opening
  const surface = { width, height, alpha, perPixel: 1 };
  const area = 100 * 30;
  const at = (x, y) => seeThroughAt(surface, y * width + x, area);
  const [spot, beside, solid, edge] = [at(22, 22), at(29, 22), at(66, 30), at(60, 9)];
  for (const index of spot.indices) alpha[index] = 255;  // the tap itself shows first
  const like = spotsLike(surface, spot, 9);
  return {
    spot: [spot.indices.length, spot.isEnclosed], beside: beside.indices.length, solid, edge,
    like: like.map(({ indices, place }) => [indices.length, ...place.map(Math.floor)]),
  };
}"""


def test_a_tap_means_a_spot_that_the_piece_encloses_and_no_opening_is_like_it(page: Page) -> None:
    page.goto("/")
    found = page.evaluate(SPOTS)
    assert found["spot"] == [36, True]
    assert found["beside"] == 36
    assert found["solid"] is found["edge"] is None
    ((size, x, y),) = found["like"]
    assert size == 36
    assert (50 <= x < 56, 20 <= y < 26) == (True, True)
