"""What the studio reports is kept as codes, and read in the language of whoever reads it."""

import io
import re
from html import unescape

import pytest
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation import operations
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.statuses import GeneratorName, Reason, TaskStatus
from jewelrymodel.studio.cutout import PieceNotFound
from jewelrymodel.studio.messages import PieceProblem, ViewProblem
from jewelrymodel.studio.render import ViewRefused
from tests.support import generation as world

ENGLISH = re.compile(r"\b(the|please|your|piece|photo|image|with|light)\b", re.IGNORECASE)


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def german(account: Account) -> Client:
    browser = Client(headers={"Accept-Language": "de"})
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    return browser


def main_of(client: Client, address: str) -> str:
    """The text of a page's main part."""
    page = client.get(address, follow=True).content.decode()
    inner = page[page.index("<main") : page.index("</main>")]
    inner = re.sub(r"<(script|style|code)\b.*?</\1>", " ", inner, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", inner)).split())


def file(data: bytes, name: str = "x.jpg") -> io.BytesIO:
    content = io.BytesIO(data)
    content.name = name
    return content


def test_a_file_that_is_no_photo_is_refused_in_german(german: Client) -> None:
    answer = german.post("/studio", {"photo": file(b"hello")})
    assert answer.status_code == 422
    assert "Wir können diese Datei nicht als Foto lesen." in unescape(answer.content.decode())


def test_a_photo_without_a_piece_says_so_in_german(german: Client, account: Account) -> None:
    hands = world.Hands()
    photo = operations.upload(
        account_id=account.id, file_name="p.png", data=photo_file(2100), now=world.NOW
    )
    lease = operations.lease_photo(photo_id=photo.id, machine_now=hands.at)
    refused = PieceNotFound(PieceProblem.PIECE_TOO_SMALL, size_px=90, least_px=250)
    operations.refuse_photo(
        lease=lease, code=refused.code, detail=refused.message, machine_now=world.NOW
    )
    photo.refresh_from_db()
    assert photo.reason_code == PieceProblem.PIECE_TOO_SMALL
    assert photo.notes == [{"code": "reduced", "parameters": {"width_px": 2100, "height_px": 40}}]
    page = main_of(german, f"/studio/photos/{photo.id}")
    assert "Das Stück ist nur 90 Pixel groß, nötig sind 250." in page
    assert not ENGLISH.findall(page)


def photo_file(width_px: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width_px, 40), "gold").save(out, "PNG")
    return out.getvalue()


def test_the_notes_on_a_cutout_are_german(german: Client, account: Account) -> None:
    photo = world.approved_photo(account)
    photo.notes = [{"code": "reduced", "parameters": {"width_px": 4096, "height_px": 1024}}]
    photo.cutout_notes = [{"code": "openings_filled", "parameters": {}}]
    photo.save()
    page = main_of(german, f"/studio/photos/{photo.id}")
    assert "von 4.096 × 1.024 Pixeln verkleinert" in page
    assert "Öffnungen sind möglicherweise gefüllt." in page
    assert not ENGLISH.findall(page)


def test_an_image_that_failed_and_one_that_came_are_explained_in_german(
    german: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = world.approve(world.approved_photo(account))
    looks = ["linen", "neck-light"]
    task = world.order(photo, generator=GeneratorName.EMBEDDED, looks=looks)
    monkeypatch.setattr("jewelrymodel.studio.render._WORN", {"pendant": refuse})
    world.work(task, world.Hands())
    assert task.status == TaskStatus.SUCCEEDED
    item = task.items.get(position=1)
    assert (item.reason_code, item.reason_detail["code"]) == (Reason.VIEW_REFUSED, "too_large")
    page = main_of(german, f"/studio/tasks/{task.id}")
    assert "Mit 24 mm läge ein Teil des Stücks außerhalb des Bildes." in page
    assert not ENGLISH.findall(page)
    image = main_of(german, f"/library/images/{Asset.objects.get().id}")
    assert "Hinzugefügt: die Oberfläche mit ihrem Licht und ihren Schatten." in image
    assert not ENGLISH.findall(image)


def refuse(*_options: object) -> None:
    raise ViewRefused(ViewProblem.TOO_LARGE, size_mm=24.0)


def test_the_steps_of_a_task_are_german(german: Client, account: Account) -> None:
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, generator=GeneratorName.EMBEDDED)
    hands = world.Hands()
    lease = operations.lease_task(task_id=task.id, now=hands.at, machine_now=hands.at)
    operations.note_step(lease=lease, step="lighting_piece")
    page = main_of(german, f"/studio/tasks/{task.id}")
    assert "Das Schmuckstück wird beleuchtet" in page
    assert not ENGLISH.findall(page)


def test_a_file_says_of_itself_in_english_what_it_is(german: Client, account: Account) -> None:
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, generator=GeneratorName.EMBEDDED)
    world.work(task, world.Hands())
    address = f"/library/images/{Asset.objects.get().id}/download?format=png"
    content = german.get(address, follow=True).getvalue()
    assert b"Added: the surface with its light and shadows." in content
    assert b"real person" not in content
