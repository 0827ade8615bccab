"""Pages of a shop with many pieces ask the database as few questions as those of a small one."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Asset, Collection, Photo, Piece, Task
from tests.support import generation as world
from tests.support.second_factor import counted_as_entered
from tests.support.shop import at_the_desk
from tests.support.stocked_shop import Shop

MOST = 15
MORE = {"/credits": 17, "/desk/customers/": 17}
"""Pages that ask more by now, and how much: less is welcome."""
FEW, MANY = 26, 52  # more than a page, and twice as many


@pytest.fixture
def shop(db: None, files: Path, settings: Settings) -> Shop:
    settings.DEMO = False  # whose clock is a row
    return Shop(world.seller("many-pieces", 0).pk, world.NOW, edge_px=48)


def addresses(account_id: str) -> list[str]:
    piece, photo, task, asset, collection = (
        rows.objects.filter(account_id=account_id).order_by("-created_at").first()
        for rows in (Piece, Photo, Task, Asset, Collection)
    )
    assert None not in (piece, photo, task, asset, collection)
    return [
        *("/library", "/library?page=2", "/library?q=ring", f"/library?collection={collection.pk}"),
        *("/library?kind=ring&images=with", "/library/images", "/library/photos"),
        *("/library/deleted", f"/library/pieces/{piece.pk}", f"/library/pieces/{piece.pk}/listing"),
        *(f"/library/images/{asset.pk}", "/studio", f"/studio/photos/{photo.pk}"),
        *(f"/studio/photos/{photo.pk}?change", f"/studio/tasks/{task.pk}"),
        *("/credits", "/billing", "/requests", "/settings"),
    ]


def desk_addresses(account_id: str) -> list[str]:
    task = Task.objects.filter(account_id=account_id).latest("created_at")
    return ["/desk", f"/desk/customers/{account_id}", f"/desk/tasks/{task.pk}"]


def asked(client: Client, found: list[str]) -> dict[str, int]:
    """How many questions each page asks."""
    counted = {}
    for address in found:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        counted[address] = len(queries)
    return counted


def test_no_page_asks_more_where_there_is_more(shop: Shop, client: Client) -> None:
    shop.stock(FEW)
    client.force_login(Account.objects.get(pk=shop.account_id).memberships.get().user)
    agent = counted_as_entered(at_the_desk())
    small = asked(client, addresses(shop.account_id))
    small |= asked(agent, desk_addresses(shop.account_id))
    assert shop.stock(MANY) == MANY - FEW
    assert shop.stock(MANY) == 0
    large = asked(client, addresses(shop.account_id))
    large |= asked(agent, desk_addresses(shop.account_id))
    most = {page: next((m for p, m in MORE.items() if page.startswith(p)), MOST) for page in large}
    assert {page: n for page, n in large.items() if n > most[page]} == {}
    assert all(n <= before for n, before in zip(large.values(), small.values(), strict=True))
