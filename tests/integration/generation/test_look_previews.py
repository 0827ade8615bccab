"""Previews fill the tiles, a placement by hand is drawn as it will be, and what fails says why."""

import io
import json

import numpy as np
import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation import queries
from jewelrymodel.generation.adapters.embedded import small
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.infra import storage
from jewelrymodel.studio.composition import Adjustment, adjustment_of
from jewelrymodel.web.customer import rate_limits
from tests.support import generation as world
from tests.support.generation import credits_of

pytestmark = pytest.mark.django_db
FOR_SCRIPTS = {"Accept": "application/json"}


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
    return world.approve(world.approved_photo(account))


def asked(client: Client, photo: Photo, look: str, **fields: str) -> HttpResponse:
    address = f"/studio/photos/{photo.id}/preview/{look}"
    return client.post(address, fields, headers=FOR_SCRIPTS)


def placed(client: Client, photo: Photo, look: str, **fields: str) -> HttpResponse:
    return client.post(f"/studio/photos/{photo.id}/placement/{look}", fields)


@pytest.mark.parametrize(("aspect", "size"), [("1:1", (420, 420)), ("9:16", (236, 420))])
def test_a_tile_gets_a_preview_in_its_format(
    client: Client, account: Account, photo: Photo, aspect: str, size: tuple[int, int]
) -> None:
    answer = json.loads(asked(client, photo, "marble", aspect=aspect).content)
    picture = client.get(answer["picture"])
    assert Image.open(io.BytesIO(picture.content)).size == size
    assert credits_of(account) == (10, 0)


def test_without_scripts_the_page_shows_the_preview(client: Client, photo: Photo) -> None:
    answer = client.post(f"/studio/photos/{photo.id}/preview/linen", {"aspect": "4:5"})
    page = client.get(answer["Location"]).content.decode()
    assert f"/studio/photos/{photo.id}/preview/linen/picture?aspect=4:5" in page


def test_a_look_that_cannot_show_the_piece_says_why(client: Client, account: Account) -> None:
    ring = world.approve(world.approved_photo(account, kind="ring"))  # no opening to look through
    answer = asked(client, ring, "hand-light")
    told = json.loads(answer.content)
    assert (answer.status_code, told["impossible"]) == (422, True)
    assert "band can be seen" in told["sentence"]
    unknown = json.loads(asked(client, ring, "moon").content)
    assert unknown["impossible"] is False


def test_too_many_previews_are_refused_for_a_while(
    client: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "PREVIEWS", rate_limits.RateLimit("preview", 1, 3600))
    assert asked(client, photo, "marble").status_code == 200
    assert asked(client, photo, "marble").status_code == 200  # it is there already
    assert asked(client, photo, "linen").status_code == 429
    assert placed(client, photo, "linen").status_code == 429


