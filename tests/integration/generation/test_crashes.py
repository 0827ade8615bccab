"""A worker that dies anywhere leaves rows from which the next one goes on, and charges once."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.gateway import Refusal
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.statuses import Reason, TaskStatus
from tests.support.generation import Hands, books_balance, credits_of, order, sweep, work

PACKAGE = "jewelrymodel.generation"
BEFORE = [
    f"{PACKAGE}.adapters.hosted.Hosted.submit",
    f"{PACKAGE}.operations.note_handle",
    f"{PACKAGE}.adapters.hosted.Hosted.poll",
    f"{PACKAGE}.adapters.hosted.Hosted.fetch",
    f"{PACKAGE}.adapters.image_files.store",
    f"{PACKAGE}.operations.keep_output",
    f"{PACKAGE}.operations.settle",
    "jewelrymodel.ledger.operations.capture",
]


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


def kill(*_args: Any, **_options: Any) -> None:
    raise Killed


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, and then the end."""

    def then_die(*args: Any, **options: Any) -> None:
        function(*args, **options)
        raise Killed

    return then_die


def recovered(account: Account, photo: Photo, hands: Hands) -> None:
    """The lease runs out, the next worker finishes, everything was charged and made once."""
    task = photo.tasks.get()
    with pytest.raises(operations.NotLeasable):
        work(task, hands)
    hands.pass_(seconds=40)
    work(task, hands)
    assert (task.status, task.credits_charged, task.lost_leases) == (TaskStatus.SUCCEEDED, 2, 1)
    assert credits_of(account) == (8, 0)
    assert Asset.objects.count() == 2
    assert books_balance()


@pytest.mark.parametrize("point", BEFORE)
def test_killed_before(
    account: Account, photo: Photo, generator: str, hands: Hands, point: str
) -> None:
    task = order(photo, images=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(point, kill)
        with pytest.raises(Killed):
            work(task, hands)
    recovered(account, photo, hands)


@pytest.mark.parametrize(
    ("point", "function"),
    [
        (f"{PACKAGE}.operations.note_handle", operations.note_handle),
        (f"{PACKAGE}.operations.keep_output", operations.keep_output),
    ],
)
def test_killed_after(
    account: Account,
    photo: Photo,
    generator: str,
    hands: Hands,
    point: str,
    function: Callable[..., Any],
) -> None:
    task = order(photo, images=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(point, after(function))
        with pytest.raises(Killed):
            work(task, hands)
    recovered(account, photo, hands)


def test_killed_after_settling_changes_nothing_any_more(
    account: Account, photo: Photo, generator: str, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = order(photo)
    monkeypatch.setattr(f"{PACKAGE}.operations.settle", after(operations.settle))
    with pytest.raises(Killed):
        work(task, hands)
    hands.pass_(seconds=40)
    sweep(hands)
    with pytest.raises(operations.NotLeasable):
        work(task, hands)
    assert credits_of(account) == (9, 0)


def test_a_submission_whose_answer_was_lost_is_not_paid_for_twice(
    account: Account, photo: Photo, generator: str, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{PACKAGE}.adapters.hosted.TIMEOUT", httpx.Timeout(0.5))
    httpx.post(f"{generator}/_sandbox/faults", json={"lose_answers": 1}).raise_for_status()
    task = work(order(photo), hands)
    assert (task.status, task.provider_handle) == (TaskStatus.RUNNING, "")
    work(task, hands)
    assert task.status == TaskStatus.SUCCEEDED
    jobs = httpx.get(f"{generator}/_sandbox/jobs", params={"key": f"{task.id}:0"}).json()
    assert jobs == [task.provider_handle]


def test_who_lost_the_fence_can_not_write_or_settle(
    account: Account, photo: Photo, generator: str, hands: Hands
) -> None:
    task = order(photo)
    slow = operations.lease_task(task_id=task.id, now=hands.at, machine_now=hands.at)
    hands.pass_(seconds=40)
    work(task, hands)
    settled = credits_of(account)
    leftover = Refusal(Reason.GENERATOR_FAILED)
    with pytest.raises(operations.FenceLost):
        operations.settle(lease=slow, leftover=leftover, now=hands.at, machine_now=hands.at)
    with pytest.raises(operations.FenceLost):
        operations.note_step(lease=slow, step="late")
    with pytest.raises(operations.FenceLost):
        operations.renew(lease=slow, machine_now=hands.at)
    assert credits_of(account) == settled == (9, 0)


def test_a_living_lease_is_renewed_and_keeps_others_away(
    account: Account, photo: Photo, hands: Hands
) -> None:
    task = order(photo)
    lease = operations.lease_task(task_id=task.id, now=hands.at, machine_now=hands.at)
    hands.pass_(seconds=15)
    operations.renew(lease=lease, machine_now=hands.at)
    hands.pass_(seconds=15)
    with pytest.raises(operations.NotLeasable):
        operations.lease_task(task_id=task.id, now=hands.at, machine_now=hands.at)


def test_workers_lost_three_times_end_the_task_and_release(
    account: Account, photo: Photo, hands: Hands
) -> None:
    task = order(photo, images=2)
    for _ in range(3):
        sweep(hands)
        operations.lease_task(task_id=task.id, now=hands.at, machine_now=hands.at)
        hands.pass_(seconds=40)
    sweep(hands)
    task.refresh_from_db()
    assert (task.status, task.reason_code) == (TaskStatus.FAILED, Reason.WORKER_LOST)
    assert (task.credits_charged, credits_of(account)) == (0, (10, 0))
    assert {item.reason_code for item in queries.items(task)} == {Reason.WORKER_LOST}
    assert books_balance()
