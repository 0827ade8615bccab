"""Every page can be used by everybody: wide and narrow, light and dark, without a mouse.

The pages are those of the list of addresses: a new one is walked too, or has to be named among
those that show none. Each is looked at in one width and theme, whichever its address falls on;
``EVERY_SETTING=1`` looks at it in all of them (``make access``).
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Literal
from urllib.parse import urlsplit
from zlib import crc32

from allauth.urls import urlpatterns as account_urls
from playwright.sync_api import Page, expect

from jewelrymodel.demo import urls as demo_urls
from tests.support import visitor
from tests.support.account_emails import code_for
from tests.support.addresses import KnownIds, Route, become_staff, filled, linked, routes
from tests.support.browsing import NewVisitor
from tests.support.outside import PASSWORD as OTHERS_PASSWORD
from tests.support.outside import open_account
from tests.support.service import Service
from tests.support.usability import problems

INVITED = "noor.invited@rings.example"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SETTINGS = tuple(product((1280, 390), THEMES))
IN_ALL = bool(os.environ.get("EVERY_SETTING"))
COVERED = """button => {
  const box = button.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== button;
}"""
NO_PAGES = {
    *("/credits/proof.json", "/status/attestations.json"),
    *("/favicon.ico", "/robots.txt", "/sitemap.xml", "/refund-policy/<day:edition_on>.md"),
    *("/demo/become", "/demo/time", "/demo/outbox/<str:message_id>/html"),
    *("/studio/photos/<str:photo_id>/correct/state", "/studio/photos/<str:photo_id>/progress"),
    "/studio/photos/<str:photo_id>/picture/<str:which>",
    "/studio/photos/<str:photo_id>/preview/<str:look_id>/picture",
    *("/studio/photos/<str:photo_id>/missing-credits", "/studio/photos/<str:photo_id>/wearable"),
    "/studio/tasks/<str:task_id>/progress",
    *("/studio/batches/<str:batch_id>/progress", "/studio/batches/<str:batch_id>/cards"),
    "/studio/batches/<str:batch_id>/archive",
    *("/library/collections/<str:collection_id>", "/library/files/<path:token>"),
    *("/library/images/<str:asset_id>/download", "/library/images/<str:asset_id>/full"),
    *("/library/images/<str:asset_id>/picture", "/library/images/<str:asset_id>/small"),
    *("/billing/orders/<str:order_id>/pay", "/billing/orders/<str:order_id>/receipt.pdf"),
    "/billing/credit-notes/<str:credit_note_id>.pdf",
    "/billing/orders/<str:order_id>/promise.json",
    "/billing/subscriptions/<str:subscription_id>/promise.json",
    *("/studio/photos/<str:photo_id>/promise", "/studio/tasks/<str:task_id>/promise.json"),
    "/billing/subscriptions/<str:subscription_id>/pay",
    "/billing/subscriptions/<str:subscription_id>/card",
    "/billing/subscriptions/<str:subscription_id>/change/pay",
    "/billing/plans/<str:subscription_id>/cancel",
    "/billing/plans/<str:subscription_id>/resume",
    "/requests/<str:case_id>/messages/<int:entry_id>",
    "/requests/<str:case_id>/pictures/<str:picture_id>",
    "/requests/decisions/<str:decision_id>.json",
    "/desk/cases/<str:case_id>/images/<str:image_id>/<str:which>",
    "/desk/cases/<str:case_id>/messages/<int:entry_id>",
    "/desk/cases/<str:case_id>/pictures/<str:picture_id>",
    "/desk/records/<str:kind>/<str:record_id>",
    "/desk/reports.csv",
    *("/account/password/set/", "/account/login/code/confirm/"),
    *("/account/2fa/recovery-codes/download/", "/<document:document>/<day:edition_on>.md"),
    *("/model-agreement/<str:token>/photo", "/models/<str:model_id>/picture"),
    "/models/<str:model_id>/set-up/front",
    *("/settings/data/download", "/settings/data/file", "/account/sessions/"),
}
"""Routes of pictures, files, parts of pages and redirects: nobody is shown a page there."""
LATER = {
    *("/studio/again", "/settings/close", "/settings/closed"),
    *("/requests/confirm/<str:token>", "/model-revocation/<str:token>"),
    "/models/<str:model_id>/set-up",
    *("/account/2fa/authenticate/", "/account/2fa/reauthenticate/"),
    *("/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/"),
    *("/account/2fa/totp/activate/", "/account/2fa/totp/deactivate/"),
}
"""Pages that somebody has first to do something for: what does it looks at them."""
STATES_OF_A_STRANGER = ("/terms", "/imprint", "/no-such-page")
STATES_OF_A_SELLER = (
    *(
        "/studio/photos/{photo_id}?change",
        "/library?q=nothing",
        "/library?collection={collection_id}",
    ),
    "/requests/new?category=other",
)


@dataclass
class Walk:
    """Somebody who walks, the routes that led to a page of theirs, and what was wrong there."""

    page: Page
    shown: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def look_at(self, address: str, route: str) -> None:
        """Look at one page in the setting that its route falls on, or in all."""
        for width, theme in SETTINGS if IN_ALL else [SETTINGS[crc32(route.encode()) % 4]]:
            self.page.set_viewport_size({"width": width, "height": 844})
            self.page.emulate_media(color_scheme=theme)
            self.page.goto(address)
            self.problems += [f"{address} {width} {theme}: {one}" for one in problems(self.page)]

    def follow(self, its: Iterable[Route], ids: dict[str, str]) -> None:
        """Look at each route's page, where it has one for whoever walks."""
        for route in its:
            address = filled(route.text, ids)
            answer = self.page.request.get(address, max_redirects=0)
            kind = answer.headers.get("content-type", "")
            if answer.status == 200 and kind.startswith("text/html") and "<html" in answer.text():
                self.shown.add(route.text)
                self.look_at(address, route.text)


