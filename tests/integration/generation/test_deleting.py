"""What is deleted is gone from the pages at once, comes back for a while, then its files go."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Asset, Photo, Piece
from jewelrymodel.generation.operations import Deletable
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import storage
from jewelrymodel.support import operations as support
from tests.support import damage
from tests.support import generation as world
from tests.support.threads import at_once

NOW = world.NOW
LATER, TOO_LATE = NOW + timedelta(days=29), NOW + timedelta(days=31)


@pytest.fixture
def asset(account: Account, files: Path) -> Asset:
    """An image that was made of an approved photo."""
    photo = world.approve(world.approved_photo(account))
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    return Asset.objects.get()


@pytest.fixture
def client(account: Account) -> Client:
    client = Client()
    client.force_login(account.memberships.get().user)
    return client


def delete(row: Piece | Photo | Asset, account_id: str = "") -> None:
    account_id = account_id or row.account_id
    operations.delete(account_id=account_id, what=what(row), ids=[row.pk], now=NOW)


def undo(row: Piece | Photo | Asset, *, account_id: str = "", at: datetime = LATER) -> None:
    account_id = account_id or row.account_id
    operations.undo_deletion(account_id=account_id, what=what(row), ids=[row.pk], now=at)


def what(row: Piece | Photo | Asset) -> Deletable:
    kinds = {Piece: Deletable.PIECE, Photo: Deletable.PHOTO, Asset: Deletable.ASSET}
    return kinds[type(row)]


def of(asset: Asset) -> tuple[Piece, Photo, Asset]:
    photo = asset.item.task.photo
    return photo.piece, photo, asset


def shown(account_id: str) -> tuple[bool, bool]:
    """Whether a photo and whether an image are on the pages."""
    photos = queries.photos(account_id=account_id)
    return photos.exists(), queries.assets(account_id=account_id).exists()


@pytest.mark.parametrize(
    ("position", "left"), [(0, (False, False)), (1, (False, True)), (2, (True, False))]
)
def test_it_goes_with_what_belongs_to_it_and_comes_back_with_it(
    asset: Asset, position: int, left: tuple[bool, bool]
) -> None:
    row = of(asset)[position]
    delete(row)
    assert shown(asset.account_id) == left
    undo(row)
    assert shown(asset.account_id) == (True, True)


def test_what_was_deleted_before_its_piece_stays_deleted(asset: Asset) -> None:
    piece, _photo, _asset = of(asset)
    delete(asset)
    delete(piece)
    undo(piece)
    assert shown(asset.account_id) == (True, False)


def test_another_account_deletes_and_brings_back_nothing(asset: Asset) -> None:
    other = world.seller("Other")
    for row in of(asset):
        with pytest.raises(type(row).DoesNotExist):
            delete(row, account_id=other.id)
        delete(row)
        with pytest.raises(type(row).DoesNotExist):
            undo(row, account_id=other.id)
        undo(row)


def test_all_or_none_are_deleted(account: Account, asset: Asset) -> None:
    mine, theirs = of(asset)[0], world.piece(world.seller("Other"))
    with pytest.raises(Piece.DoesNotExist):
        operations.delete(
            account_id=account.id, what=Deletable.PIECE, ids=[mine.id, theirs.id], now=NOW
        )
    assert shown(account.id) == (True, True)
    delete(mine)
    with pytest.raises(Piece.DoesNotExist):
        delete(mine)


def test_what_is_under_way_ends_first(account: Account, files: Path) -> None:
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, generator=GeneratorName.EMBEDDED)
    for row in (photo, photo.piece):
        with pytest.raises(operations.GenerationUnderWay):
            delete(row)
    operations.cancel(account_id=account.id, task_id=task.id, now=NOW, machine_now=NOW)
    delete(photo)
    with pytest.raises(operations.PhotoNotApproved):
        world.order(photo, key="k2", generator=GeneratorName.EMBEDDED)


def test_of_an_order_and_a_deletion_at_once_one_wins(account: Account, files: Path) -> None:
    for attempt in range(4):
        photo = world.approve(world.approved_photo(account))
        acts = [
            lambda photo=photo, attempt=attempt: world.order(
                photo, key=f"k{attempt}", generator=GeneratorName.EMBEDDED
            ),
            lambda photo=photo: delete(photo),
        ]

        def act(acts: list[Callable[[], object]] = acts) -> bool:
            try:
                acts.pop()()
            except (operations.GenerationUnderWay, operations.PhotoNotApproved):
                return False
            return True

        assert sorted(at_once(act, 2)) == [False, True]
        is_ordered = photo.tasks.exists()
        assert is_ordered != Photo.objects.filter(pk=photo.pk, deleted_at__isnull=False).exists()


def test_its_place_may_be_taken_by_then(account: Account, asset: Asset) -> None:
    piece, photo, _asset = of(asset)
    Piece.objects.filter(pk=piece.id).update(sku="R-1")
    delete(piece)
    other = world.piece(account, sku="r-1")
    with pytest.raises(operations.SkuTaken):
        undo(piece)
    delete(other)
    undo(piece)
    delete(photo)
    for _ in range(6):
        row = world.approved_photo(account)
        Photo.objects.filter(pk=row.id).update(piece=piece)
    with pytest.raises(operations.PieceFull):
        undo(photo)


def test_after_its_term_it_doesnt_come_back(asset: Asset) -> None:
    piece, _photo, _asset = of(asset)
    with pytest.raises(operations.NothingToUndo):
        undo(piece)
    delete(piece)
    with pytest.raises(operations.NothingToUndo):
        undo(piece, at=TOO_LATE)


def test_after_its_term_its_files_are_gone_and_its_records_stay(
    client: Client, asset: Asset, files: Path
) -> None:
    piece, _photo, _asset = of(asset)
    client.get(f"/library/images/{asset.id}/download?format=webp&size=1080")
    client.post("/library/download", {"image": [asset.id]})
    operations.small_image(asset)
    operations.small_photo(of(asset)[1])
    operations.make_preview(account_id=asset.account_id, photo_id=of(asset)[1].id, look_id="marble")
    assert len(stored(files)) > 6
    delete(piece)
    purge(LATER)
    assert len(stored(files)) > 6
    purge(TOO_LATE)
    assert not stored(files)  # an archive was made while it was sent, and is kept nowhere
    row = Asset.objects.get()
    assert (row.purged_at, row.sha256, row.item.credits) == (TOO_LATE, asset.sha256, 1)
    assert asset.look_hash is not None
    assert row.look_hash is None  # it says what the picture showed
    assert Photo.objects.get().purged_at == TOO_LATE
    assert queries.stored_keys(limit=9) == set()
    assert client.get(f"/studio/tasks/{row.item.task_id}").status_code == 200


def test_archives_go_when_nobody_can_ask_for_them(
    client: Client, asset: Asset, files: Path
) -> None:
    client.post("/library/download", {"image": [asset.id]})
    delete(of(asset)[0])
    support.purge_deleted(now=TOO_LATE, machine_now=TOO_LATE + timedelta(days=3650))
    assert stored(files) == []


def test_what_somebody_has_to_decide_about_keeps_its_files(asset: Asset, files: Path) -> None:
    task = asset.item.task
    case = damage.report(task, damage.claim(task, 0))
    delete(of(asset)[0])
    assert purge(TOO_LATE) == 2
    assert storage.exists(asset.image_key)
    support.withdraw(account_id=asset.account_id, case_id=case.pk, now=TOO_LATE)
    assert purge(TOO_LATE) == 0
    assert not storage.exists(asset.image_key)


def test_a_photo_goes_without_the_images_made_of_it(asset: Asset, files: Path) -> None:
    _piece, photo, _asset = of(asset)
    delete(photo)
    purge(TOO_LATE)
    assert storage.exists(asset.image_key)
    assert not storage.exists(photo.original_key)


def purge(at: datetime) -> int:
    return support.purge_deleted(now=at, machine_now=NOW).kept


def stored(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]
