"""What a batch is offered: the seller's own models too, in the formats that their photos carry."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation.models import Batch, OwnModel, Photo, Task, TaskItem
from tests.support import batches, own_models
from tests.support import generation as world
from tests.support.generation import credits_of

pytestmark = pytest.mark.django_db
WIDE, TALL = "16:9", "3:4"


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    return browser


@pytest.fixture
def batch(account: Account) -> Batch:
    return batches.batch_of(account)


@pytest.fixture
def model(account: Account) -> OwnModel:
    """Somebody whose photo is tall: a wide image would show less than half of it."""
    model = own_models.in_use(account, "neck")
    OwnModel.objects.filter(pk=model.pk).update(width_px=900, height_px=1200)
    return model


@pytest.fixture
def pieces(batch: Batch) -> list[Photo]:
    """A ring and two pendants, approved."""
    return [batches.approved_in(batch, kind=kind) for kind in ("ring", "pendant", "pendant")]


def ask(client: Client, batch: Batch, photos: list[Photo], look_id: str, **more: object) -> object:
    asked = {"look": look_id, "photo": [one.pk for one in photos], "key": "k", **more}
    return client.post(f"/studio/batches/{batch.pk}/order", asked)


def test_own_models_are_offered_first_by_their_names(
    client: Client, batch: Batch, pieces: list[Photo], model: OwnModel
) -> None:
    context = client.get(f"/studio/batches/{batch.pk}/look").context
    first, *others = context["looks"]
    pendant = next(one for one in context["photos"] if one.kind == "pendant")
    assert (first.look.id, first.own_name, first.kinds) == (model.pk, model.name, "pendant")
    assert (first.fits, first.example) == (2, pendant)
    assert WIDE not in first.aspects
    assert TALL in first.aspects
    assert not [one for one in others if one.own_name]


def test_every_look_is_shown_with_the_first_piece_that_it_suits(
    client: Client, batch: Batch, pieces: list[Photo]
) -> None:
    context = client.get(f"/studio/batches/{batch.pk}/look").context
    for one in context["looks"]:
        suited = [photo for photo in context["photos"] if photo.kind in one.look.piece_kinds]
        assert one.example == suited[0]
    assert {one.example.kind for one in context["looks"]} == {"ring", "pendant"}


def test_an_own_model_is_ordered_in_the_formats_that_its_photo_carries(
    client: Client, batch: Batch, account: Account, pieces: list[Photo], model: OwnModel
) -> None:
    page = ask(client, batch, pieces, model.pk, aspect=[TALL, WIDE])
    context = page.context  # type: ignore[attr-defined]  # a test client's answer has one
    assert (context["price"], context["images"], context["asked"].unsuited) == (2, 2, 1)
    ask(client, batch, pieces, model.pk, aspect=[TALL, WIDE], price="2")
    assert {task.photo for task in Task.objects.all()} == set(pieces[1:])
    items = TaskItem.objects.values_list("own_model_id", "aspect")
    assert set(items) == {(model.pk, TALL)}
    assert credits_of(account) == (8, 2)


def test_a_format_that_the_photo_cant_carry_is_refused(
    client: Client, batch: Batch, pieces: list[Photo], model: OwnModel
) -> None:
    answer = ask(client, batch, pieces, model.pk, aspect=[WIDE], price="2")
    assert answer.status_code == 422  # type: ignore[attr-defined]  # a test client's answer
    assert not Task.objects.exists()


@pytest.mark.parametrize("whose", ["revoked", "of somebody else"])
def test_nobody_is_shown_who_does_not_agree(
    client: Client, batch: Batch, pieces: list[Photo], model: OwnModel, whose: str
) -> None:
    if whose == "revoked":
        own_models.revoke(model)
    else:
        model = own_models.in_use(world.seller("another"), "neck")
    looks = client.get(f"/studio/batches/{batch.pk}/look").context["looks"]
    assert model.pk not in [one.look.id for one in looks]
    answer = ask(client, batch, pieces, model.pk, aspect=[TALL], price="2")
    assert answer.status_code == 422  # type: ignore[attr-defined]  # a test client's answer
    assert not Task.objects.exists()
