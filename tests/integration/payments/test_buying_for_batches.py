"""What a batch's order lacks is bought on its page, and all of it begins when that is paid."""

import re
from pathlib import Path

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Batch, Photo, Selection, Task
from jewelrymodel.payments.models import Order
from tests.support import batches
from tests.support import generation as world
from tests.support.generation import NOW, credits_of
from tests.support.shop import Sandbox, now, register

Form = dict[str, str | list[str]]


@pytest.fixture
def seller(committing_db: None, files: Path) -> Membership:
    """Somebody without a credit, in a database that commits."""
    return register()


@pytest.fixture
def batch(seller: Membership) -> Batch:
    return batches.batch_of(seller.account)


@pytest.fixture
def photos(batch: Batch) -> list[Photo]:
    return [batches.approved_in(batch, name=f"r-{n}.jpg") for n in range(3)]


@pytest.fixture
def browser(seller: Membership, sandbox: Sandbox) -> Client:
    client = Client()
    client.force_login(seller.user)
    return client


def offered(client: Client, batch: Batch, photos: list[Photo]) -> Form:
    """The form of the page that offers what is missing for two formats of a look."""
    chosen: Form = {
        "look": "marble",
        "aspect": ["1:1", "4:5"],
        "photo": [one.pk for one in photos],
        "key": "a-page-of-its-own",
    }
    answer = client.post(f"/studio/batches/{batch.pk}/order", {**chosen, "act": "offer"})
    html = answer.content.decode()
    said = dict(
        re.findall(r'type="hidden"\s+name="(sku|offer|promised|price)"\s+value="([^"]+)"', html)
    )
    return {**chosen, **said, "country": "US", "capacity": "business"}


def buy(client: Client, batch: Batch, form: Form, status: int = 302) -> str:
    answer = client.post(f"/studio/batches/{batch.pk}/buy", form)
    assert answer.status_code == status, answer.content.decode()
    return answer["Location"] if status == 302 else answer.content.decode()


def test_all_of_it_begins_once_when_it_is_paid(
    browser: Client, seller: Membership, batch: Batch, photos: list[Photo], sandbox: Sandbox
) -> None:
    form = offered(browser, batch, photos)
    assert (form["price"], form["sku"]) == ("6", "tray")
    url = buy(browser, batch, form)
    order = Order.objects.get()
    assert browser.get(buy(browser, batch, form))["Location"] == url  # a double click
    waiting = browser.get(f"/studio/batches/{batch.pk}/look").context["asked"]
    assert (waiting.look_id, waiting.aspects) == ("marble", ("1:1", "4:5"))
    assert queries.kept_selection(photos[0], now=now()) is None
    sandbox.pay(url)
    back = f"/billing/orders/{order.pk}/return"
    assert browser.get(back)["Location"] == f"/studio/batches/{batch.pk}"
    assert browser.get(back)["Location"] == f"/studio/batches/{batch.pk}"
    assert {task.photo for task in Task.objects.filter(batch=batch)} == set(photos)
    assert credits_of(seller.account) == (14, 6)


def test_what_lacks_a_country_is_asked_on_the_page(
    browser: Client, batch: Batch, photos: list[Photo]
) -> None:
    form = offered(browser, batch, photos)
    assert "error-summary" in buy(browser, batch, form | {"country": ""}, status=422)
    assert not Order.objects.exists()


def test_what_was_shown_cheaper_is_not_ordered(
    browser: Client, batch: Batch, photos: list[Photo]
) -> None:
    form = offered(browser, batch, photos)
    buy(browser, batch, form | {"price": "5"}, status=422)
    buy(browser, batch, form | {"look": "no-such"}, status=422)
    assert not Order.objects.exists()


def test_what_cannot_begin_any_more_says_so_and_holds_nothing(
    browser: Client, seller: Membership, batch: Batch, photos: list[Photo], sandbox: Sandbox
) -> None:
    url = buy(browser, batch, offered(browser, batch, photos))
    order = Order.objects.get()
    generation.remove_photos(
        account_id=seller.account_id, batch_id=batch.pk, photo_ids=[photos[1].pk], now=NOW
    )
    sandbox.pay(url)
    answer = browser.get(f"/billing/orders/{order.pk}/return", follow=True)
    assert f"/studio/batches/{batch.pk}/look" in answer.content.decode()
    assert Selection.objects.get().refusal == "photo_not_approved"
    assert (Task.objects.count(), credits_of(seller.account)) == (0, (20, 0))


def test_nothing_is_bought_where_the_credits_have_come(
    browser: Client, seller: Membership, batch: Batch, photos: list[Photo]
) -> None:
    form = offered(browser, batch, photos)
    world.grant(seller.account, 10)
    assert buy(browser, batch, form) == f"/studio/batches/{batch.pk}"
    assert (Task.objects.count(), Order.objects.count()) == (3, 0)


def test_nothing_is_kept_of_no_photo(seller: Membership, batch: Batch) -> None:
    with pytest.raises(generation.NoPhotoChosen):
        generation.keep_batch_selection(
            account_id=seller.account_id,
            batch_id=batch.pk,
            photo_ids=[],
            look_id="marble",
            aspects=["1:1"],
            key="k",
            order_id="ord",
            now=NOW,
        )
