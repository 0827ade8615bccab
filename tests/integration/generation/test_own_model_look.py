"""An own model is a look like any other, for one account, as long as the person agrees."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries, task_worker
from jewelrymodel.generation.adapters.image_files import StoredImage
from jewelrymodel.generation.models import Asset, OwnModel, Photo
from jewelrymodel.generation.operations import own_model_set_up
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.statuses import GeneratorName, ItemState, Reason
from jewelrymodel.infra import storage
from jewelrymodel.studio.export import COMPOSITE_CAPTURE, COMPOSITE_SYNTHETIC
from jewelrymodel.studio.own_model import SetUpUnusable
from jewelrymodel.support.operations import purge_deleted
from jewelrymodel.web.studio_messages.display import file_description
from tests.support import generation as world
from tests.support import own_models as people
from tests.support.generation import credits_of

pytestmark = pytest.mark.django_db
NOW = world.NOW
FOR_SCRIPTS = {"Accept": "application/json"}


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(account.memberships.get().user)
    return browser


@pytest.fixture
def photo(account: Account) -> Photo:
    return world.approve(world.approved_photo(account))


@pytest.fixture
def model(account: Account) -> OwnModel:
    return people.in_use(account)


def ordered(photo: Photo, model: OwnModel, **options: object) -> world.Task:
    return world.order(photo, looks=[model.id], generator=GeneratorName.EMBEDDED, **options)


def made(photo: Photo, model: OwnModel) -> Asset:
    task = world.work(ordered(photo, model), world.Hands())
    assert [one.reason_code for one in task.items.all()] == [""]
    return Asset.objects.select_related("item__task", "item__own_model").get(item__task=task)


def archived(asset: Asset) -> Iterator[bytes]:
    """The pieces of an archive of this image, as they are sent."""
    return operations.archive_chunks(assets=[asset], fmt="jpeg", description=file_description)


def downloaded(asset: Asset) -> str:
    return operations.export(asset=asset, fmt="jpeg", size="full", description=file_description)


def test_it_is_ordered_made_and_labeled(
    account: Account, photo: Photo, model: OwnModel, client: Client
) -> None:
    asset = made(photo, model)
    assert asset.fidelity["passed"]
    assert credits_of(account) == (9, 0)
    assert {"code": "own_model", "parameters": {}} in asset.alterations
    content = storage.get(downloaded(asset))
    drawn = any(one["code"] == "plain_chain_drawn" for one in asset.alterations)
    term = COMPOSITE_SYNTHETIC if drawn else COMPOSITE_CAPTURE
    assert term.encode() in content
    assert b"agreed on Nov 22, 2026, until Nov 22, 2027" in content
    page = client.get(f"/library/images/{asset.id}").content.decode()
    assert "No real person is shown" not in page


def test_it_is_a_tile_of_this_account_only(
    client: Client, photo: Photo, model: OwnModel, account: Account
) -> None:
    assert model.name in client.get(f"/studio/photos/{photo.id}").content.decode()
    others = world.approve(world.approved_photo(world.seller("other")))
    browser = Client()
    browser.force_login(others.account.memberships.get().user)
    assert model.name not in browser.get(f"/studio/photos/{others.id}").content.decode()
    assert browser.get(f"/models/{model.id}").status_code == 404
    with pytest.raises(operations.LookUnknown):
        ordered(others, model)


def test_a_preview_is_erased_with_the_photo(client: Client, photo: Photo, model: OwnModel) -> None:
    address = f"/studio/photos/{photo.id}/preview/{model.id}"
    answer = json.loads(client.post(address, headers=FOR_SCRIPTS).content)
    shown = client.get(answer["picture"])
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    photo.refresh_from_db()
    key = queries.preview_key(photo, model.id)
    assert storage.exists(key)
    people.revoke(model)
    assert not storage.exists(key)
    assert client.get(answer["picture"]).status_code == 404
    assert client.post(address, headers=FOR_SCRIPTS).status_code == 422


def test_no_other_company_gets_the_photo(photo: Photo, model: OwnModel, generator: str) -> None:
    with pytest.raises(operations.LookUnknown):
        world.order(photo, looks=[model.id], generator=GeneratorName.HOSTED)


def test_before_it_is_set_up_it_is_no_look(account: Account, photo: Photo) -> None:
    model = people.agreed(account, "neck")
    with pytest.raises(operations.LookUnknown):
        ordered(photo, model)


def test_who_revokes_before_the_work_ends_the_image(
    account: Account, photo: Photo, model: OwnModel
) -> None:
    task = ordered(photo, model)
    people.revoke(model)
    world.work(task, world.Hands())
    item = task.items.get()
    assert (item.state, item.reason_code) == (ItemState.FAILED, Reason.AGREEMENT_OVER)
    assert credits_of(account) == (10, 0)


def test_who_revokes_while_it_is_rendered_ends_the_image(
    account: Account, photo: Photo, model: OwnModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = ordered(photo, model)
    keep = task_worker.stored_output

    def stored(*values: Any) -> object:
        kept = keep(*values)
        people.revoke(model)
        stored_keys.extend([kept.image_key, kept.view_key])
        return kept

    stored_keys: list[str] = []
    monkeypatch.setattr(task_worker, "stored_output", stored)
    world.work(task, world.Hands())
    item = task.items.get()
    assert (item.state, item.reason_code) == (ItemState.FAILED, Reason.AGREEMENT_OVER)
    assert len(stored_keys) == 2
    assert not any(storage.exists(key) for key in stored_keys)
    assert credits_of(account) == (10, 0)


def test_what_a_killed_worker_left_goes_when_the_person_revokes(
    photo: Photo, model: OwnModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, keys = ordered(photo, model), list[str]()

    def killed(*, stored: StoredImage, **_named: object) -> None:
        keys.extend([stored.image_key, stored.view_key])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operations, "keep_output", killed)
        with pytest.raises(KeyboardInterrupt):
            world.work(task, world.Hands())
    assert all(storage.exists(key) for key in keys)
    people.revoke(model)
    assert len(keys) == 2
    assert not any(storage.exists(key) for key in keys)


def test_an_archive_is_written_piece_by_piece(
    photo: Photo, model: OwnModel, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred whole images are no bytes to have in memory at once, and twice."""
    asset, put, whole = made(photo, model), storage.put, list[str]()

    def noted(key: str, content: bytes) -> str:
        whole.append(key)
        return put(key, content)

    monkeypatch.setattr(storage, "put", noted)
    sent = b"".join(archived(asset))
    assert whole == [downloaded(asset)]  # the image alone is kept, for the next time
    with zipfile.ZipFile(io.BytesIO(sent)) as opened:
        assert opened.testzip() is None
        assert opened.read(opened.namelist()[0]) == storage.get(downloaded(asset))


