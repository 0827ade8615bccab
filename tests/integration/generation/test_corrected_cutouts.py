"""What a worker makes of corrections: by the network's earlier answer, as long as it has one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import cutout_worker, operations
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.cutout import Cutout, cut_by
from jewelrymodel.studio.matting import MattingUnavailable
from jewelrymodel.studio.messages import MattingProblem
from tests.support import generation as world
from tests.support.generation import Hands

RING = Path(__file__).parents[2] / "photos" / "render_ring.jpg"


@pytest.fixture
def shown(account: Account, hands: Hands, settings: Settings) -> Photo:
    """A drawn piece, cut out by an answer that the small model is said to have given."""
    settings.MATTING_MODEL = "u2netp"
    rgba = world.drawn_piece(480)
    cover = rgba[..., 3:] / 255
    on_paper = np.asarray(rgba[..., :3] * cover + 236 * (1 - cover), np.uint8)
    file = image_files.encoded(Image.fromarray(on_paper), "PNG")
    photo = operations.upload(account_id=account.id, file_name="p.png", data=file, now=world.NOW)
    matte_key = image_files.store_matte(f"photos/{photo.id}-matte", rgba[..., 3].copy())
    Photo.objects.filter(pk=photo.id).update(matting="u2netp", matte_key=matte_key)
    return cut(photo, hands)


@pytest.fixture
def no_network(shown: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its photo was cut out, whoever asks the network finds that there is none."""

    def missing(*_: object) -> None:
        raise MattingUnavailable(MattingProblem.MISSING)

    monkeypatch.setattr(cutout_worker, "load_matting", missing)


def cut(photo: Photo, hands: Hands) -> Photo:
    cutout_worker.cut_photo(photo.id, hands.clock())
    photo.refresh_from_db()
    return photo


def erase(photo: Photo) -> Photo:
    """A stroke through the middle of the piece."""
    (x0, y0, x1, y1), *_ = photo.components
    middle = (y0 + y1) / 2
    points = [[x, middle] for x in np.linspace(x0, x0 + (x1 - x0) / 3, 5)]
    return correct(photo, [{"tool": "erase", "radius": 30, "points": points}])


def correct(photo: Photo, corrections: object) -> Photo:
    return operations.correct(
        account_id=photo.account_id, photo_id=photo.id, corrections=corrections
    )


def shown_alpha(photo: Photo) -> NDArray[np.uint8]:
    return image_files.load(photo.cutout_key)[..., 3]


@pytest.mark.usefixtures("no_network")
class TestWithoutAnotherPass:
    """The network isn't asked again for a photo that it has answered."""

    def test_a_correction_changes_the_cutout(self, shown: Photo, hands: Hands) -> None:
        before, matte_key = shown_alpha(shown), shown.matte_key
        corrected = cut(erase(shown), hands)
        assert (corrected.status, corrected.matting) == (PhotoStatus.SHOWN, "u2netp")
        assert "applying_corrections" in corrected.steps
        assert corrected.matte_key == matte_key
        assert (before.astype(int) - shown_alpha(corrected)).max() == 255

    def test_taking_them_away_gives_the_first_cutout(self, shown: Photo, hands: Hands) -> None:
        before = image_files.load(shown.cutout_key)
        corrected = cut(erase(shown), hands)
        again = cut(correct(corrected, []), hands)
        assert (image_files.load(again.cutout_key) == before).all()

    def test_they_stay_when_it_is_cut_out_again(self, shown: Photo, hands: Hands) -> None:
        corrected = shown_alpha(cut(erase(shown), hands))
        again = operations.cut_again(
            account_id=shown.account_id, photo_id=shown.id, tapped=None, kind="earring"
        )
        assert (shown_alpha(cut(again, hands)) == corrected).all()
        assert again.kind == "earring"

    def test_what_is_healed_is_counted(self, shown: Photo, hands: Hands) -> None:
        place = np.argwhere(shown_alpha(shown) == 255)[5000].tolist()[::-1]
        spot = {"tool": "heal", "radius": 8, "points": [place]}
        assert cut(correct(shown, [spot]), hands).retouched_px > 50
        assert cut(correct(shown, []), hands).retouched_px == 0

    def test_another_network_has_to_be_asked(self, shown: Photo, hands: Hands) -> None:
        Photo.objects.filter(pk=shown.id).update(matting="former")
        assert cut(erase(shown), hands).reason_code == "no_matting"

    def test_a_lost_answer_has_to_be_asked_for(self, shown: Photo, hands: Hands) -> None:
        Photo.objects.filter(pk=shown.id).update(matte_key="photos/gone.png")
        assert cut(erase(shown), hands).reason_code == "no_matting"

    def test_without_any_network_that_could_serve(
        self, shown: Photo, hands: Hands, settings: Settings, tmp_path: Path
    ) -> None:
        settings.MATTING_MODEL = str(tmp_path / "own.onnx")
        assert cut(erase(shown), hands).reason_code == "no_matting"