def test_a_placement_is_drawn_as_set_and_not_kept(client: Client, photo: Photo) -> None:
    usual = placed(client, photo, "linen", aspect="1:1")
    moved = placed(client, photo, "linen", right="0.1", down="-0.05", size="1.2", turn_deg="0")
    assert usual["Content-Type"] == moved["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(moved.content)).size == (720, 720)
    assert float(usual["X-Width-Mm"]) == pytest.approx(1.2 * float(moved["X-Width-Mm"]), rel=0.01)
    (a, *_, u, v), there = (json.loads(one["X-Place"]) for one in (usual, moved))
    assert there[0] == pytest.approx(1.2 * a, rel=0.01)

    def middle(place: list[float]) -> tuple[float, float]:
        return place[0] * u + place[1] * v + place[2], place[3] * u + place[4] * v + place[5]

    before, after = middle(json.loads(usual["X-Place"])), middle(there)
    assert after[0] - before[0] == pytest.approx(0.1, abs=0.003)
    assert after[1] - before[1] == pytest.approx(-0.05, abs=0.003)
    assert not storage.exists(queries.preview_key(photo, "linen"))


@pytest.mark.parametrize(
    "fields", [{"right": "0.9"}, {"size": "9"}, {"turn_deg": "much"}, {"aspect": "2:1"}]
)
def test_what_goes_too_far_or_is_no_number_is_refused(
    client: Client, photo: Photo, fields: dict[str, str]
) -> None:
    answer = placed(client, photo, "linen", **fields)
    assert answer.status_code == 422
    assert json.loads(answer.content)["sentence"]


def test_the_order_takes_what_was_placed_and_leaves_out_what_cannot_be(
    client: Client, account: Account, photo: Photo
) -> None:
    form = {
        "look": ["marble", "linen"],
        "aspect": ["1:1", "16:9", "1:1"],
        "placed": ["linen 16:9 0.1 0 12 1.1", "velvet 1:1 0.2 0 0 1"],
        "without": ["marble 16:9", "nonsense"],
        "key": "k",
        "generator": "embedded",
    }
    answer = client.post(f"/studio/photos/{photo.id}/generate", form)
    task = Task.objects.get(pk=answer["Location"].rsplit("/", 1)[-1])
    made = {(i.look_id, i.aspect): adjustment_of(i.adjustment) for i in queries.items(task)}
    assert made == {
        ("marble", "1:1"): Adjustment(),
        ("linen", "1:1"): Adjustment(),
        ("linen", "16:9"): Adjustment(0.1, 0, 12, 1.1),
    }
    assert task.credits_held == 3


@pytest.mark.parametrize("wrong", ["linen 1:1 0.9 0 0 1", "linen 1:1 far", "linen", ""])
def test_an_order_with_an_impossible_placement_holds_nothing(
    client: Client, account: Account, photo: Photo, wrong: str
) -> None:
    form = {"look": ["linen"], "placed": [wrong], "key": "k", "generator": "embedded"}
    answer = client.post(f"/studio/photos/{photo.id}/generate", form)
    assert answer.status_code == 422
    assert credits_of(account) == (10, 0)


def test_before_the_approval_it_is_said_whether_the_piece_can_be_worn(
    client: Client, account: Account
) -> None:
    photo = world.approved_photo(account)
    address = f"/studio/photos/{photo.id}"
    assert f'hx-get="{address}/wearable"' in client.get(address).content.decode()

    def said(**fields: str) -> HttpResponse:
        return client.get(f"{address}/wearable", fields)

    as_ring = said(kind="ring", size="17", unit="mm")
    assert as_ring.context["worn"] == []
    assert "band can be seen" in as_ring.content.decode()
    assert f"{address}/correct" in as_ring.content.decode()  # an opening may have been filled
    as_pendant = said(kind="pendant", size="24", unit="mm")
    assert as_pendant.context["worn"]
    assert f"{address}/correct" not in as_pendant.content.decode()
    assert said(kind="pendant", size="", unit="").context["worn"]
    as_bracelet = said(kind="bracelet")
    assert (as_bracelet.context["has_worn"], as_bracelet.context["is_known"]) == (True, True)
    assert as_bracelet.context["worn"] == []  # a wrist wears what is seen closed
    assert said(kind="hat").content.decode().strip() == ""


def test_another_account_sees_and_draws_nothing(client: Client, photo: Photo) -> None:
    world.seller("someone-else")
    other = Client()
    other.force_login(User.objects.get(email="someone-else@shop.example"))
    assert asked(other, photo, "marble").status_code == 404
    assert placed(other, photo, "marble").status_code == 404
    assert other.get(f"/studio/photos/{photo.id}/wearable").status_code == 404


def test_previews_are_made_of_a_small_copy_with_the_same_edges() -> None:
    piece = world.drawn_piece(1200)
    less = small(piece)
    assert less.shape == (800, 800, 4)
    assert less[..., 3].mean() == pytest.approx(piece[..., 3].mean(), abs=0.5)
    inside = less[..., 3] > 250
    assert np.abs(less[inside][:, :3].mean(0) - piece[piece[..., 3] > 250][:, :3].mean(0)).max() < 3
    assert small(less) is less
