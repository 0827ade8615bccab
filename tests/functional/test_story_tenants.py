"""Every address that takes an id, as somebody else: not found; as nobody: to the sign-in page."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver
from playwright.sync_api import APIResponse, Page

from jewelrymodel.web.urls import urlpatterns
from tests.support import visitor
from tests.support.browsing import NewVisitor
from tests.support.service import Service

OPEN_TO_ALL = "jewelrymodel.web.site", "jewelrymodel.web.hooks"
SOLD_TO_ALL = {"sku": "tray"}
LOOK = "linen"


def pages_of_accounts(
    patterns: list[URLPattern | URLResolver] = urlpatterns, before: str = "/"
) -> Iterator[str]:
    """The route of every page that belongs to an account: ``/billing/orders/<str:order_id>``."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from pages_of_accounts(one.url_patterns, route)
        elif not one.callback.__module__.startswith(OPEN_TO_ALL):
            yield route


def filled(route: str, ids: dict[str, str]) -> str:
    """The route as an address; fails on a parameter that nobody has an id for."""
    return re.sub(r"<\w+:(\w+)>", lambda found: ids[found[1]], route)


def ids_of(page: Page) -> dict[str, str]:
    """One id of each kind that the account of the signed-in person has, found by its links."""
    ids = {"look_id": LOOK, "which": "original"}
    page.goto("/billing")
    ids["order_id"] = linked(page, "/billing/orders/")
    ids["subscription_id"] = linked(page, "/billing/plans/").removesuffix("/cancel")
    page.goto("/library")
    ids["asset_id"] = linked(page, "/library/images/")
    page.goto(f"/library/images/{ids['asset_id']}")
    ids["task_id"] = linked(page, "/studio/tasks/")
    ids["photo_id"] = linked(page, "/studio/photos/")
    download = ask(page, f"/library/images/{ids['asset_id']}/download")
    ids["token"] = urlsplit(download.headers["location"]).path.removeprefix("/library/files/")
    assert ask(page, f"/studio/photos/{ids['photo_id']}/preview/{LOOK}", post=True).status == 302
    return ids


def linked(page: Page, start: str) -> str:
    """The id in the page's first link that starts so."""
    address = page.locator(f"main a[href^='{start}']").first.get_attribute("href") or ""
    return urlsplit(address).path.removeprefix(start)


def ask(page: Page, address: str, *, post: bool = False) -> APIResponse:
    """The answer to this visitor, redirects not followed; a form carries the right token."""
    if not post:
        return page.request.get(address, max_redirects=0)
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    origin = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}"
    headers = {"X-CSRFToken": cookies["csrftoken"], "Referer": page.url, "Origin": origin}
    return page.request.post(address, headers=headers, max_redirects=0)


def test_another_accounts_ids_are_not_found(let_in: NewVisitor, service: Service) -> None:
    owner, stranger, nobody = let_in(), let_in(), let_in()
    visitor.become(owner, "Ida Example")
    visitor.become(stranger, "Noor Example")
    nobody.goto("/account/login/")
    ids = ids_of(owner)
    for route in pages_of_accounts():
        address = filled(route, ids | SOLD_TO_ALL)
        seen = ask(owner, address).status
        assert seen in (200, 302, 405), f"{address} is {seen} for its owner"
        post = seen == 405
        if "<" in route and "<slug:sku>" not in route:
            assert ask(stranger, address, post=post).status == 404, f"{address} for a stranger"
        answer = ask(nobody, address, post=post)
        assert answer.status == 302, f"{address} signed out"
        assert answer.headers["location"].startswith("/account/login/?next="), address
