"""Pages travel compressed, and nothing else is compressed again."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ASKS = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_who_asks_for_it(client: Client) -> None:
    plain, small = client.get("/pricing"), client.get("/pricing", headers=ASKS)
    assert not plain.has_header("Content-Encoding")
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(small.content)


@pytest.mark.parametrize("address", ["/robots.txt", "/healthz", "/sitemap.xml"])
def test_what_is_no_page_is_sent_as_it_is(client: Client, address: str) -> None:
    assert not client.get(address, headers=ASKS).has_header("Content-Encoding")
