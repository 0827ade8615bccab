"""What is in somebody's way on a page: grave findings of axe, and a page wider than its window."""

from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ["serious", "critical"]
FINDINGS = """grave => {
  const lesser = axe._audit.rules.filter(rule => rule.impact && !grave.includes(rule.impact));
  const rules = Object.fromEntries(lesser.map(rule => [rule.id, {enabled: false}]));
  return axe.run({resultTypes: ["violations"], rules}).then(found => found.violations);
}"""
"""What axe finds, less what can't be grave: each finding is as grave as its rule says."""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

CUT_OFF = """matchMedia("(max-width: 40rem)").matches
  && [...document.querySelectorAll(".table--stack")].some(
    table => table.scrollWidth > table.parentElement.clientWidth)"""
"""A table that is stacked on a telephone and yet has to be scrolled sideways."""


def problems(page: Page) -> Iterator[str]:
    """What is wrong with this page as it is shown now; empty where nothing grave is."""
    if page.evaluate(TOO_WIDE):
        yield "scrolls sideways"
    if page.evaluate(CUT_OFF):
        yield "a stacked table is cut off"
    page.evaluate(AXE_SCRIPT)
    for one in page.evaluate(FINDINGS, GRAVE):
        if one["impact"] in GRAVE:
            yield f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}"


def assert_usable(page: Page, width: int | None = None) -> None:
    """Nothing is in anybody's way on this page, at *width* pixels where one is given.

    The page of a link that was just followed may have come no further than its first byte, and
    then has no element that could be asked.
    """
    page.wait_for_load_state()
    if width is not None:
        page.set_viewport_size({"width": width, "height": 844})
    assert not [*problems(page)], page.url
