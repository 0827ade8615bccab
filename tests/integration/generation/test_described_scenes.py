"""Scenes in a seller's own words: ordered, sent as they were checked, kept, and forgotten."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, task_worker
from jewelrymodel.generation.models import Asset, Attempt, Photo, SavedScene, Task
from jewelrymodel.generation.operations.saved_scenes import MAX_SAVED_SCENES
from jewelrymodel.generation.queries.saved_scenes import saved_scenes
from jewelrymodel.generation.rules.described_scene import DESCRIBED, MAX_VARIANTS
from jewelrymodel.generation.statuses import GeneratorName, TaskStatus
from jewelrymodel.kernel.errors import CodedError
from tests.support.generation import NOW, Hands, books_balance, credits_of, seller, work
from tests.support.providers import bill, panel, set_up

SCENE = {"words": "wet black pebbles at “sunrise”", "season": "winter", "light": "morning"}


@pytest.fixture
def url(generator_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The stand-ins, as new; OpenAI's is set up, and a worker looks once at each visit."""
    panel(generator_url, forget=True)
    monkeypatch.setattr(task_worker, "VISIT_S", 0.0)
    set_up(settings, generator_url, "openai")
    return generator_url


def order(photo: Photo, scene: dict[str, Any], **arguments: Any) -> Task:
    usual: dict[str, Any] = {"look_ids": [DESCRIBED], "edge_px": 360, "idempotency_key": "once"}
    return operations.submit(
        account_id=photo.account_id,
        photo_id=photo.id,
        generator=GeneratorName.HOSTED,
        now=NOW,
        scene=scene,
        **{**usual, **arguments},
    )


def test_a_described_scene_is_made_and_says_in_which_words(
    account: Account, photo: Photo, url: str, hands: Hands
) -> None:
    task = order(photo, {**SCENE, "framing": "wide"})
    while work(task, hands).finished_at is None:
        hands.pass_(seconds=4)
    task.refresh_from_db()
    assert task.status == TaskStatus.SUCCEEDED, Attempt.objects.values("state", "detail")
    asset = Asset.objects.get()
    assert '"wet black pebbles at sunrise. winter, frost' in asset.settings["prompt"]
    assert "low morning sun from the upper left" in asset.settings["prompt"]
    assert task.options["scene"] == {
        "words": "wet black pebbles at sunrise",
        "season": "winter",
        "mood": "",
        "light": "morning",
        "framing": "wide",
        "variants": 1,
        "edition": "2026-11-29",
    }
    assert books_balance()
    operations.erase_work(account_id=account.id, now=NOW)
    operations.erase_work(account_id=account.id, now=NOW)
    task.refresh_from_db()
    asset.refresh_from_db()
    assert "scene" not in task.options
    assert "prompt" not in asset.settings
    assert asset.settings["provider"] == "openai"


def test_variants_are_images_of_their_own_price(account: Account, photo: Photo, url: str) -> None:
    before = credits_of(account)
    task = order(photo, {**SCENE, "variants": "3"}, look_ids=[DESCRIBED, "generated-stone"])
    looks = list(task.items.values_list("look_id", flat=True))
    assert looks == [DESCRIBED] * 3 + ["generated-stone"]
    assert before[0] - credits_of(account)[0] == 4


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "words_missing"),
        ({"words": " \u200b "}, "words_missing"),
        ({"words": "a" * 201}, "words_too_long"),
        ({"words": "a little girl beside the ring"}, "words_refused"),
        ({"words": "moss", "season": "monsoon"}, "scene_unknown"),
        ({"words": "moss", "variants": MAX_VARIANTS + 1}, "scene_unknown"),
        ({"words": "moss", "variants": "many"}, "scene_unknown"),
    ],
)
def test_what_may_not_be_sent_is_refused_before_anything_is_held(
    account: Account, photo: Photo, url: str, said: dict[str, Any], code: str
) -> None:
    before = credits_of(account)
    with pytest.raises(CodedError) as refused:
        order(photo, said)
    assert refused.value.code == code
    assert not Task.objects.exists()
    assert credits_of(account) == before
    assert bill(url) == []


def test_nobody_else_s_words_count_for_a_look_of_ours(photo: Photo, url: str) -> None:
    task = order(photo, {"words": "a naked man"}, look_ids=["generated-stone"])
    assert "scene" not in task.options


def test_a_scene_is_saved_renamed_and_dropped_by_its_account(account: Account) -> None:
    saved = operations.save_scene(account_id=account.id, name=" Fall  ", scene=SCENE, now=NOW)
    assert (saved.name, saved.scene["season"]) == ("Fall", "winter")
    with pytest.raises(operations.SceneNameTaken):
        operations.save_scene(account_id=account.id, name="fall", scene=SCENE, now=NOW)
    other = operations.save_scene(account_id=account.id, name="Brand", scene=SCENE, now=NOW)
    with pytest.raises(operations.SceneNameTaken):
        operations.rename_scene(account_id=account.id, scene_id=other.id, name="FALL")
    with pytest.raises(operations.SceneNameMissing):
        operations.rename_scene(account_id=account.id, scene_id=other.id, name=" ")
    operations.rename_scene(account_id=account.id, scene_id=other.id, name="House")
    assert [one.name for one in saved_scenes(account_id=account.id)] == ["Fall", "House"]

    thief = seller("thief")
    assert not saved_scenes(account_id=thief.id)
    with pytest.raises(SavedScene.DoesNotExist):
        operations.rename_scene(account_id=thief.id, scene_id=saved.id, name="Mine")
    with pytest.raises(SavedScene.DoesNotExist):
        operations.drop_scene(account_id=thief.id, scene_id=saved.id)
    operations.save_scene(account_id=thief.id, name="Fall", scene=SCENE, now=NOW)

    operations.drop_scene(account_id=account.id, scene_id=saved.id)
    operations.erase_work(account_id=account.id, now=NOW)
    assert not saved_scenes(account_id=account.id)
    assert saved_scenes(account_id=thief.id)


def test_no_scene_is_saved_that_may_not_be_ordered(account: Account) -> None:
    with pytest.raises(operations.WordsRefused):
        operations.save_scene(
            account_id=account.id, name="Fall", scene={"words": "nude, a bed"}, now=NOW
        )
    for n in range(MAX_SAVED_SCENES):
        operations.save_scene(account_id=account.id, name=str(n), scene=SCENE, now=NOW)
    with pytest.raises(operations.TooManyScenes):
        operations.save_scene(account_id=account.id, name="one more", scene=SCENE, now=NOW)
