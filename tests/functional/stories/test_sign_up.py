"""A stranger becomes a seller: sign up, read the mail, confirm, sign out, sign in."""

from playwright.sync_api import Page, expect

from tests.support import visitor

EMAIL, PASSWORD = "new@rings.example", "four-prongs-hold-it"


def test_a_stranger_signs_up_with_the_link_from_a_real_mail(page: Page) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("h1")).to_have_text("Check your email")

    visitor.open_email(page, EMAIL).get_by_role("link").first.click()
    page.get_by_role("button", name="Confirm email address").click()
    expect(page).to_have_url("/studio")

    page.locator(".menu__name").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/settings")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/settings")


def test_one_click_makes_the_visitor_somebody_of_the_demo(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Switch person").click()
    page.get_by_role("button", name="Ida Example").click()
    expect(page.locator(".demo-bar")).to_contain_text("Signed in as ida@rings.example")
