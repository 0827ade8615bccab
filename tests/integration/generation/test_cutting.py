"""From an upload to a cutout, with the small model that set-up always fetches."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import cutout_worker, operations
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus
from tests.support import generation as world
from tests.support.generation import Hands, credits_of, sweep

RING = Path(__file__).parents[2] / "photos" / "render_ring.jpg"


@pytest.fixture
def uploaded(account: Account) -> Photo:
    return operations.upload(
        account_id=account.id, file_name="r.jpg", data=RING.read_bytes(), now=world.NOW
    )


def cut(photo: Photo, hands: Hands) -> Photo:
    cutout_worker.cut_photo(photo.id, hands.clock())
    photo.refresh_from_db()
    return photo


def test_a_ring_is_cut_out_shown_and_approved(
    uploaded: Photo, hands: Hands, settings: Settings
) -> None:
    settings.MATTING_MODEL = "u2netp"
    photo = cut(uploaded, hands)
    assert (photo.status, photo.kind, photo.matting) == (PhotoStatus.SHOWN, "ring", "u2netp")
    assert len(photo.steps) >= 3
    assert photo.components
    again = operations.cut_again(
        account_id=photo.account_id, photo_id=photo.id, tapped=None, kind="earring"
    )
    assert again.status == PhotoStatus.WAITING
    assert cut(again, hands).kind == "earring"
    assert world.approve(again).status == PhotoStatus.APPROVED


def test_without_a_model_the_photo_is_refused_with_a_reason(
    account: Account, uploaded: Photo, hands: Hands, settings: Settings, tmp_path: Path
) -> None:
    settings.MODELS_DIR = tmp_path / "nothing"
    photo = cut(uploaded, hands)
    assert (photo.status, photo.reason_code) == (PhotoStatus.REFUSED, "no_matting")
    assert credits_of(account) == (10, 0)
    with pytest.raises(operations.NotShown):
        world.approve(photo)
    with pytest.raises(operations.NotLeasable):
        cutout_worker.cut_photo(photo.id, hands.clock())


def test_workers_lost_three_times_end_the_photo(uploaded: Photo, hands: Hands) -> None:
    for _ in range(3):
        sweep(hands)
        operations.lease_photo(photo_id=uploaded.id, machine_now=hands.at)
        hands.pass_(seconds=40)
    sweep(hands)
    uploaded.refresh_from_db()
    assert (uploaded.status, uploaded.reason_code) == (PhotoStatus.REFUSED, "cutout_lost")


def test_who_lost_the_fence_shows_nothing(uploaded: Photo, hands: Hands) -> None:
    slow = operations.lease_photo(photo_id=uploaded.id, machine_now=hands.at)
    hands.pass_(seconds=40)
    operations.lease_photo(photo_id=uploaded.id, machine_now=hands.at)
    with pytest.raises(operations.FenceLost):
        operations.refuse_photo(lease=slow, code="late")
