"""The studio's and the library's pages, as a browser without scripts sees them."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.statuses import GeneratorName, PhotoStatus
from jewelrymodel.infra import clock, storage
from jewelrymodel.web.customer import rate_limits
from tests.support import generation as world
from tests.support.generation import credits_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    return browser


def jpeg(edge_px: int = 400) -> io.BytesIO:
    file = io.BytesIO()
    Image.fromarray(world.drawn_piece(edge_px)[..., :3].copy()).save(file, "JPEG")
    file.seek(0)
    file.name = "ring.jpg"
    return file


def upload(client: Client, file: io.BytesIO) -> Photo:
    answer = client.post("/studio", {"photo": file})
    assert answer.status_code == 302, answer.content.decode()
    return Photo.objects.get(pk=answer["Location"].rsplit("/", 1)[-1])


def finished(account: Account, images: int = 2) -> Task:
    """A task that our own renderer finished, in small."""
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, images=images, generator=GeneratorName.EMBEDDED)
    hands = world.Hands()
    return world.work(task, hands)


def test_a_photo_is_taken_in_and_shown_while_it_is_cut_out(
    client: Client, account: Account
) -> None:
    photo = upload(client, jpeg())
    assert (photo.status, photo.account_id) == (PhotoStatus.WAITING, account.id)
    page = client.get(f"/studio/photos/{photo.id}").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "and is free" in page
    picture = client.get(f"/studio/photos/{photo.id}/picture/original")
    assert picture["Content-Type"] == "image/webp"
    assert not Image.open(io.BytesIO(picture.content)).getexif()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 bytes"),
        (b"hello, I am no picture", "JPEG"),
        (jpeg().getvalue()[:2000], "damaged"),
    ],
)
def test_what_is_no_photo_gets_a_sentence_and_stores_nothing(
    client: Client, account: Account, content: bytes, words: str
) -> None:
    file = io.BytesIO(content)
    file.name = "x.jpg"
    answer = client.post("/studio", {"photo": file})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Photo.objects.exists()
    assert credits_of(account) == (10, 0)


def test_approve_choose_and_order(client: Client, account: Account) -> None:
    photo = world.approved_photo(account)
    address = f"/studio/photos/{photo.id}"
    assert "Is this your piece?" in client.get(address).content.decode()
    wrong = client.post(f"{address}/approve", {"kind": "pendant", "size": "9000"})
    assert wrong.status_code == 422
    assert "between 2 and 600" in wrong.content.decode()
    client.post(f"{address}/approve", {"kind": "pendant", "size": "24"})
    page = client.get(address)
    assert "Choose looks" in page.content.decode()
    assert f'<a href="{address}?change">Undo</a>' in page.content.decode()
    form = {"look": ["marble", "linen"], "key": page.context["key"], "generator": "embedded"}
    first = client.post(f"{address}/generate", form)
    again = client.post(f"{address}/generate", form)
    assert first["Location"] == again["Location"]
    assert credits_of(account) == (8, 2)
    page_of_task = client.get(first["Location"]).content.decode()
    assert "2 credits held" in page_of_task
    client.post(f"{first['Location']}/cancel")
    ended = client.get(f"{first['Location']}/progress").content.decode()
    assert "hx-trigger" not in ended
    assert "0 credits" in ended
    assert credits_of(account) == (10, 0)


def test_formats_are_chosen_before_images_are_made(client: Client, account: Account) -> None:
    photo = world.approve(world.approved_photo(account))
    address = f"/studio/photos/{photo.id}"
    assert client.get(address).content.decode().count('name="aspect"') == 5
    form = {"look": ["marble"], "aspect": ["4:5", "16:9"], "key": "k", "generator": "embedded"}
    ordered = client.post(f"{address}/generate", form)
    task = Task.objects.get(pk=ordered["Location"].rsplit("/", 1)[-1])
    assert [item.aspect for item in queries.items(task)] == ["4:5", "16:9"]
    assert credits_of(account) == (8, 2)
    again = client.post(f"{address}/generate", form | {"aspect": ["2:1"], "key": "other"})
    assert again.status_code == 422


def test_a_download_keeps_the_images_own_format(client: Client, account: Account) -> None:
    photo = world.approve(world.approved_photo(account))
    task = world.order(photo, looks=["linen"], aspects=["9:16"], generator=GeneratorName.EMBEDDED)
    world.work(task, world.Hands())
    asset = queries.assets(account_id=account.id)[0]
    page = client.get(f"/library/images/{asset.id}").content.decode()
    assert "1080 × 1920 px, enlarged from 202 × 360 px" in page
    address = f"/library/images/{asset.id}/download?format=png&size=1080"
    file = Image.open(io.BytesIO(client.get(address, follow=True).getvalue())).convert("RGB")
    assert file.size == (1080, 1920)
    edges = [file.crop(box) for box in ((0, 0, 1080, 60), (0, 1860, 1080, 1920))]
    assert all(len(edge.getcolors(1 << 20) or range(99)) > 20 for edge in edges)  # no flat bars


def test_after_choosing_one_part_all_parts_can_be_taken_again(
    client: Client, account: Account
) -> None:
    photo = world.approved_photo(account)
    photo.components = [[10, 10, 90, 90], [110, 10, 190, 90]]
    photo.save(update_fields=["components"])
    address, words = f"/studio/photos/{photo.id}", "Use all parts again"
    assert words not in client.get(address).content.decode()
    client.post(f"{address}/again", {"part": "1"})
    Photo.objects.filter(pk=photo.id).update(status=PhotoStatus.SHOWN)  # as a worker leaves it
    assert words in client.get(address).content.decode()
    client.post(f"{address}/again", {"kind": "ring"})
    photo.refresh_from_db()
    assert (photo.tapped, photo.named_kind) == (None, "ring")


def test_too_few_credits_say_how_many_are_missing(client: Client, db: None) -> None:
    poor = world.seller("poor", 1)
    client.force_login(User.objects.get(email="poor@shop.example"))
    photo = world.approve(world.approved_photo(poor))
    form = {"look": ["marble", "linen", "sweep"], "key": "k", "generator": "embedded"}
    answer = client.post(f"/studio/photos/{photo.id}/generate", form, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][1] == 302
    assert "2 credits are missing" in page
    assert 'href="/pricing"' in page
    assert page.count(" checked") >= 3
    ProductVersion.objects.update(effective_until_at=clock.now())
    answer = client.post(f"/studio/photos/{photo.id}/generate", form)
    assert answer.status_code == 422
    assert "You need 3 credits, and 1 credit is available" in answer.content.decode()
    assert credits_of(poor) == (1, 0)


def test_results_are_shown_downloaded_and_marked(client: Client, account: Account) -> None:
    task = finished(account)
    page = client.get(f"/studio/tasks/{task.id}").content.decode()
    assert page.count("no large change from your cutout was found") == 2
    asset = queries.assets(account_id=account.id)[0]
    assert (
        "computer-generated surroundings"
        in client.get(f"/library/images/{asset.id}").content.decode()
    )
    client.post(f"/library/images/{asset.id}/favorite", {"favorite": "yes"})
    favorites = client.get("/library/images?favorites").content.decode()
    assert favorites.count('/small"') == 1
    for fmt in ("jpeg", "png", "webp"):
        address = f"/library/images/{asset.id}/download?format={fmt}&size=1080"
        file = client.get(address, follow=True).getvalue()
        assert b"compositeSynthetic" in file
        assert Image.open(io.BytesIO(file)).size == (1080, 1080)
    assert client.get(f"/library/images/{asset.id}/download?format=bmp").status_code == 404


def test_several_images_come_as_one_archive(client: Client, account: Account) -> None:
    finished(account)
    ids = [asset.id for asset in queries.assets(account_id=account.id)]
    answer = client.post("/library/download", {"image": ids, "format": "webp", "size": "full"})
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert len(archive.namelist()) == len(set(archive.namelist())) == 2
    for nothing in ({}, {"image": ["asset_x"]}):
        led = client.post("/library/download", nothing, follow=True)
        assert led.redirect_chain == [("/library/images", 302)]
        assert "Select at least one image first" in led.content.decode()


def test_a_signed_address_expires_and_is_good_for_one_account(
    client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = queries.assets(account_id=finished(account, images=1).account_id)[0]
    address = client.get(f"/library/images/{asset.id}/download?format=webp")["Location"]
    assert client.get(address).getvalue()
    assert client.get(address[:-2]).status_code == 404
    thief = Client()
    world.seller("thief")
    thief.force_login(User.objects.get(email="thief@shop.example"))
    assert thief.get(address).status_code == 404
    monkeypatch.setattr(storage, "DOWNLOAD_LIFETIME_S", -1)
    monkeypatch.setattr(storage.unsign, "__kwdefaults__", {"max_age_s": timedelta(0), "door": ""})
    assert client.get(address).status_code == 404


def test_another_accounts_ids_do_not_exist(client: Client, account: Account) -> None:
    task = finished(account, images=1)
    asset = queries.assets(account_id=account.id)[0]
    photo = f"/studio/photos/{task.photo_id}"
    image = f"/library/images/{asset.id}"
    reads = [
        photo, f"{photo}/progress", f"{photo}/picture/original", f"{photo}/picture/cutout",
        f"{photo}/preview/marble/picture", f"/studio/tasks/{task.id}",
        f"/studio/tasks/{task.id}/progress", image, f"{image}/picture", f"{image}/full",
        f"{image}/download",
    ]  # fmt: skip
    writes = [
        f"{photo}/approve", f"{photo}/again", f"{photo}/generate", f"{photo}/preview/marble",
        f"/studio/tasks/{task.id}/cancel", f"{image}/favorite",
    ]  # fmt: skip
    other = Client()
    world.seller("someone-else")
    other.force_login(User.objects.get(email="someone-else@shop.example"))
    for address in reads:
        assert other.get(address).status_code == 404, address
    for address in writes:
        assert other.post(address).status_code == 404, address
    for address in reads:
        assert Client().get(address).status_code == 302, address


def test_a_preview_is_free_watermarked_and_limited(
    client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = world.approve(world.approved_photo(account))
    monkeypatch.setattr(rate_limits, "PREVIEWS", rate_limits.RateLimit("preview", 1, 3600))
    first = client.post(f"/studio/photos/{photo.id}/preview/marble")
    again = client.post(f"/studio/photos/{photo.id}/preview/marble")
    assert first["Location"] == again["Location"]
    picture = client.get(f"/studio/photos/{photo.id}/preview/marble/picture")
    assert Image.open(io.BytesIO(picture.content)).size == (420, 420)
    refused = client.post(
        f"/studio/photos/{photo.id}/preview/linen", headers={"HX-Request": "true"}
    )
    assert "too many times" in refused.content.decode()
    assert credits_of(account) == (10, 0)
