"""Every address that takes an id, as somebody else: not found; as nobody: to the sign-in page.

The desk's addresses don't exist for anybody without the right.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver
from playwright.sync_api import APIResponse, Page, expect

from jewelrymodel.web.urls import urlpatterns
from tests.support import outside, visitor
from tests.support.browsing import NewVisitor
from tests.support.service import Service, wait_for

# What redirects a former address redirects everybody; the address of today is asked here.
OPEN_TO_ALL = "jewelrymodel.web.site", "jewelrymodel.web.hooks", "django.views.generic"
SOLD_TO_ALL = {"sku": "tray"}
# A signed link is the right to the one; anybody may choose a language.
OPEN_ADDRESSES = ("/requests/confirm/", "/language", "/confirmation-link")
LOOK = "linen"
OPERATORS = ["/desk/margins"]  # what agents don't see
FORMS: set[str] = set()  # routes that only take a form; opened, they lead to its page


def pages_of_accounts(
    patterns: list[URLPattern | URLResolver] = urlpatterns, before: str = "/"
) -> Iterator[str]:
    """The route of every page that belongs to an account: ``/billing/orders/<str:order_id>``."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from pages_of_accounts(one.url_patterns, route)
        elif not one.callback.__module__.startswith(OPEN_TO_ALL):
            if hasattr(one.callback, "form_of"):
                FORMS.add(route)
            yield route


def filled(route: str, ids: dict[str, str]) -> str:
    """The route as an address; fails on a parameter that nobody has an id for."""
    return re.sub(r"<\w+:(\w+)>", lambda found: ids[found[1]], route)


def ids_of(page: Page) -> dict[str, str]:
    """One id of each kind that the account of the signed-in person has, found by its links."""
    ids = {"look_id": LOOK, "which": "original"}
    page.goto("/billing")
    ids["order_id"] = linked(page, "/billing/orders/")
    ids["subscription_id"] = linked(page, "/billing/subscriptions/").removesuffix("/cancel")
    page.goto("/library/images")
    ids["asset_id"] = linked(page, "/library/images/")
    page.goto("/library")
    ids["piece_id"] = linked(page, "/library/pieces/")
    page.locator("main input[name=id]").first.check(force=True)
    page.get_by_label("Collection", exact=True).last.fill("Fall")
    page.get_by_role("button", name="Add to the collection").click()
    chosen = page.locator("select[name=collection] option").last
    ids["collection_id"] = chosen.get_attribute("value") or ""
    page.goto(f"/library/images/{ids['asset_id']}")
    ids["task_id"] = linked(page, "/studio/tasks/")
    ids["photo_id"] = linked(page, "/studio/photos/")
    ids["batch_id"] = visitor.begin_batch(page)
    page.goto(f"/library/images/{ids['asset_id']}")
    ids["model_id"] = visitor.ask_a_model(page)
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


def requests_of(page: Page) -> dict[str, str]:
    """One decision of the signed-in person, and a case with a picture."""
    page.goto("/requests")
    page.locator("main tbody a").last.click()
    ids = {"decision_id": linked(page, "/requests/decisions/")}
    page.goto("/requests/new?category=other")
    page.get_by_label("Briefly, what happened?").fill("See the picture.")
    page.get_by_label("Screenshots").set_input_files(visitor.PHOTOS / "render_ring.jpg")
    page.get_by_role("button", name="Send request").click()
    expect(page.get_by_role("img", name="Attached picture: render_ring.jpg")).to_be_visible()
    ids["case_id"] = urlsplit(page.url).path.removeprefix("/requests/")
    message = page.locator("main li[id^='message-']").first.get_attribute("id") or ""
    ids["entry_id"] = message.removeprefix("message-")
    return ids | {"picture_id": linked(page, f"/requests/{ids['case_id']}/pictures/")}


def quarantined(page: Page, service: Service) -> str:
    """The id of a mail with a key that is no case's."""
    outside.send_mail(service, "thief@else.example", "Re: [R-1-guessed12345]", "Send it to my card")

    def is_there() -> bool:
        page.goto("/desk")
        return page.locator("main a[href^='/desk/mail/']").count() > 0

    wait_for(is_there, timeout_s=60, what="the mail is not in quarantine")
    return linked(page, "/desk/mail/")


