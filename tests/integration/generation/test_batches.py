"""Many photos at once: taken one by one, told apart, cut out behind everybody who waits."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.limits import MAX_BATCH_PHOTOS
from jewelrymodel.generation.models import Batch, Photo, Piece
from jewelrymodel.generation.operations import KindAndSize, batch_photos
from jewelrymodel.generation.statuses import PhotoStatus, PhotoView
from jewelrymodel.infra import queue
from jewelrymodel.studio.messages import PhotoProblem
from jewelrymodel.studio.photo import PhotoRefused
from tests.support import batches
from tests.support import generation as world
from tests.support.generation import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def batch(account: Account) -> Batch:
    return batches.batch_of(account)


def send(batch: Batch, name: str = "ring-12.jpg", shade: int = 0, *, again: bool = False) -> Photo:
    return operations.upload_to_batch(
        account_id=batch.account_id,
        batch_id=batch.id,
        file_name=name,
        data=batches.photo_file(shade),
        again=again,
        now=NOW + timedelta(seconds=shade),
    )


def taken_next(lane: str) -> str:
    """The argument of the job that a free hand of this lane takes now."""
    with connection.cursor() as cursor:
        fetch = "SELECT args FROM procrastinate_fetch_job_v2(ARRAY[%s]::varchar[], NULL)"
        cursor.execute(fetch, [lane])
        (args,) = cursor.fetchone()
    return str(next(iter(json.loads(args).values())))


def test_a_batch_that_was_never_used_is_used(account: Account, batch: Batch) -> None:
    assert operations.begin_batch(account_id=account.id, now=NOW) == batch
    send(batch)
    assert operations.begin_batch(account_id=account.id, now=NOW) != batch


def test_each_photo_is_a_piece_that_its_file_names(batch: Batch) -> None:
    front, side, other = (
        send(batch, "ring-12_front.jpg", 1),
        send(batch, "ring-12_side.jpg", 2),
        send(batch, "IMG_2041.jpg", 3),
    )
    assert [photo.view for photo in (front, side)] == [PhotoView.FRONT, PhotoView.SIDE]
    assert [photo.piece.sku for photo in (front, side, other)] == ["ring-12", "", ""]
    assert other.piece.name == "IMG 2041"
    assert front.status == PhotoStatus.WAITING


def test_the_same_file_is_one_photo_however_often_it_is_sent(batch: Batch) -> None:
    assert send(batch) == send(batch) == send(batch, again=True)
    assert Photo.objects.count() == 1


def test_a_twin_is_asked_about_and_taken_when_that_is_wanted(batch: Batch) -> None:
    first = send(batch)
    with pytest.raises(operations.PhotoKnown) as known:
        send(batch, "twin.jpg")
    assert known.value.params == {"photo_id": first.pk}
    assert send(batch, "twin.jpg", again=True) != first


def test_a_twin_that_comes_at_the_same_time_is_one_photo(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, came_first = batch_photos.store_photo, []

    def overtaken(**arguments: Any) -> Photo:
        if not came_first:
            came_first.append("")
            came_first.append(send(batch).pk)
        return store(**arguments)

    monkeypatch.setattr(batch_photos, "store_photo", overtaken)
    assert send(batch).pk == came_first[1]
    assert Photo.objects.count() == 1


def test_the_201st_is_refused(batch: Batch, account: Account) -> None:
    batches.waiting_rows(account, batch, MAX_BATCH_PHOTOS)
    with pytest.raises(operations.BatchFull) as full:
        send(batch)
    assert full.value.params == {"at_most": 200}
    assert Photo.objects.count() == MAX_BATCH_PHOTOS


def test_what_waits_for_approval_is_bounded(
    batch: Batch, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_photos, "MAX_WAITING_PHOTOS", 2)
    batches.waiting_rows(account, batch, 2)
    with pytest.raises(operations.TooManyWaiting):
        send(batch)
    Photo.objects.all().delete()
    assert send(batch)


def test_what_became_no_photo_is_kept_until_it_is_tried_again_or_read(batch: Batch) -> None:
    def refuse(name: str, refusal: operations.PhotoKnown | PhotoRefused) -> None:
        operations.note_refused(
            account_id=batch.account_id, batch_id=batch.id, file_name=name, refusal=refusal
        )
        batch.refresh_from_db()

    refuse("a.jpg", operations.PhotoKnown(photo_id="photo_1"))
    refuse("b.jpg", PhotoRefused(PhotoProblem.TOO_HEAVY, megabytes=31))
    refuse("a.jpg", PhotoRefused(PhotoProblem.BROKEN))
    assert [(one["name"], one["code"]) for one in batch.refused_files] == [
        ("b.jpg", "too_heavy"),
        ("a.jpg", "broken"),
    ]
    send(batch, "a.jpg")
    operations.forget_refused(account_id=batch.account_id, batch_id=batch.id, file_name="b.jpg")
    batch.refresh_from_db()
    assert batch.refused_files == []


def test_another_accounts_batch_is_not_there(batch: Batch) -> None:
    other = world.seller("other")
    with pytest.raises(Batch.DoesNotExist):
        operations.upload_to_batch(
            account_id=other.id, batch_id=batch.id, file_name="a", data=b"a", now=NOW
        )
    photo = world.approved_photo(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(batch=batch)


def test_two_hundred_wait_and_a_single_sellers_upload_goes_first(
    batch: Batch, account: Account
) -> None:
    many = batches.waiting_rows(account, batch, 200)
    other = world.seller("in-a-hurry")
    (single,) = batches.waiting_rows(other, None, 1)
    assert taken_next("studio") == single.pk
    task = world.order(
        world.approve(world.approved_photo(other)), generator=world.GeneratorName.EMBEDDED
    )
    assert taken_next("studio") == task.pk
    assert taken_next("studio") == many[0].pk
    assert queue.waiting(machine_now=NOW + timedelta(days=1)) == {"studio": 199}


def test_the_sweeper_leaves_alone_what_waits_for_its_turn(
    batch: Batch, account: Account, hands: world.Hands, django_assert_max_num_queries: object
) -> None:
    batches.waiting_rows(account, batch, 200)
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # pytest-django's fixture
        world.sweep(hands)
    assert queue.waiting(machine_now=NOW + timedelta(days=1)) == {"studio": 200}


def test_a_batchs_images_let_others_go_first(batch: Batch, account: Account) -> None:
    theirs = batches.approved_in(batch)
    (of_batch,) = operations.order_batch(
        account_id=account.id,
        batch_id=batch.id,
        photo_ids=[theirs.pk],
        look_id="marble",
        aspects=["1:1"],
        idempotency_key="k",
        now=NOW,
    )
    by_itself = world.order(theirs, key="k2", generator=world.GeneratorName.EMBEDDED)
    assert [taken_next("studio") for _ in range(2)] == [by_itself.pk, of_batch.pk]


def test_a_cutout_that_is_corrected_does_not_wait_behind_its_batch(
    batch: Batch, account: Account
) -> None:
    batches.waiting_rows(account, batch, 3)
    photo = batches.shown_in(batch)
    Photo.objects.filter(pk=photo.pk).update(matte_key="photos/matte.png")
    operations.cut_again(account_id=account.id, photo_id=photo.pk, tapped=None, kind="ring")
    assert taken_next("retouching") == photo.pk


def test_photos_of_one_piece_are_joined(batch: Batch) -> None:
    front, side = send(batch, "IMG_1.jpg", 1), send(batch, "ring-12_side.jpg", 2)
    piece = operations.join_photos(
        account_id=batch.account_id, batch_id=batch.id, photo_ids=[side.pk, front.pk]
    )
    assert {photo.piece_id for photo in Photo.objects.all()} == {piece.pk} == {front.piece_id}
    assert (Piece.objects.count(), piece.sku) == (1, "ring-12")
    with pytest.raises(Photo.DoesNotExist):
        operations.join_photos(account_id="acct_else", batch_id=batch.id, photo_ids=[side.pk])


def test_seven_photos_are_too_many_for_a_piece(batch: Batch) -> None:
    ids = [send(batch, f"r-1_{n}.jpg", n).pk for n in range(1, 8)]
    with pytest.raises(operations.PieceFull):
        operations.join_photos(account_id=batch.account_id, batch_id=batch.id, photo_ids=ids)
    assert Piece.objects.count() == 7


def test_a_piece_that_has_more_stays_when_its_photo_is_joined(batch: Batch) -> None:
    first, second = send(batch, "a.jpg", 1), send(batch, "b.jpg", 2)
    kept = batches.photo_file(3)
    operations.upload(
        account_id=batch.account_id,
        file_name="c.jpg",
        data=kept,
        piece_id=second.piece_id,
        now=NOW,
    )
    operations.join_photos(
        account_id=batch.account_id, batch_id=batch.id, photo_ids=[first.pk, second.pk]
    )
    assert Piece.objects.count() == 2


def test_what_is_removed_goes_with_its_piece_unless_that_has_more(batch: Batch) -> None:
    one, front, side = send(batch, "a.jpg", 1), send(batch, "b.jpg", 2), send(batch, "c.jpg", 3)
    mine = {"account_id": batch.account_id, "batch_id": batch.id}
    operations.join_photos(**mine, photo_ids=[front.pk, side.pk])
    gone = operations.remove_photos(**mine, photo_ids=[one.pk, side.pk], now=NOW)
    assert gone == ([one.piece_id], [side.pk])
    assert list(Photo.live.all()) == [front]
    with pytest.raises(Photo.DoesNotExist):
        operations.remove_photos(**mine, photo_ids=[one.pk], now=NOW)


def test_cutouts_are_approved_together_or_not_at_all(batch: Batch, account: Account) -> None:
    first, second = batches.shown_in(batch), batches.shown_in(batch)
    mine = {"account_id": account.id, "batch_id": batch.id, "now": NOW}
    whole = {photo.pk: KindAndSize("ring", 17.5) for photo in (first, second)}
    for said, refusal in [
        ({**whole, second.pk: KindAndSize("ring", None)}, operations.SizeUnlikely),
        ({**whole, second.pk: KindAndSize("ring", 9000)}, operations.SizeUnlikely),
        ({**whole, "photo_else": KindAndSize("ring", 17)}, operations.NotShown),
    ]:
        with pytest.raises(refusal):
            operations.approve_cutouts(said=said, **mine)
        assert not Photo.objects.filter(status=PhotoStatus.APPROVED).exists()
    operations.approve_cutouts(said=whole, **mine)
    assert {(photo.status, photo.kind, photo.size_mm) for photo in Photo.objects.all()} == {
        (PhotoStatus.APPROVED, "ring", 17.5)
    }
    assert {(piece.kind, piece.size_mm) for piece in Piece.objects.all()} == {("ring", 17.5)}


def test_what_was_typed_stays_until_it_is_approved(batch: Batch, account: Account) -> None:
    photo, done = batches.shown_in(batch), batches.approved_in(batch)
    operations.describe_cutouts(
        account_id=account.id,
        batch_id=batch.id,
        said={photo.pk: KindAndSize("ring", None), done.pk: KindAndSize("ring", 17)},
    )
    photo.refresh_from_db()
    done.refresh_from_db()
    assert (photo.status, photo.kind, photo.size_mm) == (PhotoStatus.SHOWN, "ring", None)
    assert (done.kind, done.size_mm) == ("pendant", 24)


def test_what_was_removed_is_cut_out_only_when_it_is_back(
    batch: Batch, account: Account, hands: world.Hands
) -> None:
    (photo,) = batches.waiting_rows(account, batch, 1)
    mine = {"account_id": account.id, "now": NOW}
    pieces, _ = operations.remove_photos(batch_id=batch.id, photo_ids=[photo.pk], **mine)
    assert taken_next("studio") == photo.pk
    with pytest.raises(operations.NotLeasable):
        operations.lease_photo(photo_id=photo.pk, machine_now=NOW)
    world.sweep(hands)
    assert queue.waiting(machine_now=NOW + timedelta(days=1)) == {}
    operations.undo_deletion(what=operations.Deletable.PIECE, ids=pieces, **mine)
    world.sweep(hands)
    assert queue.waiting(machine_now=NOW + timedelta(days=1)) == {"studio": 1}
    assert operations.lease_photo(photo_id=photo.pk, machine_now=NOW)
