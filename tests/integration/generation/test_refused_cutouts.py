"""A cutout that was refused for its own sake: its seller mends it, and it is looked at again."""

import json

import cv2
import numpy as np
import pytest
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation import cutout_worker, operations, queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoFailure, PhotoStatus
from jewelrymodel.studio.cutout_quality import MENDABLE
from jewelrymodel.studio.messages import PieceProblem
from tests.support import generation as world
from tests.support.generation import Hands

DROP_HAZE = {"tool": "drop", "radius": 8.0, "points": [[40.0, 240.0]]}
ELSEWHERE = {"tool": "erase", "radius": 4.0, "points": [[2.0, 2.0]]}


@pytest.fixture
def refused(account: Account, hands: Hands, settings: Settings) -> Photo:
    """A drawn piece, whose network saw a haze over half the photo."""
    settings.MATTING_MODEL = "u2netp"
    rgba = world.drawn_piece(480)
    cover = rgba[..., 3:] / 255
    on_paper = np.asarray(rgba[..., :3] * cover + 236 * (1 - cover), np.uint8)
    haze = np.zeros((480, 480), np.uint8)
    cv2.circle(haze, (240, 240), 230, 115, -1)
    file = image_files.encoded(Image.fromarray(on_paper), "PNG")
    photo = operations.upload(account_id=account.id, file_name="p.png", data=file, now=world.NOW)
    matte_key = image_files.store_matte(f"photos/{photo.id}-matte", np.maximum(rgba[..., 3], haze))
    Photo.objects.filter(pk=photo.id).update(matting="u2netp", matte_key=matte_key)
    return cut(photo, hands)


def cut(photo: Photo, hands: Hands) -> Photo:
    cutout_worker.cut_photo(photo.id, hands.clock())
    photo.refresh_from_db()
    return photo


def correct(photo: Photo, *corrections: object) -> Photo:
    return operations.correct(
        account_id=photo.account_id, photo_id=photo.id, corrections=list(corrections)
    )


def test_a_refused_cutout_is_kept_for_its_seller_to_mend(refused: Photo, hands: Hands) -> None:
    assert (refused.status, refused.reason_code) == (PhotoStatus.REFUSED, PieceProblem.UNCLEAR)
    draft = image_files.load(refused.cutout_key)
    assert 90 < draft[240, 40, 3] < 140
    assert queries.can_be_corrected(refused)
    mended = cut(correct(refused, DROP_HAZE), hands)
    assert (mended.status, mended.reason_code) == (PhotoStatus.SHOWN, "")
    assert image_files.load(mended.cutout_key)[240, 40, 3] == 0


def test_after_corrections_that_dont_mend_it_it_is_refused_again(
    refused: Photo, hands: Hands
) -> None:
    again = cut(correct(refused, ELSEWHERE), hands)
    assert (again.status, again.reason_code) == (PhotoStatus.REFUSED, PieceProblem.UNCLEAR)
    assert queries.can_be_corrected(again)
    assert again.corrections == [ELSEWHERE]


def test_nobody_approves_a_refused_cutout(refused: Photo) -> None:
    with pytest.raises(operations.NotShown):
        operations.approve(
            account_id=refused.account_id,
            photo_id=refused.id,
            kind="pendant",
            size_mm=20,
            now=world.NOW,
        )


@pytest.mark.parametrize("code", sorted({*PieceProblem, PhotoFailure.NO_MATTING} - MENDABLE))
def test_what_the_photo_shows_cant_be_mended(refused: Photo, code: str) -> None:
    refused.reason_code = code
    refused.save()
    assert not queries.can_be_corrected(refused)
    with pytest.raises(operations.NotShown):
        correct(refused, DROP_HAZE)


def test_the_pages_offer_it_and_the_editor_says_what_came_of_it(
    refused: Photo, hands: Hands
) -> None:
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    address = f"/studio/photos/{refused.id}/correct"
    assert address in browser.get(f"/studio/photos/{refused.id}").content.decode()
    assert "data-editor" in browser.get(address).content.decode()
    sent = {"corrections": [ELSEWHERE], "fence": refused.fence}
    answer = browser.post(address, json.dumps(sent), content_type="application/json")
    assert answer.json()["open"]
    cut(refused, hands)
    state = browser.get(f"{address}/state").json()
    assert state["refused"]
    assert state["sentence"]
    assert state["cutout"].startswith(f"/studio/photos/{refused.id}/picture/cutout")
