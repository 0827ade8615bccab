"""A seller reads on each page of theirs that something is down, and only while it is."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership
from jewelrymodel.incidents import operations
from jewelrymodel.incidents.models import Incident
from jewelrymodel.infra import formats
from tests.support.outages import TOLD, closed, opened
from tests.support.shop import now

pytestmark = pytest.mark.django_db
PAGES = ["/studio", "/library", "/credits", "/billing", "/requests", "/settings"]
COSTS_NOTHING = "Failed generations don’t cost credits."


def line(client: Client, path: str) -> str:
    """The notice on a page; empty where there is none."""
    html = client.get(path).content.decode()
    found = re.search(rf'<p class="notice"[^>]*>([^§]*?{COSTS_NOTHING}[^§]*?)</p>', html)
    return re.sub(r"\s+", " ", found[1]).strip() if found else ""


@pytest.fixture
def ada(seller: Membership) -> Client:
    client = Client()
    client.force_login(seller.user)
    return client


def test_every_page_of_a_seller_says_what_is_down_since_when_and_what_it_costs(
    ada: Client,
) -> None:
    since = now()
    opened(since=since)
    notice = f"Image generation: down since {formats.moment(since)}. {COSTS_NOTHING}"
    for path in PAGES:
        assert line(ada, path) == f'{notice} <a href="/status">See status</a>', path


def test_one_since_yesterday_says_the_day_and_each_feature_is_named(ada: Client) -> None:
    since = now() - timedelta(days=1)
    opened(since=since)
    opened(since=since, feature="downloads")
    said = line(ada, "/credits")
    for feature in ("Image generation", "Downloads"):
        assert f"{feature}: down since {formats.moment(since)}." in said


def test_it_goes_with_the_outage_and_with_a_mistake(ada: Client) -> None:
    closed(opened())
    assert line(ada, "/credits") == ""
    mistake = opened()
    assert line(ada, "/credits")
    operations.withdraw_incident(incident_id=mistake.pk, now=now(), **TOLD)
    assert line(ada, "/credits") == ""


def test_it_is_for_sellers_and_costs_their_pages_one_look(ada: Client, vera: Client) -> None:
    opened()
    for client, path in ((Client(), "/"), (vera, "/desk"), (vera, "/account/email/")):
        assert COSTS_NOTHING not in client.get(path).content.decode(), path
    for client, path, looks in ((ada, "/credits", 1), (ada, "/", 0), (vera, "/desk", 0)):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        table = Incident._meta.db_table
        assert sum(table in one["sql"] for one in seen) == looks, path
