"""From an upload to a cutout, with the small model that set-up always fetches."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray
from PIL import Image
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import cutout_worker, operations, queries
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus, WorkStep
from jewelrymodel.infra import storage
from jewelrymodel.studio.cutout import Matte, matte_of
from jewelrymodel.studio.matting import Matting, load_matting
from jewelrymodel.studio.matting_weights import ISNET, default_models_dir
from jewelrymodel.studio.piece_kinds import KindReason
from jewelrymodel.studio.steps import OnStep
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


def test_a_first_outline_is_shown_while_the_large_model_works(
    uploaded: Photo, hands: Hands, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small model stands for the large one too, so that the test is quick."""
    client.force_login(uploaded.account.memberships.get().user)
    shown: list[tuple[int, int, bool]] = []

    def matte(rgb: NDArray[np.uint8], matting: Matting, on_step: OnStep) -> Matte:
        page = client.get(f"/studio/photos/{uploaded.id}/progress").content.decode()
        address = f"/studio/photos/{uploaded.id}/picture/outline"
        picture = client.get(address)
        size = Image.open(io.BytesIO(picture.content)).size if picture.status_code == 200 else None
        shown.append((picture.status_code, max(size or (0,)), address in page))
        small = load_matting(default_models_dir(), "u2netp")
        return replace(matte_of(rgb, small, on_step), network=matting.name)

    monkeypatch.setattr(cutout_worker, "load_matting", named_isnet)
    monkeypatch.setattr(cutout_worker, "_network", lambda: "isnet")
    monkeypatch.setattr(cutout_worker, "matte_of", matte)
    photo = cut(uploaded, hands)
    assert shown == [(200, 768, True)]  # of a photo of 768 pixels
    assert photo.status == PhotoStatus.SHOWN
    assert WorkStep.FIRST_OUTLINE in photo.steps
    assert client.get(f"/studio/photos/{photo.id}/picture/outline").status_code == 404
    assert not storage.exists(queries.outline_key(photo))


def test_no_worker_that_is_lost_leaves_a_first_outline(
    uploaded: Photo, hands: Hands, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is killed, one is too slow and notices it, the last one is killed as well."""
    settings.MATTING_MODEL = "u2netp"
    left = []

    def killed() -> None:
        operations.lease_photo(photo_id=uploaded.id, machine_now=hands.at)
        uploaded.refresh_from_db()
        left.append(storage.put(queries.outline_key(uploaded), b"outline"))
        hands.pass_(seconds=40)
        sweep(hands)

    def too_slow(photo: Photo, *_rest: object) -> None:
        left.append(storage.put(queries.outline_key(photo), b"outline"))
        raise operations.FenceLost

    killed()
    monkeypatch.setattr(cutout_worker, "_outline_first", too_slow)
    with pytest.raises(operations.FenceLost):
        cut(uploaded, hands)
    assert [storage.exists(key) for key in left] == [False, False]
    hands.pass_(seconds=40)
    killed()
    assert len(left) == 3
    uploaded.refresh_from_db()
    assert uploaded.status == PhotoStatus.REFUSED
    assert not storage.exists(left[-1])


def named_isnet(_folder: Path, _choice: str) -> Matting:
    return Matting(ISNET, None)


def test_where_the_small_model_serves_there_is_no_first_outline(
    uploaded: Photo, hands: Hands, settings: Settings
) -> None:
    settings.MATTING_MODEL = "u2netp"
    assert WorkStep.FIRST_OUTLINE not in cut(uploaded, hands).steps


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
        operations.refuse_photo(lease=slow, code="late", machine_now=world.NOW)


def test_who_waits_is_told_how_long_the_last_cutouts_took(
    uploaded: Photo, hands: Hands, settings: Settings, client: Client
) -> None:
    settings.MATTING_MODEL = "u2netp"
    client.force_login(uploaded.account.memberships.get().user)
    address = f"/studio/photos/{uploaded.id}"
    assert "data-usual=" not in client.get(address).content.decode()
    photo = cut(uploaded, hands)
    assert photo.cutting_s is not None
    assert photo.cutting_s > 0
    for seconds in (7.2, 3.1, 11.0, None):
        other = operations.upload(
            account_id=photo.account_id,
            file_name="o.jpg",
            data=RING.read_bytes(),
            now=world.NOW,
        )
        Photo.objects.filter(pk=other.pk).update(cutting_s=seconds)
    Photo.objects.filter(pk=photo.pk).update(cutting_s=None)
    assert queries.usual_cutting_s() == 8
    waiting = client.get(f"/studio/photos/{other.pk}").content.decode()
    assert 'data-usual="8"' in waiting
    assert "data-working" not in waiting
    Photo.objects.filter(pk=other.pk).update(steps=["finding_piece"], step="finding_piece")
    assert "data-working" in client.get(f"/studio/photos/{other.pk}/progress").content.decode()


def test_a_size_that_nobody_named_is_said_to_be_only_usual(
    uploaded: Photo, hands: Hands, settings: Settings, client: Client
) -> None:
    settings.MATTING_MODEL = "u2netp"
    photo = cut(uploaded, hands)
    Photo.objects.filter(pk=photo.pk).update(kind_reason=KindReason.LARGE_OPENING)
    client.force_login(photo.account.memberships.get().user)
    address = f"/studio/photos/{photo.id}"
    assert "data-usual-size" in client.get(address).content.decode()
    world.approve(photo)
    assert "data-usual-size" not in client.get(f"{address}?change").content.decode()
