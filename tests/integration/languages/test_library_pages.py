"""On no page of the library, and on none of a photo's place in it, is a sentence untranslated."""

import io

import pytest
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Collection, Photo
from jewelrymodel.generation.statuses import GeneratorName
from tests.support import generation as world
from tests.support.pseudo_pages import Walk

pytestmark = pytest.mark.django_db
NAME = "Ada's rings"  # what a seller writes isn't translated


@pytest.fixture
def account(buyer: Walk) -> Account:
    one = world.seller()
    buyer.client.force_login(one.memberships.get().user)
    return one


def photo_file(width: int) -> io.BytesIO:
    file = io.BytesIO()
    Image.fromarray(world.drawn_piece(width)[..., :3].copy()).save(file, "JPEG")
    file.seek(0)
    file.name = NAME
    return file


def test_pieces(account: Account, buyer: Walk) -> None:
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, images=1, generator=GeneratorName.EMBEDDED)
    world.work(task, world.Hands())
    image, piece = task.items.get().asset.pk, photo.piece_id
    about = {"name": NAME, "kind": "ring", "size": "52", "unit": "eu"}
    for changed in ({}, {"size": "x"}, {"name": "x" * 200}):
        buyer.post(f"/library/pieces/{piece}/describe", **(about | changed))
    buyer.post(f"/library/pieces/{piece}/photos", photo=photo_file(500), view="side")
    buyer.post(f"/library/pieces/{piece}/photos")
    buyer.post(f"/library/photos/{photo.pk}/view", view="back")
    for act in ("collect", "download", "delete", ""):
        buyer.post("/library/pieces", act=act, collection=NAME)
    buyer.post("/library/pieces", id=[piece], act="collect", collection=NAME)
    collection = Collection.objects.get()
    for sent in ({"name": NAME}, {"name": ""}):
        buyer.post(f"/library/collections/{collection.pk}", **sent)
    for address in ("/library", "/library?q=nothing", "/library/images", "/library/photos"):
        buyer.get(address)
    buyer.get(f"/library/pieces/{piece}")
    for what, one in (("image", image), ("photo", photo.pk), ("piece", piece)):
        buyer.post("/library/delete", what=what, id=one)
        buyer.get("/library/deleted")
        buyer.post("/library/undo", what=what, id=one)
    buyer.post(f"/library/collections/{collection.pk}", act="drop")
    assert not buyer.escaped, buyer.report()


def test_photos(account: Account, buyer: Walk) -> None:
    buyer.post("/studio", photo=photo_file(400))
    buyer.post("/studio", photo=photo_file(400))
    assert "same_photo" in buyer.names
    buyer.get("/studio/again")
    assert Photo.objects.count() == 1
    photo = world.approve(world.approved_photo(account))
    buyer.get(f"/studio/photos/{photo.pk}/packshot")
    for spot in ("20", "100"):
        buyer.post(f"/studio/photos/{photo.pk}/packshot", **{"spot.x": spot, "spot.y": spot})
    assert not buyer.escaped, buyer.report()
