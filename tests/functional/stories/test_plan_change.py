"""Another plan, on a phone: seen to the cent, confirmed, and a smaller one set and undone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.outside import open_account
from tests.support.service import Service

EMAIL = "larger@story.example"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.clause("3.5")
def test_a_larger_plan_is_paid_as_shown_and_a_smaller_one_waits(
    page: Page, service: Service
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_account(service, EMAIL, given=1)
    visitor.sign_in(page, EMAIL)
    visitor.check_out(page, "bench", country="US", capacity="business")
    visitor.to_payment_page(page)
    visitor.pay(page, visitor.GOOD_CARD)
    visitor.wait_for_end(page, "Your subscription has started")

    see_plan(page, "Atelier")
    expect(page.get_by_role("heading", name="What we promise for this purchase")).to_be_visible()
    charged = page.locator("td.amount--large").inner_text()
    pay = page.get_by_role("button", name=f"Accept the terms and pay {charged}")
    pay.click()
    main = page.locator("body")
    expect(main).to_contain_text(f"You’ve changed to Atelier for {charged}")
    expect(main).to_contain_text(re.compile(r"Renews on .* for \$59.00, with 250 credits"))
    assert visitor.credits_of(page)["Available"] > 61, "what the month brought stays (3.5)"

    page.goto("/billing")
    see_plan(page, "Bench")
    expect(page.get_by_role("heading", name="Change now")).to_have_count(0)
    page.get_by_role("button", name="Change on").click()
    expect(main).to_contain_text("Changes from Atelier to Bench on")
    expect(main).to_contain_text(re.compile(r"Renews on .* for \$19.00, with 60 credits"))
    assert not page.evaluate(TOO_WIDE), page.url
    page.get_by_role("button", name="Keep Atelier").click()
    expect(main).to_contain_text("The change was undone. You weren’t charged.")
    expect(main).to_contain_text(re.compile(r"Renews on .* for \$59.00, with 250 credits"))


def see_plan(page: Page, name: str) -> None:
    page.goto("/billing")
    page.get_by_role("link", name="Change plan").click()
    link = page.get_by_role("link", name=f"See what changing to {name} costs")
    expect(link).to_be_visible()  # the page has come
    assert not page.evaluate(TOO_WIDE), page.url
    link.click()
    expect(
        page.get_by_role("heading", name=re.compile(f"Change from .* to {name}"))
    ).to_be_visible()
    assert not page.evaluate(TOO_WIDE), page.url
