"""Whatever a form is sent to can be opened and reloaded: no page is an error for asking again."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, resolve

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.config.urls import urlpatterns
from tests.support.shop import at_the_desk

pytestmark = pytest.mark.django_db
MACHINES = ("hooks/", "admin/", "healthz")
IDS = {
    "document:document": "terms",
    "day:edition_on": "2026-05-14",
    "int:entry_id": "1",
    "slug:sku": "tray",
}


def addresses(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Each of our own addresses, its ids filled with some that nobody has."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        elif not route.startswith(MACHINES) and "allauth" not in one.callback.__module__:
            yield "/" + re.sub(r"<([^>]+)>", lambda name: IDS.get(name[1], "1"), route), one


OURS = dict(addresses(urlpatterns))
FORMS = {
    one: pattern.callback.form_of
    for one, pattern in OURS.items()
    if hasattr(pattern.callback, "form_of")
}


@pytest.fixture
def browsers(seller: Membership) -> dict[bool, Client]:
    """Somebody's at the desk, and a seller's."""
    client = Client()
    client.force_login(seller.user)
    return {True: at_the_desk(role=StaffRole.OPERATOR), False: client}


def test_every_address_can_be_opened(browsers: dict[bool, Client]) -> None:
    statuses = {one: browsers[one.startswith("/desk")].get(one).status_code for one in OURS}
    assert len(statuses) > 100
    assert {one: n for one, n in statuses.items() if n not in (200, 301, 302, 404, 410)} == {}


def test_a_form_that_was_refused_reloads_as_its_page(browsers: dict[bool, Client]) -> None:
    assert len(FORMS) > 40
    for address, page in FORMS.items():
        client = browsers[address.startswith("/desk")]
        answer = client.get(address)
        assert answer.status_code == 302, address
        found = resolve(answer["Location"])
        assert (found.url_name, hasattr(found.func, "form_of")) == (page, False)
        assert client.head(address).status_code == 302
        assert client.put(address).status_code == 405
