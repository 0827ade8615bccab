"""What fails costs nothing, and says so where the customer looks."""

import pytest
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.browsing import NewVisitor
from tests.support.outside import open_account, spoil_next_job
from tests.support.service import Service

LOOKS = ("Plain ivory", "Plain slate")
LAST_CREDIT = "last-credit@story.example"


def order_at_the_hosted_generator(page: Page) -> None:
    """Have two images made of a photo that was approved weeks ago."""
    page.goto("/library/photos")
    page.get_by_role("link", name="render_hoop.jpg").click()
    visitor.choose_looks(page, *LOOKS, hosted=True)
    visitor.generate(page)


@pytest.mark.clause("5.3", "5.4")
def test_a_failed_order_says_why_and_gives_the_credits_back(page: Page, service: Service) -> None:
    visitor.become(page, "Noor Example")
    before = visitor.credits_of(page)
    spoil_next_job(service, "fail")
    order_at_the_hosted_generator(page)
    visitor.wait_for_end(page, "This generation failed")
    told = page.locator("#task").get_by_role("alert")
    expect(told).to_contain_text("The generator failed before this image was finished.")
    expect(told).to_contain_text("2 credits returned")
    assert visitor.credits_of(page) == before
    assert visitor.statement(page)[:2] == [
        ("Returned: the generation cost nothing", "2 returned"),
        ("Held for a generation", "2 held"),
    ]


def test_of_a_partial_order_only_the_part_is_paid(page: Page, service: Service) -> None:
    visitor.become(page, "Noor Example")
    before = visitor.credits_of(page)["Available"]
    spoil_next_job(service, "part")
    order_at_the_hosted_generator(page)
    visitor.wait_for_end(page, "Your images")
    task = page.locator("#task")
    expect(task.locator(".notice")).to_contain_text("1 credit charged · 1 credit returned")
    missing = task.locator(".card", has_text="The generator finished without delivering this image")
    expect(missing).to_contain_text("0 credits")
    expect(task.get_by_role("link", name="Compare and download")).to_have_count(1)
    assert visitor.credits_of(page)["Available"] == before - 1
    spent = ("Spent on delivered images; the rest was returned", "−1 (1 returned)")
    assert visitor.statement(page)[0] == spent


def test_of_two_tabs_with_credits_for_one_the_other_says_why(
    let_in: NewVisitor, service: Service
) -> None:
    open_account(service, LAST_CREDIT, given=1)
    one = let_in()
    visitor.sign_in(one, LAST_CREDIT)
    visitor.choose_photo(one, visitor.PHOTOS / "render_hoop.jpg")
    visitor.approve(one, kind="earring", size_mm=30)
    other = one.context.new_page()
    other.goto(one.url)
    for tab in (one, other):
        visitor.choose_looks(tab, "Plain ivory", hosted=True)
    for tab in (one, other):
        tab.get_by_role("button", name="Generate 1 image for 1 credit").click(no_wait_after=True)
    winner = one if ordered(one) else other
    assert [ordered(one), ordered(other)].count(True) == 1
    loser = other if winner is one else one
    expect(loser.get_by_role("heading", name="1 credit is missing")).to_be_visible()
    visitor.wait_for_end(winner, "Your images")
    assert visitor.credits_of(winner) == {"Available": 0, "Held for running generations": 0}
    lines = [words for words, _ in visitor.statement(winner)]
    assert lines.count("Held for a generation") == 1


def ordered(tab: Page) -> bool:
    """Whether this tab's press became an order; otherwise it is offered what is missing."""
    task = tab.locator("#task")
    expect(task.or_(tab.locator("[data-offer]")).first).to_be_visible()
    return task.is_visible()
