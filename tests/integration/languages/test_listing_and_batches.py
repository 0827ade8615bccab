"""On no page of a piece's listing and of many photos at once is a sentence untranslated."""

import io

import pytest

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Batch, Piece
from jewelrymodel.generation.statuses import GeneratorName
from tests.support import batches
from tests.support import generation as world
from tests.support.pseudo_pages import Walk

pytestmark = pytest.mark.django_db
NAME = "Ada's rings"


@pytest.fixture
def account(buyer: Walk) -> Account:
    one = world.seller()
    buyer.client.force_login(one.memberships.get().user)
    return one


def named(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = NAME
    return file


def test_a_listing(account: Account, buyer: Walk) -> None:
    photo = world.approve(world.approved_photo(account))
    piece = photo.piece_id
    Piece.objects.filter(pk=piece).update(name=NAME, sku=NAME)
    buyer.get(f"/library/pieces/{piece}/listing")
    looks = ["packshot", "neck-light", "marble"]
    task = world.order(photo, generator=GeneratorName.EMBEDDED, looks=looks)
    world.work(task, world.Hands())
    buyer.get(f"/library/pieces/{piece}/listing")
    first = task.items.first()
    assert first
    for text in (NAME, f"{NAME} " * 200):
        buyer.post(f"/library/pieces/{piece}/listing/texts", **{first.asset.pk: text})
    for sent in ({}, {"shop": "amazon"}, {"shop": "shopify", "base": "no address"}):
        buyer.post(f"/library/pieces/{piece}/listing/archive", **sent)
    assert not buyer.escaped, buyer.report()


def test_a_batch(account: Account, buyer: Walk) -> None:
    buyer.get("/studio/batches")
    buyer.post("/studio/batches")
    batch = Batch.objects.get()
    page = f"/studio/batches/{batch.pk}"
    buyer.get(f"/studio/batches/{batch.pk}/look")
    for content in (b"no photo", batches.photo_file(), batches.photo_file()):
        buyer.post(f"/studio/batches/{batch.pk}/photos", photo=named(content))
    batches.waiting_rows(account, batch, 2)
    shown = [batches.shown_in(batch, name=NAME) for _ in range(3)]
    buyer.get(f"/studio/batches/{batch.pk}")
    buyer.get("/studio/batches")
    buyer.get(f"/studio/batches/{batch.pk}/progress")
    buyer.get(f"/studio/batches/{batch.pk}/cards", id=shown[0].pk)
    buyer.post(f"/studio/batches/{batch.pk}/forget", file=NAME)
    ids = [one.pk for one in shown]
    buyer.post(f"/studio/batches/{batch.pk}/approve", act="remove")
    buyer.post(f"/studio/batches/{batch.pk}/approve", act="approve", photo=[])
    about = {f"{one.pk}-kind": "pendant" for one in shown}
    units = {f"{one.pk}-unit": "mm" for one in shown}
    for size in ("", "1", "18"):
        sizes = {f"{one.pk}-size": size for one in shown}
        sent = about | units | sizes
        buyer.post(f"/studio/batches/{batch.pk}/approve", act="approve", photo=ids[:2], **sent)
    buyer.post(f"/studio/batches/{batch.pk}/join", photo=ids[:2])
    buyer.post(f"/studio/batches/{batch.pk}/approve", act="remove", photo=ids[2:])
    buyer.get(f"/studio/batches/{batch.pk}/look")
    order = {"look": "marble", "aspect": "1:1", "photo": ids[:2], "key": "k"}
    for act in ("offer", "cover", ""):
        buyer.post(f"/studio/batches/{batch.pk}/order", **order, act=act, covered="1", price="2")
    many = {**order, "aspect": ["1:1", "4:5", "3:4", "16:9", "9:16"], "price": "10", "key": "m"}
    for _twice in range(2):
        buyer.post(f"{page}/order", **many)
    buyer.post(f"/studio/batches/{batch.pk}/buy", **many)
    buyer.get(page)
    buyer.get(f"/studio/batches/{batch.pk}/archive")
    assert not buyer.escaped, buyer.report()
