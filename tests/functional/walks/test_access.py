"""A seller's pages can be used by everybody: wide and narrow, light and dark, without a mouse."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support import visitor

SHELVES = [
    *("/studio", "/library", "/library/images", "/library/photos", "/library/deleted"),
    *("/credits", "/billing", "/requests", "/requests/new", "/settings", "/demo/"),
    *("/models", "/models/new", "/studio/batches"),
]
UNDER_AN_ID = (
    *("/studio/photos/", "/studio/tasks/", "/library/images/", "/library/pieces/"),
    "/billing/orders/",
)
GRAVE = {"serious", "critical"}
COVERED = """button => {
  const box = button.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== button;
}"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def pages_of_a_seller(page: Page) -> list[str]:
    """The fixed pages, and the first of each sort that they link to."""
    found: dict[str, str] = {}
    for shelf in SHELVES:
        page.goto(shelf)
        for link in page.locator("main a[href]").all():
            address = link.get_attribute("href") or ""
            sort = next(filter(address.startswith, UNDER_AN_ID), "")
            if sort and address.count("/") == 3:
                found.setdefault(sort, address)
    assert found.keys() == set(UNDER_AN_ID)
    tools = [f"{found['/studio/photos/']}/{tool}" for tool in ("correct", "packshot")]
    tools.append(f"{found['/library/pieces/']}/listing")
    return [*SHELVES, "/checkout/tray", *found.values(), *tools]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_pages_of_a_seller_fit_and_can_be_used(
    page: Page, width: int, theme: Literal["light", "dark"]
) -> None:
    visitor.become(page, "Marta Example")
    addresses = pages_of_a_seller(page)
    assert_usable(page, addresses, width, theme)


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (390, "light")])
def test_pages_of_requests_and_of_the_desk_fit_and_can_be_used(
    page: Page, width: int, theme: Literal["light", "dark"]
) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name="Sign in as Otto Example").click()
    page.goto("/requests")
    page.locator("main tbody a").last.click()
    case = urlsplit(page.url).path
    decision = page.locator("main a[href^='/requests/decisions/']").first.get_attribute("href")
    page.goto("/billing")
    order = page.locator("main a[href^='/billing/orders/']").first.get_attribute("href") or ""
    check = f"/requests/new?category=unused&order={order.rpartition('/')[2]}&task="
    assert_usable(page, [case, decision or "", check, "/status"], width, theme)
    page.set_viewport_size({"width": 1280, "height": 844})
    page.goto("/demo/")
    page.get_by_role("button", name="Sign in as Vera Example").click()
    desk = ["/desk", "/desk/disputes", "/desk/incidents", "/desk/reconciliation", "/desk/policy"]
    page.goto("/desk")
    desk += [
        page.locator(f"main a[href^='/desk/{sort}/']").first.get_attribute("href") or ""
        for sort in ("cases", "customers")
    ]
    for shelf, sort in (("/desk/disputes", "disputes"), ("/desk/incidents", "incidents")):
        page.goto(shelf)
        link = page.locator(f"main a[href^='/desk/{sort}/']").first
        desk.append(link.get_attribute("href") or "")
    assert_usable(page, desk, width, theme)


def assert_usable(
    page: Page, addresses: list[str], width: int, theme: Literal["light", "dark"]
) -> None:
    """Every page fits the width, and nothing grave is in anybody's way."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=theme)
    for address in addresses:
        page.goto(address)
        assert not page.evaluate(TOO_WIDE), f"{address} scrolls sideways"
        violations = Axe().run(page).response["violations"]
        grave = [(one["id"], one["nodes"]) for one in violations if one["impact"] in GRAVE]
        assert not grave, address


def test_on_a_telephone_the_order_is_at_hand(page: Page) -> None:
    """The button that says what the ticked looks cost is in sight, and nothing lies over it: not
    the word that the cutout was approved either.
    """
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.become(page, "Marta Example")
    page.goto("/library/photos")
    page.get_by_role("link", name="render_pendant.jpg").click()
    page.get_by_role("link", name="change").click()
    page.get_by_role("button", name="Yes, use this cutout").click()
    expect(page.locator(".toast--success")).to_be_visible()
    visitor.choose_looks(page, "On the neck, light skin")
    assert not page.get_by_role("button", name="Generate 1 image for 2 credits").evaluate(COVERED)
