"""A photo is of one piece of its own account; a piece has six photos at most."""

import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.limits import MAX_PHOTOS
from jewelrymodel.generation.models import Collection, CollectionEntry, Photo, Piece
from jewelrymodel.kernel.ids import new_id
from tests.support import generation as world
from tests.support.former_schema import migrate_back
from tests.support.pieces import photographed, ring

_BEFORE = "0014_asset_declared_parts"


@pytest.fixture
def photo_file() -> bytes:
    picture = Image.fromarray(photographed(ring(260)))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return buffer.getvalue()


def upload(account: Account, data: bytes, **fields: str) -> Photo:
    wanted = {"account_id": account.id, "file_name": "opal_ring.jpg", **fields}
    return operations.upload(data=data, now=world.NOW, **wanted)


def test_a_photo_comes_with_a_piece_named_by_its_file(account: Account, photo_file: bytes) -> None:
    row = upload(account, photo_file)
    assert (row.piece.name, row.piece.kind, row.piece.size_mm) == ("opal ring", "", None)
    assert upload(account, photo_file).piece_id != row.piece_id


def test_a_piece_gives_its_further_photos_its_kind_and_size(
    account: Account, photo_file: bytes
) -> None:
    piece = world.piece(account, kind="ring", size_mm=18.2)
    row = upload(account, photo_file, piece_id=piece.id, view="side")
    assert (row.piece_id, row.view) == (piece.id, "side")
    assert (row.named_kind, row.size_mm) == ("ring", 18.2)


def test_an_approved_photo_says_what_its_piece_is(account: Account) -> None:
    photo = world.approve(world.approved_photo(account), size_mm=24)
    assert described(photo.piece_id) == ("pendant", 24)
    world.approve(photo, size_mm=30)
    assert described(photo.piece_id) == ("pendant", 24)


def test_a_size_goes_with_its_kind(account: Account) -> None:
    photo = world.approved_photo(account)
    Piece.objects.filter(pk=photo.piece_id).update(kind="ring")
    world.approve(photo, size_mm=24)
    assert described(photo.piece_id) == ("ring", None)
    Piece.objects.filter(pk=photo.piece_id).update(kind="pendant")
    world.approve(photo, size_mm=24)
    assert described(photo.piece_id) == ("pendant", 24)


def test_a_piece_has_six_photos_at_most(account: Account, photo_file: bytes) -> None:
    piece = world.piece(account)
    rows = [upload(account, photo_file, piece_id=piece.id) for _ in range(MAX_PHOTOS)]
    with pytest.raises(operations.PieceFull):
        upload(account, photo_file, piece_id=piece.id)
    other = upload(account, photo_file)
    with pytest.raises(IntegrityError, match="has six photos"), transaction.atomic():
        Photo.objects.filter(pk=other.id).update(piece=piece)
    Photo.objects.filter(pk=rows[0].id).update(deleted_at=world.NOW)
    Photo.objects.filter(pk=other.id).update(piece=piece)
    with pytest.raises(IntegrityError, match="has six photos"), transaction.atomic():
        Photo.objects.filter(pk=rows[0].id).update(deleted_at=None)


def test_another_accounts_piece_is_not_there(account: Account, photo_file: bytes) -> None:
    other = world.seller("Other")
    theirs = world.piece(other)
    with pytest.raises(Piece.DoesNotExist):
        upload(account, photo_file, piece_id=theirs.id)
    mine = upload(account, photo_file)
    with pytest.raises(IntegrityError, match="generation_photo_of_own_piece"), transaction.atomic():
        Photo.objects.filter(pk=mine.id).update(piece=theirs)


def test_a_collection_holds_its_own_accounts_pieces(account: Account) -> None:
    theirs = world.piece(world.seller("Other"))
    mine = Collection.objects.create(
        id=new_id("coll", now=world.NOW), account=account, name="Fall", created_at=world.NOW
    )
    for owner in (account.id, theirs.account_id):
        with pytest.raises(IntegrityError, match="generation_entry_of_own"), transaction.atomic():
            CollectionEntry.objects.create(account_id=owner, collection=mine, piece=theirs)


def test_a_sku_is_one_pieces(account: Account) -> None:
    piece = world.piece(account, sku="R-7")
    for sku in ("", "", "r-8"):
        world.piece(account, sku=sku)
    world.piece(world.seller("Other"), sku="R-7")
    with pytest.raises(IntegrityError, match="generation_piece_sku_once"), transaction.atomic():
        world.piece(account, sku="r-7")
    Piece.objects.filter(pk=piece.id).update(deleted_at=world.NOW)
    world.piece(account, sku="r-7")


def test_each_photo_so_far_becomes_a_piece(account: Account) -> None:
    approved = world.approve(world.approved_photo(account), size_mm=24)
    shown = world.approved_photo(account)
    migrate_back("generation", _BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE generation_photo SET file_name = 'opal_ring.jpg'")
    call_command("migrate", verbosity=0)
    rows = Photo.objects.order_by("id").select_related("piece")
    assert [row.piece.name for row in rows] == ["opal ring", "opal ring"]
    found = {row.id: (row.piece.kind, row.piece.size_mm, row.piece.account_id) for row in rows}
    assert found == {approved.id: ("pendant", 24.0, account.id), shown.id: ("", None, account.id)}


def described(piece_id: str) -> tuple[str, float | None]:
    piece = Piece.objects.get(pk=piece_id)
    return piece.kind, piece.size_mm
