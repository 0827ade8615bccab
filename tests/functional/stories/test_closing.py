"""An owner closes the account, thinks better of it, and finds everything as it was."""

import re

from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.outside import PASSWORD, open_account
from tests.support.service import Service
from tests.support.usability import assert_usable

EMAIL = "leaving@rings.example"


def test_an_account_is_closed_and_kept_after_all(page: Page, service: Service) -> None:
    open_account(service, EMAIL, given=3)
    visitor.sign_in(page, EMAIL)
    page.goto("/settings")
    page.get_by_role("link", name="Close account").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Close your account")).to_be_visible()
    assert_usable(page, 390)
    label = page.locator("label[for=id_name]").inner_text()
    page.get_by_label("To confirm").fill(label.rpartition(": ")[2])
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_text("Your account is closed.")).to_be_visible()
    page.goto("/studio")
    expect(page).to_have_url(re.compile("/account/login/"))
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/settings/closed"))
    assert_usable(page, 390)
    page.get_by_role("button", name="Keep my account").click()
    expect(page).to_have_url(re.compile("/studio"))
    page.goto("/credits")
    expect(page.get_by_role("heading", name="Credits").first).to_be_visible()
