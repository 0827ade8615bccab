"""A bank disputes a charge: what rests, who is told, and how it ends by itself (9.1, edge 13)."""

import re
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.browsing import NewVisitor
from tests.support.outside import open_account
from tests.support.service import Service, wait_for

EMAIL = "disputes@story.example"
NOTICE = re.compile("is disputed at your bank|Your bank returned the payment")


def bank(service: Service, path: str, **sent: Any) -> str:
    """Be the buyer's bank, at the processor's own panel; return the dispute's id there."""
    url = f"http://127.0.0.1:{service.port + 1}/_sandbox/{path}"
    answer = httpx.post(url, json=sent, timeout=30).raise_for_status()
    return str(answer.json()["id"])


def buy(page: Page, sku: str) -> str:
    """Buy a package as a business in the US; return the order's id."""
    visitor.check_out(page, sku, country="US", capacity="business")
    visitor.to_payment_page(page)
    visitor.pay(page, visitor.GOOD_CARD)
    page.wait_for_url("**/billing/orders/*/return**")
    expect(page.locator("main")).to_contain_text("added")
    return urlsplit(page.url).path.split("/")[3]


def charge_of(page: Page, order_id: str) -> str:
    """The transaction that the order's page names."""
    page.goto(f"/billing/orders/{order_id}")
    found = re.search(r"\bch_\w+", page.locator("main").inner_text())
    assert found
    return found[0]


def make_images(page: Page) -> str:
    """Have two images made of a photo; return one's address."""
    visitor.choose_photo(page, visitor.PHOTOS / "render_hoop.jpg")
    visitor.approve(page, kind="earring", size_mm=30)
    visitor.choose_looks(page, "Plain ivory", "Plain slate", hosted=True)
    visitor.generate(page)
    visitor.wait_for_end(page, "Your images")
    link = page.get_by_role("link", name="Compare and download").first
    return str(link.get_attribute("href"))


def has_notice(page: Page) -> bool:
    """Whether the workspace says that something rests; asked anew."""
    page.goto("/credits")
    return page.get_by_role("status").filter(has_text=NOTICE).count() > 0


def download(page: Page, image: str) -> int:
    """How the download of an image is answered."""
    return page.request.get(f"{image}/download").status


def letters(page: Page, words: str) -> int:
    """How many mails in the outbox have these words in their subject."""
    page.goto("/demo/outbox")
    return page.locator("main").get_by_text(words).count()


def test_what_a_disputed_charge_bought_rests_until_the_bank_decides(
    page: Page, let_in: NewVisitor, service: Service
) -> None:
    open_account(service, EMAIL, given=1)
    visitor.sign_in(page, EMAIL)
    disputed = buy(page, "tray")
    image = make_images(page)
    assert download(page, image) == 200
    before = visitor.credits_of(page)["Available"]
    charge = charge_of(page, disputed)

    dispute = bank(service, f"charges/{charge}/dispute", reason="product_not_received")
    wait_for(lambda: has_notice(page), timeout_s=60, what="nothing was suspended")
    assert visitor.credits_of(page) == {
        "Available": 0,
        "Held for running generations": 0,
        "Suspended": before,
    }
    assert download(page, image) == 422
    assert page.request.get(f"{image}/full").status == 422, "the whole picture rests as well"
    page.goto(f"{image}/download")
    expect(page.get_by_role("alert")).to_contain_text("the payment for its credits is disputed")
    page.get_by_role("link", name="Dispute details").click()
    expect(page.locator("main")).to_contain_text("Your bank hasn’t decided yet.")
    expect(page.locator("main")).to_contain_text("Credits from this order, and downloads")
    expect(page.locator("main")).to_contain_text("the bank rules in our favor or you withdraw")
    order = re.sub(r".*(JM-\d+).*", r"\1", page.get_by_role("heading", level=1).inner_text())
    wait_for(
        lambda: letters(page, f"Order {order} is suspended") == 1,
        timeout_s=60,
        what="the customer was not told",
    )
    buy(page, "case")
    assert visitor.credits_of(page)["Available"] == 100, "other purchases stay usable"

    desk = let_in()
    desk.goto("/demo/")
    desk.get_by_role("button", name="Sign in as Vera Example").click()
    desk.wait_for_url("**/desk")
    desk.goto("/desk/disputes")
    row = desk.get_by_role("row").filter(has_text=order)
    expect(row).to_contain_text("Yes")
    row.get_by_role("link", name=order).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(order)

    bank(service, f"disputes/{dispute}/decide", outcome="won")
    wait_for(lambda: not has_notice(page), timeout_s=60, what="the suspension did not end")
    assert visitor.credits_of(page) == {
        "Available": 100 + before,
        "Held for running generations": 0,
    }
    assert download(page, image) == 200
    wait_for(
        lambda: letters(page, f"Order {order} is available again") == 1,
        timeout_s=60,
        what="the customer was not told of the end",
    )

    bank(service, f"disputes/{dispute}/decide", outcome="lost")
    wait_for(lambda: has_notice(page), timeout_s=60, what="the loss was not followed")
    assert visitor.credits_of(page)["Available"] == 100
    page.goto(f"/billing/orders/{disputed}/dispute")
    expect(page.locator("main")).to_contain_text("1 credit used before")
