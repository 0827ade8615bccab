"""Each image is held, charged and given back at the price of its own kind of look."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account
from jewelrymodel.catalog.products import Work
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.statuses import GeneratorName, ItemState, TaskStatus
from jewelrymodel.ledger.operations import NotEnoughCredits
from jewelrymodel.studio.look_kinds import LookKind
from tests.support.generation import NOW, Hands, books_balance, credits_of, order, work
from tests.support.publishing import publish_credit_price

PRICES_FIELD = re.compile(r'name="prices" value="([^"]+)"')
PRICES = {LookKind.PACKSHOT: 1, LookKind.MODEL: 5, LookKind.SCENE: 2}


@pytest.fixture
def prices(account: Account) -> None:
    for kind, quantity in PRICES.items():
        publish_credit_price(
            work=Work.IMAGE,
            look_kind=kind,
            quantity=quantity,
            effective_from_at=NOW - timedelta(hours=1),
            now=NOW,
        )


def test_what_was_ordered_before_keeps_its_price(account: Account, photo: Photo) -> None:
    task = order(photo, generator=GeneratorName.EMBEDDED, looks=["marble", "velvet"])
    publish_credit_price(
        work=Work.IMAGE, look_kind=LookKind.SCENE, quantity=4, effective_from_at=NOW, now=NOW
    )
    assert work(task, Hands()).credits_charged == 2
    assert credits_of(account) == (8, 0)
    assert books_balance()


@pytest.mark.usefixtures("prices")
def test_every_image_is_held_and_charged_at_its_own_price(account: Account, photo: Photo) -> None:
    looks = ["packshot", "marble", "packshot-clear", "velvet"]
    task = order(photo, generator=GeneratorName.EMBEDDED, looks=looks)
    assert [one.credits for one in queries.items(task)] == [1, 2, 1, 2]
    assert (task.credits_held, credits_of(account)) == (6, (4, 6))
    assert work(task, Hands()).credits_charged == 6
    assert credits_of(account) == (4, 0)
    assert books_balance()


@pytest.mark.usefixtures("prices")
def test_what_was_not_made_comes_back_at_its_own_price(account: Account, photo: Photo) -> None:
    photo.size_mm = 400  # no neck is wide enough for that
    photo.save()
    task = order(photo, generator=GeneratorName.EMBEDDED, looks=["packshot", "neck-light"])
    assert (task.credits_held, credits_of(account)) == (6, (4, 6))
    work(task, Hands())
    states = [(one.state, one.credits) for one in queries.items(task)]
    assert states == [(ItemState.DELIVERED, 1), (ItemState.FAILED, 5)]
    assert (task.status, task.credits_charged) == (TaskStatus.SUCCEEDED, 1)
    assert credits_of(account) == (9, 0)
    assert books_balance()


@pytest.mark.usefixtures("prices")
def test_too_few_credits_for_the_sum_of_the_prices(account: Account, photo: Photo) -> None:
    looks = ["neck-light", "neck-deep", "packshot"]
    with pytest.raises(NotEnoughCredits) as caught:
        order(photo, generator=GeneratorName.EMBEDDED, looks=looks)
    assert (caught.value.needed, caught.value.available) == (11, 10)
    assert credits_of(account) == (10, 0)


@pytest.mark.usefixtures("prices")
def test_pages_say_the_price_of_each_kind(
    client: Client, account: Account, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jewelrymodel.web.site.views.now", lambda: NOW)
    monkeypatch.setattr("jewelrymodel.infra.clock.now", lambda: NOW)
    pricing = client.get("/pricing").content.decode()
    for title in ("Packshot", "Image with a virtual model", "Image in a scene"):
        assert title in pricing
    assert "Finished image" not in pricing
    assert "1 to 5 credits" in client.get("/").content.decode()
    client.force_login(account.memberships.get().user)
    looks = client.get(f"/studio/photos/{photo.id}").content.decode()
    assert looks.count('data-credits="1"') == 2
    assert 'data-credits="5"' in looks
    assert 'data-credits="2"' in looks


def test_a_page_opened_before_prices_rose_makes_nothing(
    client: Client, account: Account, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jewelrymodel.infra.clock.now", lambda: NOW)
    client.force_login(account.memberships.get().user)
    address = f"/studio/photos/{photo.id}"
    shown = PRICES_FIELD.search(client.get(address).content.decode())
    assert shown is not None
    form = {"look": ["marble", "velvet"], "key": "once", "prices": shown[1]}
    publish_credit_price(
        work=Work.IMAGE, look_kind=LookKind.SCENE, quantity=2, effective_from_at=NOW, now=NOW
    )
    refused = client.post(f"{address}/generate", form)
    assert refused.status_code == 422
    assert (Task.objects.count(), credits_of(account)) == (0, (10, 0))
    agreed = PRICES_FIELD.search(refused.content.decode())
    assert agreed is not None
    assert client.post(f"{address}/generate", {**form, "prices": agreed[1]}).status_code == 302
    assert (Task.objects.get().credits_held, credits_of(account)) == (4, (6, 4))
