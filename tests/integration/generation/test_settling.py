"""Hold, work, settle: what is durable is charged, once; the rest comes back."""

import httpx
import pytest

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset, Photo
from jewelrymodel.generation.statuses import GeneratorName, ItemState, Reason, TaskStatus
from jewelrymodel.infra import storage
from jewelrymodel.studio.export import COMPOSITE_GENERATED
from tests.support.generation import Hands, books_balance, credits_of, order, sweep, work


def test_two_images_are_held_made_and_charged(
    account: Account, photo: Photo, generator: str, hands: Hands
) -> None:
    task = order(photo, images=2)
    assert credits_of(account) == (8, 2)
    work(task, hands)
    assert (task.status, task.credits_charged) == (TaskStatus.SUCCEEDED, 2)
    assert credits_of(account) == (8, 0)
    assert books_balance()
    for asset in queries.assets(account_id=account.id):
        assert storage.exists(asset.image_key)
        assert asset.fidelity["passed"] is True
        assert asset.settings["job"] == task.provider_handle


def test_every_file_of_an_image_says_what_it_is(
    account: Account, photo: Photo, generator: str, hands: Hands
) -> None:
    work(order(photo), hands)
    (asset,) = queries.assets(account_id=account.id)
    for key in (asset.image_key, asset.view_key):
        assert COMPOSITE_GENERATED.encode() in storage.get(key)
    assert b"DigitalSourceType" not in storage.get(photo.original_key)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("fail", Reason.GENERATOR_FAILED),
        ("blank", Reason.BLANK),
        ("altered", Reason.NOT_FAITHFUL),
        ("broken", Reason.BROKEN),
        ("block", Reason.CONTENT_BLOCKED),
    ],
)
def test_what_was_not_delivered_costs_nothing_and_says_why(
    account: Account, photo: Photo, generator: str, hands: Hands, behaviour: str, reason: Reason
) -> None:
    task = work(order(photo, images=2, behaviour=behaviour), hands)
    assert (task.status, task.credits_charged) == (TaskStatus.FAILED, 0)
    assert (task.reason_code, task.reason_detail) == (reason, {})
    assert credits_of(account) == (10, 0)
    assert not Asset.objects.exists()
    assert books_balance()


def test_of_four_images_three_came_so_three_are_charged(
    account: Account, photo: Photo, generator: str, hands: Hands
) -> None:
    task = work(order(photo, images=4, behaviour="part"), hands)
    assert (task.status, task.credits_charged) == (TaskStatus.SUCCEEDED, 3)
    assert credits_of(account) == (7, 0)
    states = [(item.state, item.reason_code) for item in queries.items(task)]
    assert states == [(ItemState.DELIVERED, "")] * 3 + [(ItemState.FAILED, Reason.NOT_DELIVERED)]
    assert books_balance()


def test_a_time_out_is_no_verdict_until_the_limit_and_what_comes_late_is_free(
    account: Account, photo: Photo, generator: str, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jewelrymodel.generation.task_worker.VISIT_S", 0.2)
    task = work(order(photo, images=2, behaviour="hang"), hands)
    assert (task.status, task.lease_until_at) == (TaskStatus.RUNNING, None)
    assert credits_of(account) == (8, 2)
    hands.pass_(minutes=9)
    assert work(task, hands).status == TaskStatus.RUNNING
    hands.pass_(minutes=2)
    work(task, hands)
    assert (task.status, task.reason_code) == (TaskStatus.FAILED, Reason.GENERATOR_TIMEOUT)
    assert credits_of(account) == (10, 0)
    httpx.post(f"{generator}/_sandbox/finish").raise_for_status()
    sweep(hands)
    sweep(hands)
    assert [item.late for item in queries.items(task)] == [True, True]
    assert credits_of(account) == (10, 0)
    task.refresh_from_db()
    assert (task.late_until_at, task.credits_charged) == (None, 0)
    assert Asset.objects.count() == 2
    assert books_balance()


def test_a_generator_that_is_down_is_asked_again(
    account: Account, photo: Photo, generator: str, hands: Hands
) -> None:
    httpx.post(f"{generator}/_sandbox/faults", json={"down": 1}).raise_for_status()
    task = work(order(photo), hands)
    assert (task.status, credits_of(account)) == (TaskStatus.RUNNING, (9, 1))
    httpx.post(f"{generator}/_sandbox/faults", json={"down": 0}).raise_for_status()
    assert work(task, hands).status == TaskStatus.SUCCEEDED
    assert credits_of(account) == (9, 0)


def test_our_own_renderer_refuses_a_view_that_it_can_not_make_honestly(
    account: Account, photo: Photo, hands: Hands
) -> None:
    task = work(order(photo, images=2, generator=GeneratorName.EMBEDDED), hands)
    assert task.status in (TaskStatus.SUCCEEDED, TaskStatus.FAILED)
    delivered = sum(item.state == ItemState.DELIVERED for item in queries.items(task))
    assert credits_of(account) == (10 - delivered, 0)
