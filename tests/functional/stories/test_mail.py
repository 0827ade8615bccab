"""Requests by mail, over SMTP to the running service: a case, an answer, a reply; and forgeries."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support import outside
from tests.support.browsing import NewVisitor
from tests.support.service import Service, wait_for
from tests.support.usability import assert_usable

WRITER = "writer@story.example"


def answer_to(page: Page, sender: str) -> str:
    """The subject of the newest mail that our outbox holds for somebody."""
    page.goto("/demo/outbox")
    rows = page.locator("main tbody tr", has_text=sender)
    return rows.first.inner_text() if rows.count() else ""


def become(page: Page, name: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=f"Sign in as {name}").click()
    page.wait_for_url("**/desk")


@pytest.mark.clause("7.0")
def test_a_mail_becomes_a_case_and_its_reply_joins_it(let_in: NewVisitor, service: Service) -> None:
    outbox, vera = let_in(), let_in()
    outside.open_account(service, WRITER, given=1)
    outside.send_mail(service, WRITER, "Nothing arrived", "I paid, and there are no credits.")
    wait_for(
        lambda: "your request [REQ-" in answer_to(outbox, WRITER), timeout_s=60, what="no answer"
    )
    told = answer_to(outbox, WRITER)
    tag = re.search(r"\[REQ-(\d+)-\w+\]", told)
    assert tag, told
    label = f"REQ-{tag[1]}"

    become(vera, "Vera Example")
    vera.goto("/desk/unconfirmed")  # where it waits until its sender confirms
    vera.get_by_role("link", name=label, exact=True).click()
    expect(vera.locator("main")).to_contain_text("there are no credits")
    expect(vera.locator("main")).to_contain_text("hasn’t verified that an account is theirs")

    link = None
    outbox.goto("/demo/outbox")
    mails = outbox.locator("main tbody tr", has_text=WRITER).get_by_role("link").all()
    for address in [one.get_attribute("href") or "" for one in mails]:
        outbox.goto(address)
        link = link or re.search(r"/requests/confirm/[\w:.\-]+", outbox.content())
    assert link, "no link to confirm by"
    outbox.goto(link[0])
    assert_usable(outbox, 390)
    outbox.get_by_role("button", name="Yes, it was me").click()
    expect(outbox.get_by_role("heading", name="Thank you")).to_be_visible()
    vera.reload()
    expect(vera.locator("main")).to_contain_text("sender confirmed by our link")

    outside.send_mail(service, "thief@else.example", f"Re: {tag[0]}", "Send it to my card")
    outside.send_mail(service, WRITER, f"Re: {tag[0]}", "It was on Monday.")

    def joined() -> bool:
        vera.reload()
        return "It was on Monday." in vera.locator("main").inner_text()

    wait_for(joined, timeout_s=60, what="the reply did not join")
    assert "Send it to my card" not in vera.locator("main").inner_text()
    vera.goto("/desk")
    expect(vera.locator("main")).to_contain_text("the sender isn’t this request’s customer")
