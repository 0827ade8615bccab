"""What a seller sets for packshots is previewed and made, and they have the photo's own pixels."""

import io

import cv2
import numpy as np
import pytest
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.statuses import GeneratorName, TaskStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.white_balance import NotNeutral
from tests.support.generation import NOW, Hands, drawn_piece, order, work


@pytest.fixture
def browser(client: Client, account: Account) -> Client:
    client.force_login(account.memberships.get().user)
    return client


def made(photo: Photo, look_id: str = "packshot") -> Asset:
    task = order(photo, generator=GeneratorName.EMBEDDED, looks=[look_id], key=look_id)
    assert work(task, Hands()).status == TaskStatus.SUCCEEDED
    return queries.items(task)[0].asset


def codes(asset: Asset) -> set[str]:
    return {one["code"] for one in asset.alterations}


def paper(photo: Photo, rgb: tuple[int, int, int]) -> None:
    """Color the photo's upper left corner."""
    pixels = image_files.load(photo.original_key).copy()
    pixels[:60, :60] = rgb
    stored = image_files.store(f"photos/{photo.account_id}/{photo.id}-paper", pixels)
    photo.original_key = stored.image_key
    photo.save()


def test_without_settings_a_packshot_is_as_usual(photo: Photo) -> None:
    asset = made(photo)
    assert {"background_white", "shadow"} <= codes(asset)
    assert Alteration.WHITE_BALANCED not in codes(asset)
    assert asset.settings["packshot"]["shadow"] is True


def test_what_is_set_is_made_and_previewed(browser: Client, photo: Photo) -> None:
    address = f"/studio/photos/{photo.id}/packshot"
    photo.refresh_from_db()
    former = queries.preview_key(photo, "packshot")
    scene = queries.preview_key(photo, "marble")
    assert browser.get(address).status_code == 200
    assert storage.exists(former)
    assert browser.post(address, {"straighten": "on"}).status_code == 302
    photo.refresh_from_db()
    assert photo.packshot == {"shadow": False, "straighten": True}
    assert queries.preview_key(photo, "packshot") != former
    assert queries.preview_key(photo, "marble") == scene
    assert browser.get(address).status_code == 200
    assert storage.exists(queries.preview_key(photo, "packshot"))
    asset = made(photo)
    assert Alteration.SHADOW not in codes(asset)
    assert asset.settings["packshot"]["shadow"] is False


def test_the_share_of_the_frame_is_set_kept_and_made(browser: Client, photo: Photo) -> None:
    usual = made(photo)
    address = f"/studio/photos/{photo.id}/packshot"
    assert 'value="0.75"' in browser.get(address).content.decode()
    assert browser.post(address, {"shadow": "on", "fill": "0.75"}).status_code == 302
    photo.refresh_from_db()
    assert photo.packshot["fill"] == 0.75
    airy = made(photo, "packshot-clear")
    assert airy.settings["packshot"]["fill"] == 0.75
    assert airy.fidelity["passed"] is True
    share = airy.width_px / usual.width_px
    assert share == pytest.approx(0.85 / 0.75, abs=0.03)  # the piece keeps its pixels
    for none in ("0.85", "0.1", "1", "nan", "x"):
        browser.post(address, {"shadow": "on", "straighten": "on", "fill": none})
        photo.refresh_from_db()
        assert "fill" not in photo.packshot


def test_a_tap_on_paper_balances_and_can_be_undone(browser: Client, photo: Photo) -> None:
    paper(photo, (214, 196, 164))
    address = f"/studio/photos/{photo.id}/packshot"
    assert browser.post(address, {"spot.x": "20", "spot.y": "20"}).status_code == 302
    photo.refresh_from_db()
    red, _green, blue = photo.packshot["gains"]
    assert red < 1 < blue
    assert "tap__spot" in browser.get(address).content.decode()
    asset = made(photo)
    assert Alteration.WHITE_BALANCED in codes(asset)
    assert asset.settings["packshot"]["gains"] == photo.packshot["gains"]
    assert browser.post(address, {"as_photographed": "yes"}).status_code == 302
    photo.refresh_from_db()
    assert "gains" not in photo.packshot
    numbers = {"spot": "numbers", "across": "4", "down": "4"}
    assert browser.post(address, numbers).status_code == 302
    photo.refresh_from_db()
    assert photo.packshot["gains"] == [red, _green, blue]


@pytest.mark.parametrize(
    "sent",
    [
        {"spot.x": "20", "spot.y": "20"},
        {"spot.x": "no", "spot.y": "20"},
        {"spot": "numbers", "across": "400", "down": "3"},
        {"spot": "numbers"},
    ],
)
def test_a_tap_on_what_is_not_neutral_changes_nothing(
    browser: Client, photo: Photo, sent: dict[str, str]
) -> None:
    paper(photo, (200, 30, 20))
    response = browser.post(f"/studio/photos/{photo.id}/packshot", sent)
    assert response.status_code == 422
    photo.refresh_from_db()
    assert photo.packshot == {}


def test_scenes_know_nothing_of_it(photo: Photo) -> None:
    operations.set_packshot(
        account_id=photo.account_id, photo_id=photo.id, shadow=False, straighten=True
    )
    photo.refresh_from_db()
    task = order(photo, generator=GeneratorName.EMBEDDED, looks=["marble"])
    assert task.options == {}


def test_another_account_sets_nothing(client: Client, photo: Photo, account: Account) -> None:
    with pytest.raises(Photo.DoesNotExist):
        operations.set_packshot(
            account_id="another", photo_id=photo.id, shadow=False, straighten=False
        )
    with pytest.raises(Photo.DoesNotExist):
        operations.set_neutral(account_id="another", photo_id=photo.id, x=0.1, y=0.1)
    with pytest.raises(NotNeutral):
        operations.set_neutral(account_id=account.id, photo_id=photo.id, x=2, y=2)


def test_a_packshot_has_as_many_pixels_as_the_whole_photo(photo: Photo) -> None:
    large = drawn_piece(720)
    size = (360, 360)
    colors = Image.fromarray(large[..., :3].copy())
    colors = colors.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    cover = cv2.resize(large[..., 3], size, interpolation=cv2.INTER_AREA)
    prefix = f"photos/{photo.account_id}/{photo.id}-small"
    cutout = image_files.store(prefix, np.dstack([np.asarray(colors), cover]))
    photo.cutout_key = cutout.image_key
    photo.save()
    small = made(photo)
    key = queries.whole_key(photo.account_id, photo.id)
    whole_photo = Image.fromarray(large[..., :3].copy())
    storage.put(key, image_files.encoded(whole_photo, "JPEG", quality=95, subsampling=0))
    whole = made(photo, "packshot-clear")
    assert whole.width_px == pytest.approx(2 * small.width_px, abs=3)
    assert whole.fidelity["passed"] is True


def test_an_upload_is_kept_whole_where_it_has_more_pixels(account: Account) -> None:
    def upload(edge_px: int) -> Photo:
        random = np.random.default_rng(3)
        noise = random.integers(0, 255, (edge_px // 8, edge_px // 8, 3)).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(noise).resize((edge_px, edge_px)).save(buffer, "JPEG")
        return operations.upload(
            account_id=account.id, file_name="x.jpg", data=buffer.getvalue(), now=NOW
        )

    large, small = upload(2400), upload(1600)
    whole = image_files.load(queries.whole_key(account.id, large.id))
    assert whole.shape == (2400, 2400, 3)
    assert image_files.load(large.original_key).shape == (2048, 2048, 3)
    assert not storage.exists(queries.whole_key(account.id, small.id))
