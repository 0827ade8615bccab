"""Ordering and canceling: what is held, once, and what is refused before anything is held."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.statuses import GeneratorName, ItemState, Reason, TaskStatus
from jewelrymodel.ledger.operations import NotEnoughCredits
from jewelrymodel.studio.composition import Adjustment
from tests.support import generation as world
from tests.support.generation import Hands, books_balance, credits_of, order, work


def test_hold_row_and_job_come_together(account: Account, photo: Photo, generator: str) -> None:
    task = order(photo, images=2)
    assert (task.status, task.credits_held, credits_of(account)) == (TaskStatus.QUEUED, 2, (8, 2))
    job = ProcrastinateJob.objects.get(task_name="generation.run")
    assert (job.args, job.queue_name) == ({"task_id": task.id}, "hosted")


def test_our_own_renderer_works_in_the_studio_queue(account: Account, photo: Photo) -> None:
    order(photo, generator=GeneratorName.EMBEDDED)
    assert ProcrastinateJob.objects.get(task_name="generation.run").queue_name == "studio"


def test_the_same_form_twice_makes_one_task(account: Account, photo: Photo, generator: str) -> None:
    assert order(photo).id == order(photo).id
    assert credits_of(account) == (9, 1)


def test_a_double_click_makes_one_task(account: Account, photo: Photo, generator: str) -> None:
    def click(_: int) -> str:
        try:
            return order(photo, images=2, key="same").id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1
    assert (Task.objects.count(), credits_of(account)) == (1, (8, 2))
    assert books_balance()


def test_two_tabs_with_credits_for_one(committing_db: None, generator: str) -> None:
    account = world.seller("one-credit", 1)
    photo = world.approve(world.approved_photo(account))

    def click(key: str) -> str:
        try:
            return order(photo, key=key).status
        except NotEnoughCredits as short:
            return f"needs {short.needed}, has {short.available}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(click, ["a", "b"]))
    assert answers == ["needs 1, has 0", "queued"]
    assert (Task.objects.count(), credits_of(account)) == (1, (0, 1))


def test_too_few_credits_leave_nothing_behind(account: Account, photo: Photo) -> None:
    order(photo, images=8, generator=GeneratorName.EMBEDDED)
    with pytest.raises(NotEnoughCredits):
        order(photo, images=3, key="another", generator=GeneratorName.EMBEDDED)
    assert (Task.objects.count(), credits_of(account)) == (1, (2, 8))
    assert ProcrastinateJob.objects.filter(task_name="generation.run").count() == 1


def test_each_look_makes_an_image_in_each_format(
    account: Account, photo: Photo, hands: Hands
) -> None:
    task = order(
        photo,
        looks=["marble", "linen"],
        aspects=["1:1", "9:16"],
        adjustments={("linen", "9:16"): Adjustment(down=0.05, size=0.9)},
        generator=GeneratorName.EMBEDDED,
    )
    assert (task.credits_held, credits_of(account)) == (4, (6, 4))
    work(task, hands)
    sizes = [(i.look_id, i.asset.width_px, i.asset.height_px) for i in queries.items(task)]
    square, story = (360, 360), (202, 360)
    assert sizes == [
        ("marble", *square), ("marble", *story), ("linen", *square), ("linen", *story),
    ]  # fmt: skip
    by_hand = [item.asset.settings["adjustment"]["down"] for item in queries.items(task)]
    assert by_hand == [0, 0, 0, 0.05]
    assert credits_of(account) == (6, 0)


def test_a_hosted_generator_makes_square_images_only(
    account: Account, photo: Photo, generator: str
) -> None:
    task = order(photo, aspects=["1:1", "4:5"])
    assert [item.aspect for item in queries.items(task)] == ["1:1"]
    assert credits_of(account) == (9, 1)


def test_what_is_refused_holds_nothing(account: Account, photo: Photo, generator: str) -> None:
    unapproved = world.approved_photo(account)
    other = world.seller("someone-else")
    far = {("marble", "1:1"): Adjustment(right=0.6)}
    embedded = {"generator": "embedded", "look_ids": ["marble"]}
    cases: list[tuple[type[Exception], dict[str, Any]]] = [
        (operations.AspectUnknown, {"look_ids": ["plain-ivory"], "aspects": ["4:5"]}),
        (operations.AspectUnknown, embedded | {"aspects": ["2:1"]}),
        (operations.AspectUnknown, embedded | {"aspects": []}),
        (
            operations.TooManyImages,
            embedded | {"look_ids": ["marble"] * 11, "aspects": ["1:1", "4:5"]},
        ),
        (operations.OutOfBounds, embedded | {"adjustments": far}),
        (operations.PhotoNotApproved, {"photo_id": unapproved.id}),
        (operations.PhotoNotApproved, {"account_id": other.id}),
        (operations.NoLookChosen, {"look_ids": []}),
        (operations.LookUnknown, {"look_ids": ["moon"]}),
        (operations.LookUnknown, {"generator": "nobody"}),
    ]
    for refusal, wrong in cases:
        right: dict[str, Any] = {
            "account_id": account.id,
            "photo_id": photo.id,
            "look_ids": ["marble"],
            "generator": "hosted",
            "idempotency_key": "k",
            "now": world.NOW,
        }
        with pytest.raises(refusal):
            operations.submit(**(right | wrong))
    assert credits_of(account) == (10, 0)
    assert not Task.objects.exists()


def test_canceled_in_the_queue_everything_comes_back_at_once(
    account: Account, photo: Photo, generator: str, hands: Hands
) -> None:
    task = cancel(order(photo, images=2), hands)
    assert (task.status, task.reason_code) == (TaskStatus.CANCELED, Reason.CANCELED)
    assert credits_of(account) == (10, 0)
    with pytest.raises(operations.NotLeasable):
        work(task, hands)
    with pytest.raises(operations.TaskOver):
        cancel(task, hands)


def test_canceled_while_running_keeps_what_is_done_and_returns_the_rest(
    account: Account, photo: Photo, generator: str, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jewelrymodel.generation.task_worker.VISIT_S", 0.3)
    task = work(order(photo, images=3, seconds=2.4), hands)
    while not task.items.filter(state=ItemState.DELIVERED).exists():
        work(task, hands)
    cancel(task, hands)
    work(task, hands)
    done = sum(item.state == ItemState.DELIVERED for item in queries.items(task))
    assert 1 <= done < 3
    assert (task.status, task.credits_charged) == (TaskStatus.SUCCEEDED, done)
    assert credits_of(account) == (10 - done, 0)
    assert books_balance()


def cancel(task: Task, hands: Hands) -> Task:
    operations.cancel(
        account_id=task.account_id, task_id=task.id, now=hands.at, machine_now=hands.at
    )
    task.refresh_from_db()
    return task
