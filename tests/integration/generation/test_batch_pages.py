"""The pages of a batch, as a browser without scripts sees them, and what scripts are answered."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation import operations
from jewelrymodel.generation.limits import MAX_BATCH_PHOTOS
from jewelrymodel.generation.models import Batch, Photo, Piece, Task
from jewelrymodel.generation.statuses import PhotoStatus, TaskStatus
from jewelrymodel.infra import storage
from jewelrymodel.infra.models import PendingEmail
from jewelrymodel.web.customer import rate_limits
from tests.support import batches
from tests.support import generation as world
from tests.support.generation import NOW, credits_of

pytestmark = pytest.mark.django_db
FOR_SCRIPTS = {"accept": "application/json"}


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(email="ringmaker@shop.example"))
    return browser


@pytest.fixture
def batch(account: Account) -> Batch:
    return batches.batch_of(account)


@pytest.fixture
def page(batch: Batch) -> str:
    return f"/studio/batches/{batch.id}"


def file(name: str, shade: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, batches.photo_file(shade), "image/png")


def send(client: Client, page: str, *files: SimpleUploadedFile, **more: str) -> Any:
    answer = client.post(f"{page}/photos", {"photo": list(files), **more}, headers=FOR_SCRIPTS)
    return answer.json()


def typed(photo: Photo, kind: str = "ring", size: str = "17.5", unit: str = "mm") -> dict[str, str]:
    return {f"{photo.pk}-kind": kind, f"{photo.pk}-size": size, f"{photo.pk}-unit": unit}


def approve(client: Client, page: str, *ticked: Photo, **fields: str) -> Any:
    asked = {"photo": [one.pk for one in ticked], "act": "approve", **fields}
    return client.post(f"{page}/approve", asked)


def test_one_press_leads_to_an_empty_batch(client: Client) -> None:
    answer = client.post("/studio/batches")
    assert answer.status_code == 302
    assert "batch-files" in client.get(answer["Location"]).content.decode()
    assert client.get("/studio/batches").context["page"].object_list.count() == 0


def test_files_are_taken_without_a_script_too(client: Client, page: str, batch: Batch) -> None:
    files = [file("a.jpg", 1), SimpleUploadedFile("b.jpg", b"no photo"), file("c.jpg", 2)]
    assert client.post(f"{page}/photos", {"photo": files}).status_code == 302
    assert Photo.objects.filter(batch=batch).count() == 2
    shown = client.get(page)
    assert [one.name for one in shown.context["refused_files"]] == ["b.jpg"]
    assert shown.context["count"] == 2
    client.post(f"{page}/forget", {"file": "b.jpg"})
    assert client.get(page).context["refused_files"] == []


def test_scripts_are_answered_what_became_of_a_file(
    client: Client, page: str, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = Photo.objects.get(pk=send(client, page, file("a.jpg"))["photo"])
    twin = send(client, page, file("b.jpg"))
    assert twin["known"] == f"/studio/photos/{photo.pk}"
    assert client.get(page).context["refused_files"][0].known == twin["known"]
    assert send(client, page, file("b.jpg"), again="yes")["photo"] != photo.pk
    assert client.get(page).context["refused_files"] == []
    assert send(client, page, SimpleUploadedFile("c.jpg", b""))["known"] == ""
    batches.waiting_rows(batch.account, batch, MAX_BATCH_PHOTOS - 2)
    assert send(client, page, file("d.jpg", 4))["stopped"]
    assert client.post(f"{page}/photos", {"photo": [file("d.jpg", 4)]}).status_code == 422
    Photo.objects.all().delete()
    monkeypatch.setattr(rate_limits, "BATCH_UPLOADS", rate_limits.RateLimit("b", 0, 60))
    assert send(client, page, file("e.jpg", 5))["stopped"]


def test_the_page_says_how_far_the_cutouts_are(client: Client, page: str, batch: Batch) -> None:
    rows = batches.waiting_rows(batch.account, batch, 3)
    shown = batches.shown_in(batch)
    answer = client.get(f"{page}/progress").json()
    assert answer["states"] == {
        **{photo.pk: "waiting-0" for photo in rows},
        shown.pk: "shown-1",
    }
    assert not answer["isOver"]
    cards = client.get(f"{page}/cards", {"id": [shown.pk, "photo_else"]}).content.decode()
    assert f'id="{shown.pk}"' in cards
    assert cards.count("batch-card__body") == 1


def test_two_hundred_photos_are_a_few_questions(
    client: Client,
    page: str,
    batch: Batch,
    settings: Settings,
    django_assert_max_num_queries: Any,
) -> None:
    settings.DEMO = False  # whose clock is a row
    batches.waiting_rows(batch.account, batch, 150)
    states = [PhotoStatus.SHOWN, PhotoStatus.APPROVED, PhotoStatus.WAITING]
    for n, photo in enumerate(Photo.objects.all()):
        status = states[n % 3]
        approved_at = NOW if status == PhotoStatus.APPROVED else None
        Photo.objects.filter(pk=photo.pk).update(
            status=status, approved_at=approved_at, kind="ring", size_mm=17, cutout_key="c"
        )
    Batch.objects.update(look_id="marble", aspects=["1:1"])
    for address in (page, f"{page}/look", f"{page}/progress", "/studio/batches"):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_what_needs_a_look_comes_first(client: Client, page: str, batch: Batch) -> None:
    fine, unsure, guessed, refused = (batches.shown_in(batch) for _ in range(4))
    Photo.objects.filter(pk=unsure.pk).update(verdict="check")
    Photo.objects.filter(pk=guessed.pk).update(kind_reason="not_sure")
    Photo.objects.filter(pk=refused.pk).update(status="refused", reason_code="no_piece")
    cards = client.get(page).context["cards"]
    assert cards[0].photo == refused
    assert {card.photo for card in cards[1:3]} == {unsure, guessed}
    assert [card.photo for card in cards if card.looks_right] == [fine]
    assert [card.photo for card in cards if card.asks_kind] == [guessed]


def test_selected_cutouts_are_approved_and_the_others_keep_what_was_typed(
    client: Client, page: str, batch: Batch
) -> None:
    first, second, third = (batches.shown_in(batch) for _ in range(3))
    fields = {**typed(first, size="7", unit="us"), **typed(second, "pendant", "24")}
    answer = approve(client, page, first, second, **fields, **typed(third, "earring", ""))
    assert answer.status_code == 302
    found = {photo.pk: (photo.status, photo.kind, photo.size_mm) for photo in Photo.objects.all()}
    assert found == {
        first.pk: ("approved", "ring", 17.32),
        second.pk: ("approved", "pendant", 24),
        third.pk: ("shown", "earring", None),
    }


def test_what_lacks_a_size_stops_all_and_keeps_what_was_typed(
    client: Client, page: str, batch: Batch
) -> None:
    first, second = batches.shown_in(batch), batches.shown_in(batch)
    answer = approve(client, page, first, second, **typed(first), **typed(second, size="0.1"))
    assert answer.status_code == 422
    assert not Photo.objects.filter(status="approved").exists()
    cards = {card.photo: card for card in answer.context["cards"]}
    assert (cards[first].size, cards[first].problem) == ("17.5", "")
    assert cards[first].is_ticked
    assert (cards[second].size, bool(cards[second].problem)) == ("0.1", True)
    assert approve(client, page).status_code == 422


def test_what_is_typed_is_kept_at_once(client: Client, page: str, batch: Batch) -> None:
    photo, wrong = batches.shown_in(batch), batches.shown_in(batch)
    asked = {"act": "save", **typed(photo, size="18"), **typed(wrong, size="many")}
    answer = client.post(f"{page}/approve", asked, headers=FOR_SCRIPTS).json()
    assert set(answer["problems"]) == {wrong.pk}
    photo.refresh_from_db()
    assert (photo.status, photo.kind, photo.size_mm) == ("shown", "ring", 18)
    assert client.post(f"{page}/approve", asked).status_code == 422
    assert client.post(f"{page}/approve", {"act": "save", **typed(photo)}).status_code == 302


def test_photos_are_joined_and_removed(client: Client, page: str, batch: Batch) -> None:
    front = batches.shown_in(batch, name="r-1_front.jpg")
    side = batches.shown_in(batch, name="r-1_side.jpg")
    (group,) = client.get(page).context["groups"]
    assert set(group) == {front, side}
    asked = {"photo": [front.pk, side.pk]}
    assert client.post(f"{page}/join", asked).status_code == 302
    assert Piece.objects.count() == 1
    assert client.get(page).context["groups"] == []
    assert client.post(f"{page}/join", {"photo": ["photo_else"]}).status_code == 404
    client.post(f"{page}/approve", {"act": "remove", "photo": [side.pk]})
    shown = client.get(page).context
    assert ([card.photo for card in shown["cards"]], shown["deleted"].ids) == ([front], [side.pk])
    client.post(f"{page}/approve", {"act": "remove", "photo": [front.pk]})
    assert client.get(page).context["deleted"].what == "piece"
    assert client.post(f"{page}/approve", {"act": "remove"}).status_code == 422
    gone = client.post(f"{page}/approve", {"act": "remove", "photo": [front.pk]})
    assert gone.status_code == 404


def test_a_photo_with_images_under_way_is_not_removed(
    client: Client, page: str, batch: Batch
) -> None:
    photo = batches.approved_in(batch)
    world.order(photo)
    answer = client.post(f"{page}/approve", {"act": "remove", "photo": [photo.pk]})
    assert answer.status_code == 422
    assert Photo.live.filter(pk=photo.pk).exists()


def test_a_single_photos_page_leads_back(client: Client, page: str, batch: Batch) -> None:
    photo = batches.shown_in(batch)
    for address in ("", "/correct"):
        shown = client.get(f"/studio/photos/{photo.pk}{address}").content.decode()
        assert f'href="{page}#{photo.pk}"' in shown
    answer = client.post(
        f"/studio/photos/{photo.pk}/approve", {"kind": "ring", "size": "17", "unit": "mm"}
    )
    assert answer["Location"] == f"{page}#{photo.pk}"
    picture = client.get(f"/studio/photos/{photo.pk}/picture/small-cutout")
    assert picture["Content-Type"] == "image/webp"


@pytest.fixture
def rings(batch: Batch) -> list[Photo]:
    """Two rings and a pendant, approved."""
    kinds = ("ring", "ring", "pendant")
    return [batches.approved_in(batch, kind=kind, name=f"r-{kind}.jpg") for kind in kinds]


def test_the_price_for_all_is_said_before_anything_is_ordered(
    client: Client, page: str, account: Account, rings: list[Photo]
) -> None:
    looks = client.get(f"{page}/look").context["looks"]
    assert {one.fits for one in looks} == {1, 2, 3}
    asked = {"look": "marble", "aspect": ["1:1", "4:5"], "photo": [one.pk for one in rings]}
    answer = client.post(f"{page}/order", asked)
    assert (answer.context["price"], answer.context["images"]) == (6, 6)
    assert not Task.objects.exists()
    again = {**asked, "price": "6", "key": "k"}
    assert client.post(f"{page}/order", again)["Location"] == page
    assert client.post(f"{page}/order", again)["Location"] == page
    assert credits_of(account) == (4, 6)


def test_more_than_the_page_said_is_not_charged(
    client: Client, page: str, account: Account, rings: list[Photo]
) -> None:
    asked = {"look": "marble", "photo": [one.pk for one in rings], "price": "2"}
    assert client.post(f"{page}/order", asked).status_code == 422
    assert credits_of(account) == (10, 0)


def test_a_look_is_made_of_the_pieces_that_it_suits(
    client: Client, page: str, account: Account, rings: list[Photo]
) -> None:
    looks = client.get(f"{page}/look").context["looks"]
    worn = next(one for one in looks if one.kinds == "ring")
    asked = {"look": worn.look.id, "photo": [one.pk for one in rings]}
    answer = client.post(f"{page}/order", asked)
    assert (answer.context["price"], answer.context["asked"].unsuited) == (2, 1)
    client.post(f"{page}/order", {**asked, "price": "2"})
    assert {task.photo for task in Task.objects.all()} == set(rings[:2])


def test_where_credits_are_missing_the_page_says_how_many_they_cover(
    client: Client, page: str, batch: Batch, account: Account
) -> None:
    many = [batches.approved_in(batch) for _ in range(12)]
    asked = {"look": "marble", "photo": [one.pk for one in many], "covered": "10", "key": "k"}
    answer = client.post(f"{page}/order", {**asked, "price": "12"})
    assert answer.status_code == 422
    assert (answer.context["price"], answer.context["covered"]) == (12, 10)
    assert credits_of(account) == (10, 0)
    unsaid = client.post(f"{page}/order", {**asked, "act": "cover", "covered": "some"})
    assert unsaid.context["price"] == 0
    covered = client.post(f"{page}/order", {**asked, "act": "cover"})
    assert covered.context["price"] == 10
    ticked = sorted(covered.context["asked"].ticked)
    client.post(f"{page}/order", {**asked, "photo": ticked, "price": "10"})
    assert credits_of(account) == (0, 10)


def test_nothing_is_ordered_where_nothing_is_chosen(
    client: Client, page: str, rings: list[Photo]
) -> None:
    for wrong in (
        {"look": "marble", "price": "0"},
        {"look": "no-such", "photo": rings[0].pk, "price": "1"},
        {"look": "marble", "photo": rings[0].pk, "price": "1", "aspect": "7:1"},
    ):
        assert client.post(f"{page}/order", wrong).status_code == 422
    assert not Task.objects.exists()


def test_one_archive_holds_all_images_by_name(
    client: Client, page: str, batch: Batch, hands: world.Hands
) -> None:
    assert client.get(f"{page}/archive")["Location"] == page
    first, second = batches.approved_in(batch), batches.approved_in(batch)
    Piece.objects.filter(pk=first.piece_id).update(sku="R 7")
    Piece.objects.filter(pk=second.piece_id).update(name="Öse")
    asked = {"look": "packshot", "aspect": ["1:1"], "photo": [first.pk, second.pk], "price": "2"}
    client.post(f"{page}/order", asked)
    Task.objects.update(edge_px=360)
    for task in Task.objects.all():
        world.work(task, hands)
    answer = client.get(f"{page}/archive")
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["oese-packshot-1x1.jpg", "r-7-packshot-1x1.jpg"]
        assert archive.testzip() is None
    assert not [name for name in storage.folders(f"exports/{batch.account_id}/") if "zip" in name]
    shown = client.get(page).context["images"]
    assert (shown.delivered, shown.failed, shown.credits) == (2, 0, 2)
    assert client.get(f"{page}/archive?format=gif").status_code == 404


def test_a_failed_image_is_explained_and_costs_nothing(
    client: Client, page: str, account: Account, rings: list[Photo], hands: world.Hands
) -> None:
    client.post(f"{page}/order", {"look": "marble", "photo": rings[0].pk, "price": "1"})
    Task.objects.update(lost_leases=3)
    world.sweep(hands)
    shown = client.get(page).context
    assert (shown["images"].failed, shown["images"].credits) == (1, 0)
    assert [item.task.photo for item in shown["failed"]] == [rings[0]]
    assert credits_of(account) == (10, 0)


def test_another_accounts_batch_is_not_found(client: Client) -> None:
    other = batches.batch_of(world.seller("other"))
    for address in ("", "/progress", "/cards", "/look", "/archive"):
        assert client.get(f"/studio/batches/{other.pk}{address}").status_code == 404
    for address in ("/photos", "/forget", "/approve", "/join", "/order"):
        assert client.post(f"/studio/batches/{other.pk}{address}").status_code == 404


def test_a_batch_is_told_of_once_by_mail_and_on_its_page(
    client: Client, page: str, account: Account, rings: list[Photo], hands: world.Hands
) -> None:
    User.objects.update(wants_ready_email=True)
    asked = {"look": "marble", "photo": [one.pk for one in rings], "price": "3"}
    client.post(f"{page}/order", asked)
    tasks = list(Task.objects.order_by("created_at", "pk"))
    for n, task in enumerate(tasks):
        hands.pass_(seconds=n)
        Task.objects.filter(pk=task.pk).update(lost_leases=3)
        operations.give_up(task_id=task.pk, now=hands.at, machine_now=hands.at)
    assert {one.status for one in Task.objects.all()} == {TaskStatus.FAILED}
    for task in tasks:
        operations.tell_ending(task_id=task.pk, machine_now=hands.at)
    assert page in PendingEmail.objects.get().text
    client.get(page)
    assert not Task.objects.filter(seen_at=None).exists()