def test_an_archive_breaks_off_where_a_person_revokes_while_it_is_sent(
    photo: Photo, model: OwnModel
) -> None:
    chunks = archived(made(photo, model))
    people.revoke(model)
    with pytest.raises(operations.AgreementOver):
        next(chunks)


def test_the_database_refuses_an_image_after_the_end(
    photo: Photo, model: OwnModel, client: Client
) -> None:
    asset = made(photo, model)
    people.revoke(model)
    again = asset.item
    again.pk, again.position, again._state.adding = "item_other", 7, True
    with pytest.raises(IntegrityError, match="has not agreed"), transaction.atomic():
        again.save(force_insert=True)


def test_revoking_stops_every_download_at_once(
    photo: Photo, model: OwnModel, client: Client, account: Account
) -> None:
    asset = made(photo, model)
    key = downloaded(asset)
    link = client.get(f"/library/images/{asset.id}/download")["Location"]
    assert client.get(link).getvalue()
    for which in ("picture", "small", "full"):  # no browser keeps what may have to be gone
        shown = client.get(f"/library/images/{asset.id}/{which}")
        assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    people.revoke(model)
    assert not storage.exists(key)
    assert client.get(link).status_code == 404
    assert client.get(f"/library/images/{asset.id}/download").status_code == 422
    assert client.get(f"/library/images/{asset.id}/full").status_code == 422
    for which in ("picture", "small"):
        assert client.get(f"/library/images/{asset.id}/{which}").status_code == 404
    with pytest.raises(operations.AgreementOver):
        downloaded(asset)
    assert "agreement ended" in client.get("/library/images").content.decode()
    assert model.person_name in client.get(f"/library/images/{asset.id}").content.decode()
    assert purge_deleted(now=NOW + timedelta(hours=1), machine_now=NOW).kept == 0
    assert not storage.exists(asset.image_key)
    assert not storage.exists(asset.view_key)


