"""The page of the looks where a scene is described: refused words, a draft, scenes to keep."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Photo, SavedScene, Selection, Task
from jewelrymodel.generation.rules.described_scene import DESCRIBED
from jewelrymodel.generation.rules.generated_looks import GENERATED_LOOKS
from jewelrymodel.generation.statuses import ItemState, TaskStatus
from jewelrymodel.studio.looks import Look, LookKind
from jewelrymodel.studio.piece_kinds import Kind
from tests.support.generation import NOW, approve, approved_photo, credits_of, seller
from tests.support.providers import access

WORDS = {
    "scene_words": "black velvet and a pear",
    "scene_season": "autumn",
    "scene_framing": "near",
}
LOOK = {"look": DESCRIBED, "generator": "hosted", "aspect": "4:5", "key": "k"}


@pytest.fixture
def photo(account: Account) -> Photo:
    return approve(approved_photo(account))


@pytest.fixture
def client(account: Account, settings: Settings) -> Client:
    """Their browser, where a provider is set up that nobody asks."""
    settings.PROVIDERS = [access("http://127.0.0.1:9", "openai")]
    browser = Client()
    browser.force_login(account.memberships.get().user)
    return browser


def page_of(photo: Photo) -> str:
    return reverse("photo", args=[photo.pk])


def test_a_scene_is_ordered_and_its_task_describes_it_again(
    client: Client, photo: Photo, account: Account
) -> None:
    sent = {**LOOK, **WORDS, "scene_variants": "2"}
    answer = client.post(reverse("photo_generate", args=[photo.pk]), sent)
    task = Task.objects.get()
    assert answer["Location"] == reverse("task", args=[task.pk])
    assert task.options["scene"]["words"] == WORDS["scene_words"]
    assert credits_of(account)[1] == 2
    task.items.update(state=ItemState.FAILED, reason_code="not_faithful")
    ended = {"finished_at": NOW, "credits_charged": 0, "reason_code": "not_faithful"}
    Task.objects.update(status=TaskStatus.FAILED, **ended)
    page = client.get(answer["Location"]).context
    assert page["scene"].words == WORDS["scene_words"]
    for query in (page["scene_again"], page["looks_again"]):
        assert "velvet" not in query  # an address stands in logs
        again = client.get(f"{page_of(photo)}?{query}").context
        assert again["scene"].words == WORDS["scene_words"]
        assert (again["scene"].season, again["scene"].variants) == ("autumn", 2)
        assert again["chosen"] == [DESCRIBED]
        assert again["generator"] == "hosted"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a LITTLE girl on moss", b"\xe2\x80\x9cgirl\xe2\x80\x9d"),
        ("naked people", b"\xe2\x80\x9cnaked\xe2\x80\x9d"),
        ("Taylor Swift", b"\xe2\x80\x9cTaylor Swift\xe2\x80\x9d"),
        ("a Rolex box", b"\xe2\x80\x9cRolex\xe2\x80\x9d"),
        ("a woman", b"\xe2\x80\x9cwoman\xe2\x80\x9d"),
    ],
)
def test_a_refusal_names_the_word_and_keeps_the_text(
    client: Client, photo: Photo, account: Account, words: str, said: bytes
) -> None:
    before = credits_of(account)
    sent = {**LOOK, **WORDS, "scene_words": words}
    answer = client.post(reverse("photo_generate", args=[photo.pk]), sent)
    assert answer.status_code == 422
    assert said in answer.content
    assert answer.context["scene"].words == words
    assert answer.context["scene"].season == "autumn"
    assert answer.context["chosen"] == [DESCRIBED]
    assert credits_of(account) == before
    assert not Task.objects.exists()


def test_a_draft_is_free_and_our_own(client: Client, photo: Photo, account: Account) -> None:
    before = credits_of(account)
    address = reverse("scene_draft", args=[photo.pk])
    shown = client.post(address, {**LOOK, **WORDS}, follow=True)
    assert shown.context["draft"] == "velvet"
    assert shown.context["scene"].words == WORDS["scene_words"]
    picture = reverse("photo_preview_picture", args=[photo.pk, "velvet"])
    assert client.get(picture, {"aspect": "4:5"})["Content-Type"] == "image/webp"
    foreign = client.get(page_of(photo), {**LOOK, "scene_sealed": "gAAAA-made-up-é"})
    assert foreign.context["scene"].words == ""
    none = client.post(address, {**LOOK, "scene_words": "a pear"}, follow=True)
    assert none.context["has_no_draft"]
    assert client.post(address, {**LOOK, "scene_words": "a boy"}).status_code == 422
    assert credits_of(account) == before


def test_a_scene_is_saved_used_renamed_and_deleted(
    client: Client, photo: Photo, account: Account
) -> None:
    address = reverse("scene_save", args=[photo.pk])
    shown = client.post(address, {**LOOK, **WORDS, "scene_name": "Fall"}, follow=True)
    assert all("velvet" not in where for where, _status in shown.redirect_chain)
    assert shown.context["scene"].words == WORDS["scene_words"]
    unticked = {**WORDS, "generator": "hosted", "scene_name": "Other"}
    for address_too in (reverse("photo_generate", args=[photo.pk]), page_of(photo)):
        ask = client.post if "generate" in address_too else client.get
        assert ask(address_too, unticked).context["generator"] == "hosted"
    ((name, query),) = shown.context["saved"]
    assert name == "Fall"
    assert client.get(f"{page_of(photo)}?{query}").context["scene"].framing == "near"
    for refused in ({"scene_name": "fall"}, {"scene_name": ""}, {"scene_words": "a child"}):
        assert client.post(address, {**LOOK, **WORDS, **refused}).status_code == 422
    scene = SavedScene.objects.get()
    client.post(reverse("scene_rename"), {"scene": scene.pk, "name": "Brand"})
    assert client.post(reverse("scene_rename"), {"scene": scene.pk}).status_code == 422
    assert b"Brand" in client.get(reverse("scenes")).content

    thief = Client()
    thief.force_login(seller("thief").memberships.get().user)
    stolen: dict[str, Any] = {"scene": scene.pk, "name": "Mine"}
    assert thief.post(reverse("scene_rename"), stolen).status_code == 404
    assert thief.post(reverse("scene_remove"), stolen).status_code == 404
    assert b"Brand" not in thief.get(reverse("scenes")).content

    client.post(reverse("scene_remove"), {"scene": scene.pk})
    assert not SavedScene.objects.exists()


def test_words_wait_with_the_order_that_pays_for_them(
    client: Client, photo: Photo, account: Account
) -> None:
    Selection.objects.create(
        id="sel_1",
        account=account,
        photo=photo,
        key="k",
        request={
            "look_ids": [DESCRIBED],
            "aspects": ["4:5"],
            "generator": "hosted",
            "scene": {"words": "moss", "season": "winter", "variants": 3},
        },
        order_id="order_1",
        created_at=NOW,
        expires_at=NOW.replace(year=2099),
    )
    shown = client.get(page_of(photo)).context
    assert (shown["scene"].words, shown["scene"].variants) == ("moss", 3)
    assert shown["chosen"] == [DESCRIBED]


def test_the_page_asks_the_database_twice_more(
    client: Client, photo: Photo, settings: Settings
) -> None:
    counts = []
    for set_up in ([], settings.PROVIDERS):
        settings.PROVIDERS = set_up
        client.get(page_of(photo))
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of(photo))
        counts.append(len(asked))
    assert counts[1] == counts[0] + 2  # which providers are on, and the saved scenes


def test_a_look_with_a_person_stays_off(
    client: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Look("generated-hand", LookKind.MODEL, frozenset(Kind))
    monkeypatch.setitem(GENERATED_LOOKS, person.id, person)
    sent = {**LOOK, "look": person.id}
    assert client.post(reverse("photo_generate", args=[photo.pk]), sent).status_code == 422
    assert not Task.objects.exists()


def test_nothing_is_described_where_no_provider_is_set_up(
    client: Client, photo: Photo, settings: Settings
) -> None:
    settings.PROVIDERS, settings.HOSTED_GENERATOR_URL = [], ""
    assert b"scene_words" not in client.get(page_of(photo)).content
    answer = client.post(reverse("photo_generate", args=[photo.pk]), {**LOOK, **WORDS})
    assert answer.status_code == 422
    assert not Task.objects.exists()
