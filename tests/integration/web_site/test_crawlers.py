"""What search engines, other sites and old browsers ask a site for."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_the_sitemap_lists_pages_that_are_there(client: Client, settings: Settings) -> None:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    addresses = re.findall(r"<url><loc>(.+?)</loc></url>", answer.content.decode())
    assert len(addresses) == 5
    for one in addresses:
        assert one.startswith(settings.PUBLIC_URL)
        assert client.get(one.removeprefix(settings.PUBLIC_URL), follow=True).status_code == 200


def test_crawlers_keep_out_of_accounts_and_of_a_demo(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    shop = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /studio", "Disallow: /desk", "Disallow: /checkout"} <= set(shop)
    assert "Disallow: /" not in shop
    settings.DEMO = True
    assert "Disallow: /" in client.get("/robots.txt").content.decode().splitlines()


def test_the_mark_is_found_by_its_old_name(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


@pytest.mark.parametrize("address", ["/", "/pricing", "/status"])
def test_a_link_that_is_shared_has_a_picture(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    picture = re.search(r'property="og:image" content="([^"]+)"', html)
    assert picture is not None
    assert re.match(r"https?://[^/]+/static/showcase/share", picture[1])
    assert finders.find("showcase/share.jpg")