# Setting up ---------------------------------------------------------------------------------------


def fields(kind: str, **changed: object) -> dict[str, object]:
    sent = {"length_mm": people.PLACES[kind]["length_mm"]}
    for name, (x, y) in people.PLACES[kind]["points"].items():
        sent |= {f"{name}_x": x, f"{name}_y": y}
    return {**sent, **changed}


def test_a_seller_sets_it_up(client: Client, account: Account, photo: Photo) -> None:
    model = people.agreed(account, "neck")
    address = f"/models/{model.id}/set-up"
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/save", fields("neck")).status_code == 302
    model.refresh_from_db()
    assert model.set_up["points"]["lowest"] == [0.496, 0.626]
    assert model.set_up.keys() == {"points", "length_mm", "tilt_deg", "faces"}
    shown = client.post(f"{address}/preview", fields("neck"))
    assert Image.open(io.BytesIO(shown.content)).size[0] == 720
    for wrong in ({"left_x": "2"}, {"length_mm": "5"}, {"right_x": "0.276", "right_y": "0.302"}):
        assert client.post(f"{address}/save", fields("neck", **wrong)).status_code == 422
        assert client.post(f"{address}/preview", fields("neck", **wrong)).status_code == 422


def test_nothing_is_set_up_before_the_person_agreed(client: Client, account: Account) -> None:
    model = people.asked(account, "neck")
    address = f"/models/{model.id}/set-up"
    assert client.get(address).status_code == 302
    assert client.post(f"{address}/save", fields("neck")).status_code == 302
    assert client.post(f"{address}/preview", fields("neck")).status_code == 422
    model.refresh_from_db()
    assert model.set_up == {}


def painting(box: tuple[int, int, int, int] | None) -> io.BytesIO:
    pixels = np.zeros((512, 512), np.uint8)
    if box:
        pixels[box[1] : box[3], box[0] : box[2]] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    file.seek(0)
    file.name = "front.png"
    return file


def test_what_is_painted_is_kept_with_the_photo(
    client: Client, account: Account, model: OwnModel
) -> None:
    address = f"/models/{model.id}/set-up/paint"
    assert client.post(address, {"front": painting((0, 0, 99, 99))}).status_code == 200
    model.refresh_from_db()
    former = model.mask_key
    assert former.startswith(own_models.own_model_folder(model))
    assert client.post(address, {"front": io.BytesIO(b"x")}).status_code == 422
    assert client.post(address, {"front": painting(None)}).status_code == 200
    model.refresh_from_db()
    assert model.mask_key == ""
    assert not storage.exists(former)
    people.revoke(model)
    assert client.post(address, {"front": painting((0, 0, 99, 99))}).status_code == 422


def test_a_set_up_that_nobody_has_is_refused(account: Account) -> None:
    model = people.agreed(account, "hand")
    for sent in ({}, {"points": {"left": "x"}}, {**people.PLACES["hand"], "faces": "up"}):
        with pytest.raises(SetUpUnusable):
            own_model_set_up.set_up_model(
                account_id=account.id, model_id=model.id, user_id=1, sent=sent, now=NOW
            )