def test_another_networks_answer_is_kept_instead(
    account: Account, hands: Hands, settings: Settings
) -> None:
    settings.MATTING_MODEL = "u2netp"
    photo = operations.upload(
        account_id=account.id, file_name="r.jpg", data=RING.read_bytes(), now=world.NOW
    )
    Photo.objects.filter(pk=photo.id).update(matting="former", matte_key="photos/former.png")
    first = cut(photo, hands)
    assert (first.status, first.matting) == (PhotoStatus.SHOWN, "u2netp")
    assert image_files.load(first.matte_key).shape == (photo.height_px, photo.width_px)
    assert cut(erase(first), hands).matte_key == first.matte_key


@pytest.mark.parametrize("marked", [True, False])
def test_places_in_doubt_are_kept_beside_the_cutout(
    shown: Photo, hands: Hands, monkeypatch: pytest.MonkeyPatch, marked: bool
) -> None:
    overlay = np.full((shown.height_px, shown.width_px, 4), 200, np.uint8) if marked else None

    def doubtful(*arguments: Any, **options: Any) -> Cutout:
        return replace(cut_by(*arguments, **options), doubts=overlay)

    monkeypatch.setattr(cutout_worker, "cut_by", doubtful)
    corrected = cut(erase(shown), hands)
    assert bool(corrected.doubts_view_key) == marked
    if marked:
        assert image_files.load(corrected.doubts_view_key).shape[2] == 4


def test_a_worker_that_died_after_storing_leaves_files_that_nobody_points_to(
    shown: Photo, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown.cutout_key
    waiting = erase(shown)

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(operations, "show_cutout", killed)
        with pytest.raises(KeyboardInterrupt):
            cut(waiting, hands)
    shown.refresh_from_db()
    assert (shown.status, shown.cutout_key) == (PhotoStatus.CUTTING, before)
    hands.pass_(seconds=40)
    again = cut(shown, hands)
    assert (again.status, again.fence) == (PhotoStatus.SHOWN, 3)
    assert f"{again.id}-3" in again.cutout_key
    assert storage.exists(f"photos/{again.account_id}/{again.id}-2.png")


def test_of_two_workers_only_the_later_one_shows_its_cutout(shown: Photo, hands: Hands) -> None:
    waiting = erase(shown)
    slow = operations.lease_photo(photo_id=waiting.id, machine_now=hands.at)
    hands.pass_(seconds=40)
    later = cut(waiting, hands)
    files = operations.CutoutFiles(image_files.store("photos/late", np.zeros((9, 9, 4), np.uint8)))
    with pytest.raises(operations.FenceLost):
        operations.show_cutout(lease=slow, files=files, result=_anything(), machine_now=world.NOW)
    shown.refresh_from_db()
    assert shown.cutout_key == later.cutout_key


def _anything() -> operations.CutoutResult:
    return {
        "kind": "ring",
        "kind_reason": "",
        "confidence": 0.0,
        "verdict": "good",
        "matting": "u2netp",
        "components": [],
        "retouched_px": 0,
        "usual_mm": None,
        "cutout_notes": [],
    }
