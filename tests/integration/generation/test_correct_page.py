"""The page on which a cutout is corrected, and what its script gets from us."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation.models import Photo
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.messages import CutoutNote, message
from jewelrymodel.studio.piece_kinds import KindReason
from jewelrymodel.web.customer import rate_limits
from jewelrymodel.web.studio_messages.display import sentence
from tests.support import generation as world
from tests.support.generation import credits_of

pytestmark = pytest.mark.django_db

STROKE = {"tool": "keep", "radius": 8.0, "points": [[20.0, 30.0], [60.0, 30.0]]}


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    return browser


@pytest.fixture
def photo(account: Account) -> Photo:
    return world.approved_photo(account)


def send(client: Client, photo: Photo, body: Any, fence: int | None = None) -> HttpResponse:
    """What the page's script sends."""
    sent = {"corrections": body, "fence": photo.fence if fence is None else fence}
    address = f"/studio/photos/{photo.id}/correct"
    return client.post(address, json.dumps(sent), content_type="application/json")


def test_the_page_shows_what_was_corrected_before(client: Client, photo: Photo) -> None:
    Photo.objects.filter(pk=photo.id).update(corrections=[STROKE], fence=3)
    page = client.get(f"/studio/photos/{photo.id}/correct")
    text = page.content.decode()
    kept = text.split('type="application/json">', 1)[1].split("</script>", 1)[0]
    assert json.loads(kept) == [STROKE]
    assert f"/studio/photos/{photo.id}/picture/cutout?3" in text
    assert "no-store" in page["Cache-Control"]
    assert (
        f"/studio/photos/{photo.id}/correct"
        in client.get(f"/studio/photos/{photo.id}").content.decode()
    )


def test_corrections_are_taken_and_the_cutout_is_made_anew(
    client: Client, photo: Photo, account: Account
) -> None:
    answer = send(client, photo, [STROKE])
    assert answer.status_code == 200
    assert json.loads(answer.content)["open"] is True
    photo.refresh_from_db()
    assert (photo.status, photo.corrections) == (PhotoStatus.WAITING, [STROKE])
    assert credits_of(account) == (10, 0)
    state = f"/studio/photos/{photo.id}/correct/state"
    assert client.get(state).json()["open"] is True
    Photo.objects.filter(pk=photo.id).update(
        status=PhotoStatus.SHOWN, fence=4, matte_key=photo.cutout_key
    )  # as a worker leaves it
    assert client.get(state).json() == {
        "open": False,
        "fence": 4,
        "steps": [],
        "cutout": f"/studio/photos/{photo.id}/picture/cutout?4",
        "doubts": "",
        "matte": f"/studio/photos/{photo.id}/picture/matte?4",
        "notes": [],
    }


def test_a_correction_without_effect_is_said(client: Client, photo: Photo) -> None:
    without_effect = message(CutoutNote.CORRECTIONS_WITHOUT_EFFECT, count=2)
    notes = [message(CutoutNote.SMALL_MODEL).stored, without_effect.stored]
    Photo.objects.filter(pk=photo.id).update(cutout_notes=notes)
    state = client.get(f"/studio/photos/{photo.id}/correct/state").json()
    assert state["notes"] == [sentence(without_effect.code, without_effect.parameters)]


def test_a_photo_that_no_corrections_fit_sends_back_to_its_page(
    client: Client, photo: Photo
) -> None:
    for status in (PhotoStatus.WAITING, PhotoStatus.CUTTING, PhotoStatus.REFUSED):
        Photo.objects.filter(pk=photo.id).update(status=status, reason_code="person")
        page = client.get(f"/studio/photos/{photo.id}/correct")
        assert (page.status_code, page["Location"]) == (302, f"/studio/photos/{photo.id}")
    state = client.get(f"/studio/photos/{photo.id}/correct/state").json()
    assert state["open"] is False
    assert "cutout" not in state
    assert state["sentence"]


