"""A seller corrects a cutout: what is kept, what is refused, and what isn't touched."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.generation.statuses import GeneratorName, PhotoStatus, TaskStatus
from jewelrymodel.studio.corrections import CorrectionsRefused
from tests.support import generation as world
from tests.support.generation import Hands

STROKE = {"tool": "keep", "radius": 6.0, "points": [[40.0, 50.0], [60.0, 50.0]]}
TAP = {"tool": "opening", "radius": 6.0, "points": [[100.0, 100.0]]}


def correct(photo: Photo, *corrections: Any, fence: int | None = None) -> Photo:
    return operations.correct(
        account_id=photo.account_id, photo_id=photo.id, corrections=corrections, fence=fence
    )


def waiting_cutouts(photo: Photo) -> int:
    jobs = ProcrastinateJob.objects.filter(task_name="generation.cut_out", status="todo")
    return sum(job.args["photo_id"] == photo.id for job in jobs)


def test_a_corrected_photo_waits_for_its_cutout(account: Account) -> None:
    photo = world.approve(world.approved_photo(account))
    corrected = correct(photo, STROKE, TAP)
    assert (corrected.status, corrected.approved_at) == (PhotoStatus.WAITING, None)
    photo.refresh_from_db()
    assert photo.corrections == [STROKE, TAP]
    assert waiting_cutouts(photo) == 1


def test_the_kind_that_was_approved_isnt_guessed_anew(account: Account) -> None:
    photo = world.approved_photo(account, kind="earring")
    assert correct(photo, TAP).named_kind == ""
    other = world.approve(world.approved_photo(account, kind="earring"))
    assert correct(other, TAP).named_kind == "earring"


@pytest.mark.parametrize(("matte_key", "lane"), [("", "studio"), ("photos/m.png", "retouching")])
def test_what_needs_no_network_doesnt_wait_behind_images(
    account: Account, matte_key: str, lane: str
) -> None:
    photo = world.approved_photo(account)
    Photo.objects.filter(pk=photo.id).update(matte_key=matte_key)
    correct(photo, STROKE)
    assert ProcrastinateJob.objects.get(task_name="generation.cut_out").queue_name == lane


def test_the_same_corrections_twice_are_one_piece_of_work(account: Account) -> None:
    photo = world.approved_photo(account)
    correct(photo, STROKE)
    assert correct(photo, STROKE).status == PhotoStatus.WAITING
    assert waiting_cutouts(photo) == 1


def test_what_is_as_it_was_stays_approved(account: Account) -> None:
    photo = world.approve(world.approved_photo(account))
    assert correct(photo).status == PhotoStatus.APPROVED
    assert waiting_cutouts(photo) == 0


def test_nothing_is_corrected_while_the_cutout_is_made(account: Account) -> None:
    photo = world.approved_photo(account)
    correct(photo, STROKE)
    with pytest.raises(operations.NotShown):
        correct(photo, STROKE, TAP)
    photo.refresh_from_db()
    assert photo.corrections == [STROKE]


def test_a_refused_photo_has_nothing_to_correct(account: Account) -> None:
    photo = world.approved_photo(account)
    Photo.objects.filter(pk=photo.id).update(status=PhotoStatus.REFUSED)
    for corrections in ([], [STROKE]):
        with pytest.raises(operations.NotShown):
            correct(photo, *corrections)


def test_corrections_of_a_former_cutout_are_refused(account: Account) -> None:
    photo = world.approved_photo(account)
    Photo.objects.filter(pk=photo.id).update(fence=2)
    with pytest.raises(operations.CutoutChanged):
        correct(photo, STROKE, fence=1)
    assert correct(photo, STROKE, fence=2).status == PhotoStatus.WAITING


def test_corrections_outside_the_photo_change_nothing(account: Account) -> None:
    photo = world.approved_photo(account)
    with pytest.raises(CorrectionsRefused):
        correct(photo, {**STROKE, "points": [[photo.width_px + 1, 1]]})
    photo.refresh_from_db()
    assert (photo.status, photo.corrections) == (PhotoStatus.SHOWN, [])


def test_another_accounts_photo_doesnt_exist(account: Account) -> None:
    photo = world.approved_photo(account)
    stranger = world.seller("stranger")
    with pytest.raises(Photo.DoesNotExist):
        operations.correct(account_id=stranger.id, photo_id=photo.id, corrections=[STROKE])


def test_what_was_ordered_keeps_its_cutout(account: Account, hands: Hands) -> None:
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, generator=GeneratorName.EMBEDDED)
    ordered = task.cutout_key
    correct(photo, STROKE)
    task.refresh_from_db()
    assert (task.cutout_key, task.photo.status) == (ordered, PhotoStatus.WAITING)
    assert world.work(task, hands).status == TaskStatus.SUCCEEDED


@pytest.mark.parametrize("retouched_px", [0, 150])
def test_an_order_says_how_much_of_the_piece_was_retouched(
    account: Account, retouched_px: int
) -> None:
    photo = world.approved_photo(account)
    Photo.objects.filter(pk=photo.id).update(retouched_px=retouched_px)
    task = world.order(world.approve(photo, size_mm=24))
    if not retouched_px:
        assert task.retouched_mm2 is None
        return
    assert task.retouched_mm2 == pytest.approx(retouched_px * (24 / 299) ** 2, rel=0.02)


@pytest.mark.parametrize("retouched_px", [0, 2])
def test_an_image_of_a_retouched_piece_says_so(
    account: Account, hands: Hands, retouched_px: int
) -> None:
    photo = world.approved_photo(account)
    Photo.objects.filter(pk=photo.id).update(retouched_px=retouched_px)
    task = world.order(world.approve(photo), generator=GeneratorName.EMBEDDED)
    world.work(task, hands)
    first, *rest = Asset.objects.get(item__task=task).alterations
    said = {"code": "retouched", "parameters": {"area_mm2": 0.1}}
    assert (first == said) == bool(retouched_px)
    assert said not in rest


def test_the_database_refuses_corrections_that_are_no_list(account: Account) -> None:
    photo = world.approved_photo(account)
    for wrong in ({}, "keep", 7):
        with pytest.raises(IntegrityError), transaction.atomic():
            Photo.objects.filter(pk=photo.id).update(corrections=wrong)


def test_the_database_refuses_an_area_below_nothing(account: Account) -> None:
    task = world.order(world.approve(world.approved_photo(account)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.id).update(retouched_mm2=-1)
