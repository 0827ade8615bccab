"""The library by pieces: found, collected, described, downloaded, deleted; each account its own."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Asset, Collection, Photo, Piece
from jewelrymodel.generation.queries import PieceFilter
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import clock, storage
from jewelrymodel.support import operations as support
from tests.support import generation as world
from tests.support.reads import rows_of_others

SHOP, MOST_QUERIES = 200, 15


@pytest.fixture
def client(account: Account) -> Client:
    client = Client()
    client.force_login(account.memberships.get().user)
    return client


@pytest.fixture
def asset(account: Account, files: Path) -> Asset:
    """An image of the pendant "Opal", SKU "P-1"."""
    photo = world.approve(world.approved_photo(account))
    Piece.objects.filter(pk=photo.piece_id).update(name="Opal", sku="P-1")
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    return Asset.objects.get()


def found(account: Account, **wanted: object) -> list[str]:
    rows = queries.pieces(account_id=account.id, wanted=PieceFilter(**wanted))  # type: ignore[arg-type]
    return [row.name for row in rows]


def of(asset: Asset) -> Piece:
    return asset.item.task.photo.piece


def test_a_piece_is_found_by_words_and_filters(account: Account, asset: Asset) -> None:
    ring = world.piece(account, name="Gold ring", sku="R-7", kind="ring")
    Photo.objects.filter(pk=asset.item.task.photo_id).update(file_name="IMG_77.jpg")
    world.piece(world.seller("Other"), name="Opal of others")
    assert sorted(found(account)) == ["Gold ring", "Opal"]
    assert found(account, words="gold") == ["Gold ring"]
    assert found(account, words="r-7 GOLD") == ["Gold ring"]
    assert found(account, words="img_77") == ["Opal"]
    assert found(account, words="gold opal") == []
    assert found(account, kind="ring") == ["Gold ring"]
    assert found(account, images="with") == ["Opal"]
    assert found(account, images="without") == ["Gold ring"]
    assert found(account, favorites=True) == []
    Asset.objects.update(favorite_at=world.NOW)
    assert found(account, favorites=True) == ["Opal"]
    collection = collect(account, "Fall", ring)
    assert found(account, collection_id=collection.id) == ["Gold ring"]


def test_a_piece_shows_what_it_has(account: Account, asset: Asset) -> None:
    row = queries.piece(account_id=account.id, piece_id=of(asset).id)
    counts = row.photo_count, row.image_count, row.cover_asset_id  # type: ignore[attr-defined]
    assert counts == (1, 1, asset.id)
    Asset.objects.update(deleted_at=world.NOW)
    row = queries.piece(account_id=account.id, piece_id=of(asset).id)
    assert (row.image_count, row.cover_asset_id) == (0, None)  # type: ignore[attr-defined]
    assert row.cover_photo_id == asset.item.task.photo_id  # type: ignore[attr-defined]


def test_photos_are_ordered_by_view(account: Account, files: Path) -> None:
    piece = world.piece(account)
    views = ["unknown", "back", "front", "side", "three_quarter"]
    for view in views:
        Photo.objects.filter(pk=world.approved_photo(account).id).update(piece=piece, view=view)
    ordered = [photo.view for photo in queries.photos_of(piece)]
    assert ordered == ["front", "three_quarter", "side", "back", "unknown"]


def test_a_piece_is_named_and_sized(client: Client, account: Account) -> None:
    piece = world.piece(account, name="IMG 1")
    world.piece(account, sku="R-1")
    describe = f"/library/pieces/{piece.id}/describe"
    sent = {"name": "Gold ring", "sku": "R-2", "kind": "ring", "size": "7", "unit": "us"}
    assert client.post(describe, sent).status_code == 302
    piece.refresh_from_db()
    assert (piece.name, piece.sku, piece.kind, piece.size_mm) == ("Gold ring", "R-2", "ring", 17.32)
    for field, wrong in (("sku", {"sku": "r-1"}), ("name", {"name": " "}), ("kind", {"kind": ""})):
        answer = client.post(describe, {**sent, **wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert client.post(describe, {"name": "Plain"}).status_code == 302
    piece.refresh_from_db()
    assert (piece.sku, piece.kind, piece.size_mm) == ("", "", None)


def test_a_piece_gets_photos_until_it_is_full(
    client: Client, account: Account, files: Path
) -> None:
    piece = world.piece(account, kind="ring", size_mm=18)
    address = f"/library/pieces/{piece.id}/photos"
    answer = client.post(address, {"photo": photo_file(), "view": "side"})
    photo = Photo.objects.get()
    assert answer["Location"] == f"/studio/photos/{photo.id}"
    assert (photo.piece_id, photo.view, photo.size_mm) == (piece.id, "side", 18)
    client.post(f"/library/photos/{photo.id}/view", {"view": "back"})
    client.post(f"/library/photos/{photo.id}/view", {"view": "below"})
    photo.refresh_from_db()
    assert photo.view == "back"
    for _ in range(5):
        client.post(address, {"photo": photo_file()})
    assert Photo.objects.count() == 6
    assert client.post(address, {"photo": photo_file()}).status_code == 422
    assert client.get(f"/library/pieces/{piece.id}").context["has_room"] is False


def test_selected_pieces_are_collected_and_taken_out(client: Client, account: Account) -> None:
    ids = [world.piece(account, name=name).id for name in ("A", "B")]
    for _ in range(2):
        client.post("/library/pieces", {"id": ids, "act": "collect", "collection": "Fall"})
    client.post("/library/pieces", {"id": ids[:1], "act": "collect", "collection": "fall"})
    collection = Collection.objects.get()
    assert collection.entries.count() == 2
    sent = {"id": ids[:1], "act": "take_out", "from": collection.id}
    client.post("/library/pieces", sent)
    assert [one.size for one in queries.collections(account_id=account.id)] == [1]  # type: ignore[attr-defined]
    address = f"/library/collections/{collection.id}"
    client.post(address, {"name": "Spring"})
    collect(account, "Taken")
    client.post(address, {"name": "taken"})
    client.post(address, {"name": ""})
    collection.refresh_from_db()
    assert collection.name == "Spring"
    opened = client.get(address)["Location"]
    assert client.get(opened).context["collection"] == collection
    client.post(address, {"act": "drop"})
    assert not Collection.objects.filter(pk=collection.pk).exists()
    assert Piece.live.count() == 2


def test_images_come_as_files_named_by_their_piece(
    client: Client, account: Account, asset: Asset
) -> None:
    task = world.order(asset.item.task.photo, key="k2", generator=GeneratorName.EMBEDDED)
    world.work(task, world.Hands())
    sent = {"id": [of(asset).id], "act": "download", "format": "jpeg", "size": "1080"}
    answer = client.post("/library/pieces", sent)
    assert answer.streaming  # a hundred whole images are never in memory at once
    names = zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    look = asset.item.look_id
    assert sorted(names) == [f"p-1-{look}-1x1-1080-2.jpg", f"p-1-{look}-1x1-1080.jpg"]
    one = client.get(f"/library/images/{asset.id}/download?format=jpeg&size=1080", follow=True)
    assert f'"p-1-{look}-1x1-1080.jpg"' in one["Content-Disposition"]
    assert one["Content-Type"] == "image/jpeg"
    assert one.streaming
    assert len(one.getvalue()) == int(one["Content-Length"])
    empty = world.piece(account)
    assert client.post("/library/pieces", {**sent, "id": [empty.id]})["Location"] == "/library"


def test_deleting_offers_to_undo_it_once(client: Client, account: Account, asset: Asset) -> None:
    piece = of(asset)
    client.post("/library/pieces", {"id": [piece.id], "act": "delete"})
    page = client.get("/library")
    assert found(account) == []
    assert page.context["deleted"].ids == [piece.id]
    assert client.get("/library").context["deleted"] is None
    rows = client.get("/library/deleted").context["rows"]
    assert [(one["what"], one["row"].pk) for one in rows] == [("piece", piece.id)]
    undo = {"what": "piece", "id": piece.id, "next": "/library/deleted"}
    assert client.post("/library/undo", undo)["Location"] == "/library/deleted"
    assert found(account) == ["Opal"]
    elsewhere = {"what": "image", "id": asset.id, "next": "https://elsewhere.example/"}
    assert client.post("/library/delete", elsewhere)["Location"] == "/library"
    assert client.get(f"/library/images/{asset.id}").status_code == 404
    assert client.post("/library/delete", {"what": "account", "id": "x"}).status_code == 404


def test_selected_images_are_deleted_together(client: Client, asset: Asset) -> None:
    sent = {"what": "image", "image": [asset.id], "next": "/library/images"}
    answer = client.post("/library/delete", sent, follow=True)
    assert answer.redirect_chain == [("/library/images", 302)]
    assert answer.context["deleted"].ids == [asset.id]
    assert not Asset.live.exists()
    nothing = client.post("/library/delete", {"what": "image", "next": "/library"}, follow=True)
    assert nothing.context["deleted"] is None


def test_what_is_under_way_is_not_deleted(client: Client, account: Account, files: Path) -> None:
    photo = world.approve(world.approved_photo(account))
    world.order(photo, generator=GeneratorName.EMBEDDED)
    sent = {"what": "photo", "id": photo.id, "next": "/library"}
    answer = client.post("/library/delete", sent, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Photo.live.exists()


def test_another_accounts_pieces_are_not_there(client: Client, account: Account) -> None:
    other = world.seller("Other")
    theirs = world.piece(other, name="Theirs")
    collection = collect(other, "Theirs", theirs)
    mine = world.piece(account)
    piece = f"/library/pieces/{theirs.id}"
    assert client.get(piece).status_code == 404
    for address, sent in (
        (f"{piece}/describe", {"name": "Mine"}),
        (f"{piece}/photos", {"photo": photo_file()}),
        (f"/library/collections/{collection.id}", {"name": "Mine"}),
        (f"/library/collections/{collection.id}", {}),
        (f"/library/collections/{collection.id}", {"act": "drop"}),
        ("/library/pieces", {"id": [mine.id, theirs.id], "act": "delete"}),
        ("/library/pieces", {"id": [mine.id, theirs.id], "act": "collect", "collection": "A"}),
        ("/library/delete", {"what": "piece", "id": theirs.id}),
        ("/library/undo", {"what": "piece", "id": theirs.id}),
    ):
        assert client.post(address, sent).status_code == 404, address
    take_out = {"id": [theirs.id], "act": "take_out", "from": collection.id}
    client.post("/library/pieces", take_out)
    assert collection.entries.count() == 1
    assert Collection.objects.count() == 1
    with rows_of_others(account.id) as others:
        client.get(f"/library?collection={collection.id}")
        client.get("/library/deleted")
    assert others == []
    assert Piece.live.count() == 2


def test_a_large_shop_takes_few_queries(client: Client, account: Account, asset: Asset) -> None:
    names = [f"Piece {n}" for n in range(SHOP - 1)]
    pieces = [world.piece(account, name=name, sku=name, kind="ring") for name in names]
    collection = collect(account, "Fall", *pieces)
    piece = of(asset)
    for address in (
        "/library",
        f"/library?q=piece&kind=ring&images=without&collection={collection.id}&page=3",
        f"/library/pieces/{piece.id}",
        "/library/images",
        "/library/photos",
        "/library/deleted",
        f"/library/images/{asset.id}",
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= MOST_QUERIES, (address, len(asked))


def test_lists_show_small_pictures(client: Client, asset: Asset) -> None:
    photo = asset.item.task.photo
    image = f"/library/images/{asset.id}/small"
    original = f"/studio/photos/{photo.id}/picture/small"
    assert client.get("/library").content.decode().count(image) == 1
    assert client.get("/library/photos").content.decode().count(original) == 1
    for address in (image, original):
        for _ in range(2):
            picture = Image.open(io.BytesIO(client.get(address).content))
            assert max(picture.size) <= 480
    stranger = Client()
    stranger.force_login(world.seller("Other").memberships.get().user)
    assert {stranger.get(one).status_code for one in (image, original)} == {404}


def test_a_picture_without_its_file_is_not_found(client: Client, asset: Asset) -> None:
    photo = asset.item.task.photo
    for key in (asset.view_key, photo.view_key):
        storage.delete(key)
    assert client.get(f"/library/images/{asset.id}/small").status_code == 404
    assert client.get(f"/studio/photos/{photo.id}/picture/small").status_code == 404


def test_the_same_file_is_noticed(client: Client, account: Account, files: Path) -> None:
    first = client.post("/studio", {"photo": photo_file()})
    photo = Photo.objects.get()
    assert first["Location"] == f"/studio/photos/{photo.id}"
    asked = client.post("/studio", {"photo": photo_file()})["Location"]
    assert Photo.objects.count() == 1
    assert client.get(asked).context["photo"] == photo
    stranger = Client()
    stranger.force_login(world.seller("Other").memberships.get().user)
    for someone, address in ((stranger, asked), (client, "/studio/again"), (client, asked[:-2])):
        assert someone.get(address)["Location"] == "/studio"
        assert someone.post(address)["Location"] == "/studio"
    taken = client.post(asked)["Location"]
    assert taken == f"/studio/photos/{Photo.objects.latest('id').id}"
    assert Photo.objects.values("piece").distinct().count() == 2
    assert client.post(asked)["Location"] == "/studio"
    assert Photo.objects.count() == 2
    Photo.objects.update(deleted_at=world.NOW)
    client.post("/studio", {"photo": photo_file()})
    assert Photo.objects.count() == 3


def test_a_file_that_nobody_took_goes(client: Client, account: Account, files: Path) -> None:
    for _ in range(2):
        client.post("/studio", {"photo": photo_file()})
    held = files / "uploads" / account.id
    machine_now = clock.real_now()
    for later, left in ((timedelta(hours=1), 1), (timedelta(days=2), 0)):
        support.purge_deleted(now=world.NOW, machine_now=machine_now + later)
        assert len(list(held.iterdir())) == left


def collect(account: Account, name: str, *pieces: Piece) -> Collection:
    return operations.collect(
        account_id=account.id, name=name, piece_ids=[one.id for one in pieces], now=world.NOW
    )


def photo_file() -> io.BytesIO:
    file = io.BytesIO()
    Image.fromarray(world.drawn_piece(400)[..., :3].copy()).save(file, "JPEG")
    file.seek(0)
    file.name = "ring.jpg"
    return file
