"""A monthly plan: taken, canceled with its paid period kept, and taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.outside import open_account
from tests.support.service import Service

EMAIL = "plan@story.example"


@pytest.mark.clause("3.1", "3.3", "3.5")
def test_a_plan_is_taken_canceled_and_kept_until_its_end(page: Page, service: Service) -> None:
    open_account(service, EMAIL, given=1)
    visitor.sign_in(page, EMAIL)
    visitor.check_out(page, "bench", country="US", capacity="business")
    expect(page.locator("main")).to_contain_text("renews every month")
    visitor.to_payment_page(page)
    visitor.pay(page, visitor.GOOD_CARD)
    visitor.wait_for_end(page, "Your subscription has started")
    assert visitor.credits_of(page)["Available"] == 61

    page.goto("/billing")
    expect(page.locator("main")).to_contain_text(re.compile(r"Renews on .* for \$19"))
    page.get_by_role("link", name="Cancel subscription").click()
    expect(page.locator("main")).to_contain_text("You won’t be charged for another renewal.")
    page.get_by_role("button", name="Cancel subscription").click()
    expect(page.locator("main")).to_contain_text("You won’t be charged again")
    assert visitor.credits_of(page)["Available"] == 61, "canceling takes nothing away (3.5)"

    page.goto("/checkout/bench")
    expect(page.locator("main")).to_contain_text("subscription")
    page.goto("/billing")
    page.get_by_role("link", name="Resume subscription").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"On .* UTC, it renews for \$19"))
    page.get_by_role("button", name="Resume for $19.00 per month").click()
    expect(page.locator("body")).to_contain_text("Subscription resumed. You weren’t charged now.")
    expect(page.get_by_role("link", name="Cancel subscription")).to_be_visible()