def all_routes() -> list[Route]:
    """The pages of the product, of whoever signs in or up, and of the demo."""
    ours = [one for one in routes() if not one.is_form and "/hooks/" not in one.text]
    return [*ours, *routes(account_urls, "/account/"), *routes(demo_urls.urlpatterns, "/demo/")]


def test_every_page_fits_and_can_be_used(let_in: NewVisitor, known_ids: KnownIds) -> None:
    every = all_routes()
    desk = [one for one in every if one.text.startswith("/desk")]
    requests = [one for one in every if one.text.startswith("/requests")]
    rest = [one for one in every if one not in desk + requests]
    stranger, seller, asked, consumer, agent, operator = walks = [Walk(let_in()) for _ in range(6)]
    open_ids = {"key": "none", "uidb36": "a", "token": "none"}
    for page, name in (("/refund-policy", "edition_on"), ("/demo/outbox", "message_id")):
        stranger.page.goto(page)
        open_ids[name] = linked(stranger.page, f"{page}/").partition("/")[0]
    legal = [one for one in rest if one.text.startswith("/<document:")]
    agreement = [one for one in rest if one.text.startswith("/model-agreement/")]
    invitation = [one for one in rest if one.text.startswith("/invitation/")]
    rest = [one for one in rest if one not in legal + agreement + invitation]
    stranger.follow(rest, known_ids.seller | open_ids)
    stranger.follow(agreement, {"token": agreement_token(stranger.page)})
    stranger.page.goto("/privacy")
    edition = linked(stranger.page, "/privacy/").partition("/")[0]
    stranger.follow(legal, {"document": "privacy", "edition_on": edition})
    for state in STATES_OF_A_STRANGER:
        stranger.look_at(state, state)
    visitor.become(seller.page, "Ida Example")
    seller.follow(not_yet(stranger, rest), known_ids.seller | open_ids)
    stranger.follow(invitation, {"token": invitation_token(seller.page)})
    for state in STATES_OF_A_SELLER:
        seller.look_at(state.format(**known_ids.seller), state)
    for _time in range(2):  # the second time it is asked whether that is meant
        visitor.upload(seller.page, visitor.PHOTOS / "render_pendant.jpg")
    assert urlsplit(seller.page.url).path == "/studio/again"
    seller.look_at(seller.page.url, "/studio/again")
    visitor.become(asked.page, "Otto Example")
    asked.page.goto("/billing")
    canceled = linked(asked.page, "/billing/subscriptions/").partition("/")[0]
    its_ids = known_ids.seller | known_ids.asked | open_ids | {"subscription_id": canceled}
    asked.follow([*requests, *(one for one in rest if "/resume" in one.text)], its_ids)
    visitor.become(consumer.page, "Marta Example")
    consumer.page.goto("/billing")
    bought = linked(consumer.page, "/billing/orders/")
    consumer.follow([one for one in rest if "/withdraw" in one.text], {"order_id": bought})
    become_staff(agent.page, "Vera Example")
    agent.follow(desk, known_ids.damage | known_ids.desk)
    agent.look_at(f"/desk/cases/{known_ids.damage['case_id']}", "a damaged image")
    become_staff(operator.page, "Olga Example")
    operator.follow(not_yet(agent, desk), known_ids.damage | known_ids.desk)
    shown = {route for walk in walks for route in walk.shown}
    assert not [one for walk in walks for one in walk.problems]
    assert {one.text for one in every} - shown == NO_PAGES | LATER


def agreement_token(page: Page) -> str:
    """What lets the person in a photo answer, from the email that asks her."""
    link = visitor.open_email(page, visitor.MODEL_EMAIL).locator("a[href*='/model-agreement/']")
    return (link.first.get_attribute("href") or "").rstrip("/").rpartition("/")[2]


def invitation_token(page: Page) -> str:
    """What lets somebody answer whom the person at *page* invites now."""
    page.goto("/settings/people")
    page.get_by_label("Email address").fill(INVITED)
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", name=INVITED)).to_be_visible()
    link = visitor.open_email(page, INVITED).locator("a[href*='/invitation/']")
    return (link.first.get_attribute("href") or "").rstrip("/").rpartition("/")[2]


def not_yet(walk: Walk, its: Iterable[Route]) -> list[Route]:
    """Those routes that showed *walk* no page."""
    return [one for one in its if one.text not in walk.shown]


def test_pages_of_a_second_factor_fit_and_can_be_used(page: Page, service: Service) -> None:
    email = "careful@rings.example"
    open_account(service, email, given=1)
    visitor.sign_in(page, email)
    walk, its = Walk(page), [one for one in all_routes() if "/2fa/" in one.text]
    page.goto("/account/2fa/totp/activate/")
    page.get_by_label("Password").fill(OTHERS_PASSWORD)
    page.get_by_role("button", name="Continue").click()
    walk.follow(its, {})
    page.goto("/account/2fa/totp/activate/")
    page.locator("input[name=code]").fill(code_for(page.locator(".copyable code").inner_text()))
    page.get_by_role("button", name="Turn on").click()
    expect(page).to_have_url(re.compile("recovery-codes"))
    walk.follow(not_yet(walk, its), {})
    page.locator(".menu__name").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(OTHERS_PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/account/2fa/authenticate/"))
    walk.follow(not_yet(walk, its), {})
    assert not walk.problems
    assert {one.text for one in its} - walk.shown <= NO_PAGES


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
