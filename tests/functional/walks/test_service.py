"""The service is there, and says so."""

from importlib.metadata import version

from playwright.sync_api import Page, expect

from tests.support.service import PARTS, Service


def test_health_names_every_part(service: Service) -> None:
    health = service.health()
    assert health["healthy"], health
    assert health["parts"].keys() == {"database", *PARTS} - {"postgres"}
    assert health["version"] == version("jewelrymodel")


def test_the_greeting_names_the_address(service: Service) -> None:
    assert "Ready in" in service.log
    assert service.url in service.log


def test_the_home_page_opens(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("h1")).to_be_visible()
