"""A payment service that is down: nobody is charged, and the same form works again later."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support import visitor
from tests.support.outside import spoil_processor
from tests.support.service import Service


@pytest.fixture
def processor_down(service: Service) -> Iterator[None]:
    """The processor answers 503 until the test, or this fixture, mends it."""
    spoil_processor(service, down=True)
    yield
    spoil_processor(service, down=False)


def billing(page: Page, table: str) -> list[str]:
    """The rows of a table of the billing page, as they read."""
    page.goto("/billing")
    return page.locator(f"section[aria-labelledby={table}] tbody tr").all_inner_texts()


@pytest.mark.usefixtures("processor_down")
def test_checkout_survives_a_processor_that_is_down(page: Page, service: Service) -> None:
    visitor.become(page, "Noor Example")
    orders, payments = billing(page, "orders"), billing(page, "payments")
    owned = visitor.credits_of(page)
    page.goto("/checkout/case")
    page.get_by_role("button", name="Accept the terms and pay").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("We can’t reach the payment service right now")

    spoil_processor(service, down=False)
    visitor.to_payment_page(page)
    page.get_by_role("link", name="Go back without paying").click()
    expect(page.get_by_role("heading", name="Not paid yet")).to_be_visible()
    expect(page.locator("main")).to_contain_text("you haven’t been charged")
    page.get_by_role("button", name="Cancel this order").click()
    expect(page.get_by_role("heading", name="Order canceled")).to_be_visible()

    newest, *older = billing(page, "orders")
    assert "Canceled, not charged" in newest
    assert older == orders
    assert billing(page, "payments") == payments
    assert visitor.credits_of(page) == owned