def desk_ids(page: Page, asked: dict[str, str], service: Service) -> dict[str, str]:
    """One id of each kind that the desk links to, and the case that was asked about."""
    mail_id = quarantined(page, service)
    page.goto("/desk")
    ids = {name: asked[name] for name in ("case_id", "picture_id", "entry_id")}
    ids["account_id"] = linked(page, "/desk/customers/")
    page.goto(f"/desk/customers/{ids['account_id']}")
    ids["order_id"] = linked(page, "/desk/orders/")
    ids["task_id"] = linked(page, "/desk/tasks/")
    page.goto("/desk/reconciliation")
    page.locator("main li", has_text="decided").locator("a[href^='/desk/cases/']").first.click()
    ids["decision_id"] = linked(page, "/desk/decisions/")
    page.goto("/desk/disputes")
    ids["dispute_id"] = linked(page, "/desk/disputes/")
    page.goto("/desk/incidents")
    ids["incident_id"] = linked(page, "/desk/incidents/")
    ids |= {"message_id": "msg_none"}  # it takes forms only, and none is parked
    return ids | {"mail_id": mail_id, "kind": "order", "record_id": ids["order_id"]}


def ids_of_an_image(page: Page) -> dict[str, str]:
    """The case that calls an image damaged, and that image."""
    page.goto("/desk?category=visibly_broken")
    case_id = linked(page, "/desk/cases/")
    page.goto(f"/desk/cases/{case_id}")
    rest = linked(page, f"/desk/cases/{case_id}/images/")
    return {"case_id": case_id, "image_id": rest.partition("/")[0], "which": "cutout"}


def assert_only_for(
    owner: Page, strangers: list[Page], nobody: Page, routes: list[str], ids: dict[str, str]
) -> None:
    """Each address answers its owner, doesn't exist for strangers, and asks nobody to sign in."""
    assert routes
    for route in routes:
        address = filled(route, ids | SOLD_TO_ALL)
        seen = ask(owner, address).status
        assert seen in (200, 302), f"{address} is {seen} for its owner"
        post = route in FORMS
        for stranger in strangers:
            if route.startswith("/desk") or ("<" in route and "<slug:sku>" not in route):
                answer = ask(stranger, address, post=post)
                assert answer.status == 404, f"{address} for a stranger"
        answer = ask(nobody, address, post=post)
        assert answer.status == 302, f"{address} signed out"
        assert answer.headers["location"].startswith("/account/login/?next="), address


def test_another_accounts_ids_are_not_found(let_in: NewVisitor, service: Service) -> None:
    ida, otto, noor, vera, olga, nobody = (let_in() for _ in range(6))
    visitor.become(ida, "Ida Example")
    visitor.become(otto, "Otto Example")
    visitor.become(noor, "Noor Example")
    for staff, name in ((vera, "Vera Example"), (olga, "Olga Example")):
        staff.goto("/demo/")
        staff.get_by_role("button", name=f"Sign in as {name}").click()
        staff.wait_for_url("**/desk")
    nobody.goto("/account/login/")
    routes = [one for one in pages_of_accounts() if not one.startswith(OPEN_ADDRESSES)]
    images = [one for one in routes if one.startswith("/desk") and "/images/" in one]
    desk = [one for one in routes if one.startswith("/desk") and one not in images + OPERATORS]
    asked = [one for one in routes if one.startswith("/requests")]
    rest = [one for one in routes if one not in desk + asked + images + OPERATORS]
    assert_only_for(ida, [noor, vera], nobody, rest, ids_of(ida))
    case = requests_of(otto)
    assert_only_for(otto, [noor, vera], nobody, asked, case)
    assert_only_for(vera, [noor, ida], nobody, desk, desk_ids(vera, case, service))
    assert_only_for(vera, [noor, ida], nobody, images, ids_of_an_image(vera))
    assert_only_for(olga, [noor, ida, vera], nobody, OPERATORS, {})
