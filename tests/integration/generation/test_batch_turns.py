"""Nobody waits for another's batch: not whose credits it takes, nor whose batch came later."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.limits import BATCH_PRIORITY
from jewelrymodel.generation.models import Batch, Photo, Task
from jewelrymodel.generation.operations import batch_orders
from jewelrymodel.generation.operations.photo_approval import begin
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.kernel.ids import new_id
from tests.support import batches
from tests.support import generation as world
from tests.support.generation import NOW, books_balance, credits_of

LONG_S = 120


@pytest.fixture
def batch(account: Account, files: object) -> Batch:
    return batches.batch_of(account)


def uploaded(batch: Batch, count: int) -> list[str]:
    """Photos that came into a batch one after another, without files."""
    rows = [
        Photo(
            id=new_id("photo", now=NOW),
            account=batch.account,
            batch=batch,
            original_key="photos/none.png",
            view_key="photos/none.webp",
            sha256=f"{n:064x}",
            width_px=400,
            height_px=400,
            created_at=NOW,
        )
        for n in range(count)
    ]
    return [begin(row, world.piece(batch.account)).pk for row in rows]


def taken(times: int) -> list[str]:
    """The photos and tasks whose jobs a worker takes next, one after another."""
    subjects = []
    for _ in range(times):
        with connection.cursor() as cursor:
            cursor.execute("SELECT args FROM procrastinate_fetch_job_v2(ARRAY['studio'], NULL)")
            (args,) = cursor.fetchone()
        (subject,) = json.loads(args).values()
        Photo.objects.filter(pk=subject).update(status=PhotoStatus.CUTTING)
        subjects.append(str(subject))
    return subjects


def order(batch: Batch, photos: list[Photo]) -> list[Task]:
    return operations.order_batch(
        account_id=batch.account_id,
        batch_id=batch.id,
        photo_ids=[photo.pk for photo in photos],
        look_id="marble",
        aspects=["1:1"],
        idempotency_key="k",
        now=NOW,
    )


def test_batches_of_two_accounts_go_by_turns(batch: Batch) -> None:
    mine = uploaded(batch, 6)
    assert taken(2) == mine[:2]
    theirs = uploaded(batches.batch_of(world.seller("other")), 3)
    assert taken(6) == [mine[2], theirs[0], mine[3], theirs[1], mine[4], theirs[2]]
    assert taken(1) == mine[5:]


def test_one_accounts_batches_go_one_after_the_other(batch: Batch) -> None:
    first = uploaded(batch, 3)
    second = uploaded(batches.batch_of(batch.account), 2)
    assert taken(5) == [*first, *second]


def test_images_of_a_batch_have_their_turns_too(batch: Batch) -> None:
    photos = [batches.approved_in(batch) for _ in range(3)]
    waiting = uploaded(batches.batch_of(world.seller("other")), 2)
    tasks = [task.pk for task in order(batch, photos)]
    assert taken(5) == [waiting[0], tasks[0], waiting[1], tasks[1], tasks[2]]


def test_what_lost_its_job_is_not_put_behind_all(batch: Batch) -> None:
    first, *_others = uploaded(batch, 4)
    ProcrastinateJob.objects.filter(args__photo_id=first).update(status="failed")
    operations.nudge_photo(Photo.objects.get(pk=first))
    job = ProcrastinateJob.objects.get(args__photo_id=first, status="todo")
    assert job.priority == BATCH_PRIORITY - 1  # beside the foremost that waits
    assert taken(2)[1] == first


def test_credits_come_in_while_a_batch_is_prepared(
    batch: Batch, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wallet is locked last: whoever buys meanwhile waits for nothing but the holds."""
    photos = [batches.approved_in(batch) for _ in range(3)]

    def bought(ref: str) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LONG_S}s'")
            world.grant(account, 5, ref)
        finally:
            connection.close()

    def nudged(task: Task, **turn: int) -> None:
        operations.nudge_task(task, **turn)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(bought, task.pk).result(timeout=2 * LONG_S)

    monkeypatch.setattr(batch_orders, "nudge_task", nudged)
    order(batch, photos)
    assert credits_of(account) == (10 + 15 - 3, 3)
    assert books_balance()