def test_another_tabs_corrections_are_not_overwritten(client: Client, photo: Photo) -> None:
    send(client, photo, [STROKE])
    Photo.objects.filter(pk=photo.id).update(status=PhotoStatus.SHOWN, fence=2)
    stale = send(client, photo, [STROKE, STROKE], fence=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "cutout_changed")
    photo.refresh_from_db()
    assert photo.corrections == [STROKE]


def test_while_the_cutout_is_made_nothing_is_taken(client: Client, photo: Photo) -> None:
    send(client, photo, [STROKE])
    other = send(client, photo, [STROKE, STROKE])
    assert (other.status_code, other.json()["code"]) == (409, "not_shown")


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        "no JSON",
        '{"corrections": [], "fence": "x"}',
        '{"corrections": [], "fence": 1e999}',
        '{"corrections": [{"tool": "keep", "radius": NaN, "points": [[1, 1]]}], "fence": 0}',
        pytest.param("[" * 200_000, id="nested"),
        '{"corrections": 7, "fence": 0}',
        '{"corrections": [{"tool": "paint"}], "fence": 0}',
    ],
)
def test_what_cant_be_read_is_refused_with_a_sentence(
    client: Client, photo: Photo, body: str
) -> None:
    answer = client.post(
        f"/studio/photos/{photo.id}/correct", body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    assert answer.json()["sentence"]


def test_updates_are_counted_by_account(
    client: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = rate_limits.RateLimit("correct", 1, 3600)
    monkeypatch.setattr(rate_limits, "CORRECTIONS", limit)
    assert send(client, photo, [STROKE]).status_code == 200
    refused = send(client, photo, [])
    assert (refused.status_code, refused.json()["code"]) == (429, "too_often")
    assert refused.json()["sentence"]


def test_its_pictures_are_the_photos_own(client: Client, photo: Photo) -> None:
    address = f"/studio/photos/{photo.id}/picture/doubts"
    assert client.get(address).status_code == 404
    Photo.objects.filter(pk=photo.id).update(doubts_view_key=photo.cutout_view_key)
    assert client.get(address).content == storage.get(photo.cutout_view_key)
    page = client.get(f"/studio/photos/{photo.id}").content.decode()
    assert f"{address}?0" in page


def test_another_accounts_photo_does_not_exist(client: Client, photo: Photo) -> None:
    other = Client()
    world.seller("someone-else")
    other.force_login(User.objects.get(email="someone-else@shop.example"))
    address = f"/studio/photos/{photo.id}/correct"
    assert other.get(address).status_code == 404
    assert other.get(f"{address}/state").status_code == 404
    assert send(other, photo, [STROKE]).status_code == 404
    assert Client().get(address).status_code == 302


def test_what_was_retouched_is_said_before_approval(client: Client, photo: Photo) -> None:
    page = client.get(f"/studio/photos/{photo.id}").content.decode()
    assert "mm²" not in page
    Photo.objects.filter(pk=photo.id).update(retouched_px=500)
    page = client.get(f"/studio/photos/{photo.id}").content.decode()
    assert "mm²" in page


def test_an_unsure_kind_is_asked_for_with_pictures(client: Client, photo: Photo) -> None:
    Photo.objects.filter(pk=photo.id).update(kind_reason=KindReason.NOT_SURE)
    page = client.get(f"/studio/photos/{photo.id}").content.decode()
    assert page.count('type="radio" name="kind"') == 5
    assert "checked" not in page.split('name="kind"', 1)[1].split("</fieldset>", 1)[0]
    approve = f"/studio/photos/{photo.id}/approve"
    assert client.post(approve, {"size": 20}).status_code == 422
    assert client.post(approve, {"size": 20, "kind": "ring"}).status_code == 302
    photo.refresh_from_db()
    assert (photo.kind, photo.status) == ("ring", PhotoStatus.APPROVED)
    assert 'type="radio"' not in client.get(f"/studio/photos/{photo.id}?change").content.decode()
