"""Every address of the service, and one id of each kind that the demo's people have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver
from playwright.sync_api import APIResponse, Browser, Page, expect

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web.acts import acts_of_view
from jewelrymodel.web.urls import urlpatterns
from tests.support import outside, visitor
from tests.support.service import Service, wait_for

LOOK = "linen"
SOLD_TO_ALL = {"sku": "tray"}
LARGER_PLAN = "atelier"
GROUP = re.compile(r"\(\?P<(\w+)>[^()]+\)")
PARAMETER = re.compile(r"<(\w+):(\w+)>")
NOTHINGS = "999999"
"""An id that nothing has, in numbers and in letters."""


@dataclass(frozen=True)
class Route:
    """One line of a list of addresses: ``/billing/orders/<str:order_id>``."""

    text: str
    module: str
    is_form: bool
    """It only takes a form; opened, it leads to its page."""
    acts: tuple[Act, ...]
    """What its door asks for."""


def routes(
    patterns: Sequence[URLPattern | URLResolver] = urlpatterns, before: str = "/"
) -> Iterator[Route]:
    """Every route below *patterns*, those of the product's own pages unless others are named."""
    for one in patterns:
        text = before + GROUP.sub(r"<str:\1>", str(one.pattern)).replace("^", "").rstrip("$")
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, text)
        else:
            is_form = hasattr(one.callback, "form_of")
            yield Route(text, one.callback.__module__, is_form, acts_of_view(one.callback))


def filled(route: str, ids: dict[str, str]) -> str:
    """The route as an address; of what the demo has none of, with an id that nothing has.

    Opened, such a form leads to its page as any other, and a page isn't found by its owner either,
    which the walks refuse.
    """
    return PARAMETER.sub(lambda found: ids.get(found[2], NOTHINGS), route)


def ids_of(page: Page) -> dict[str, str]:
    """One id of each kind that the account of the signed-in person has, found by its links."""
    ids = {"look_id": LOOK, "which": "original", "plan": LARGER_PLAN}
    page.goto("/billing")
    ids["order_id"] = linked(page, "/billing/orders/")
    ids["subscription_id"] = linked(page, "/billing/subscriptions/").partition("/")[0]
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
    ids["model_id"] = visitor.ask_a_model(page)
    ids |= people_of(page)
    ids["batch_id"] = visitor.begin_batch(page)
    page.goto(f"/library/images/{ids['asset_id']}")
    download = ask(page, f"/library/images/{ids['asset_id']}/download")
    ids["token"] = urlsplit(download.headers["location"]).path.removeprefix("/library/files/")
    assert ask(page, f"/studio/photos/{ids['photo_id']}/preview/{LOOK}", post=True).status == 302
    return ids


def people_of(page: Page) -> dict[str, str]:
    """A member of the account, and somebody whom it invites now."""
    page.goto("/settings/people")
    page.get_by_label("Email address").fill("colleague@rings.example")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", name="colleague@rings.example")).to_be_visible()
    forms = page.locator("main form[action^='/settings/people/']")
    actions = [one.get_attribute("action") or "" for one in forms.all()]
    revoking = next(one for one in actions if one.endswith("/revoke"))
    member = next(one for one in actions if one.rpartition("/")[2].isdecimal())
    return {"invitation_id": revoking.split("/")[-2], "member_id": member.rpartition("/")[2]}


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
    return ids | {"mail_id": mail_id, "kind": "order", "record_id": ids["order_id"]}


def ids_of_an_image(page: Page) -> dict[str, str]:
    """The case that calls an image damaged, and that image."""
    page.goto("/desk?category=visibly_broken")
    case_id = linked(page, "/desk/cases/")
    page.goto(f"/desk/cases/{case_id}")
    rest = linked(page, f"/desk/cases/{case_id}/images/")
    return {"case_id": case_id, "image_id": rest.partition("/")[0], "which": "cutout"}


@dataclass(frozen=True)
class KnownIds:
    """The ids in addresses, by the names that these give them: a seller's, those of somebody who
    asked for help, those that an agent sees, and those of an image that is called damaged.
    """

    seller: dict[str, str]
    asked: dict[str, str]
    desk: dict[str, str]
    damage: dict[str, str]


def known_ids(browser: Browser, service: Service) -> KnownIds:
    """Ids of Ida's and Otto's, and of the desk's, as Vera finds them."""
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    visitor.become(page, "Ida Example")
    seller = ids_of(page) | SOLD_TO_ALL
    visitor.become(page, "Otto Example")
    asked = requests_of(page)
    become_staff(page, "Vera Example")
    known = KnownIds(seller, asked, desk_ids(page, asked, service), ids_of_an_image(page))
    context.close()
    return known


def become_staff(page: Page, name: str) -> None:
    """Be one of the demo's agents or operators."""
    page.goto("/demo/")
    page.get_by_role("button", name=f"Sign in as {name}").click()
    page.wait_for_url("**/desk")
