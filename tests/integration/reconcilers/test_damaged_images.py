"""What a person confirmed as damaged and nobody made good is found, put back once, and counted."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case, ReconcilerRun
from tests.support import generation as world
from tests.support.generation import NOW, Hands, books_balance, credits_of, order, work

CHECK = "damaged_not_restored"
LONG_AFTER = NOW + timedelta(days=50)
LATER = LONG_AFTER + timedelta(minutes=10)


@pytest.fixture
def job(photo: Photo, generator: str, hands: Hands) -> Task:
    """Two images, made and paid with two of ten credits."""
    return work(order(photo, images=2), hands)


def confirm(job: Task, position: int = 0, at: datetime = LONG_AFTER) -> None:
    generation.confirm_damage(
        account_id=job.account_id,
        asset_ids=[Asset.objects.get(item__task=job, item__position=position).pk],
        user_id=7,
        reason="A prong is gone.",
        now=at,
    )


@pytest.mark.clause("5.3", "8.1")
def test_a_confirmed_damage_without_its_credits_is_found_and_made_good_once(
    job: Task, account: Account
) -> None:
    assert reconcilers.run(now=LATER)[CHECK] == 0
    confirm(job)
    assert reconcilers.run(now=LONG_AFTER + timedelta(minutes=4))[CHECK] == 0, "it may be under way"
    found = reconcilers.run(now=LATER)
    assert (found[CHECK], found["failed_not_restored"]) == (1, 0), "one loss is found by one check"
    assert credits_of(account) == (9, 0)
    case = Case.objects.get()
    assert (case.category, case.subject_id) == ("visibly_broken", job.pk)
    assert reconcilers.run(now=LATER + timedelta(minutes=2))[CHECK] == 0
    confirm(job, 1)
    assert reconcilers.run(now=LATER + timedelta(minutes=4))[CHECK] == 1, "a further loss"
    assert credits_of(account) == (10, 0)
    row = ReconcilerRun.objects.get(pk=CHECK)
    assert (row.found_ever, row.mended_ever, row.open_now) == (2, 2, 0)
    assert books_balance()


def test_soon_after_a_generation_it_is_one_finding_too(job: Task, account: Account) -> None:
    confirm(job, at=NOW)
    found = reconcilers.run(now=NOW + timedelta(minutes=10))
    assert (found[CHECK], found["failed_not_restored"]) == (1, 0)
    assert credits_of(account) == (9, 0)


def test_of_what_was_delivered_so_much_is_confirmed_as_damaged(job: Task) -> None:
    other = world.approve(world.approved_photo(world.seller("others")))
    work(order(other, images=1), Hands(at=NOW - timedelta(days=90)))
    assert queries.damage_in_use(since=NOW) == queries.DamageInUse(2, 0)
    confirm(job)
    assert queries.damage_in_use(since=NOW) == queries.DamageInUse(2, 1)
    assert queries.damage_in_use(since=NOW - timedelta(days=90)) == queries.DamageInUse(3, 1)
    assert queries.damage_in_use(since=LATER) == queries.DamageInUse(0, 0)


def plan_of(ask: Callable[[], object]) -> str:
    """How the database answers *ask* where it has too many rows to read them all."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    (one,) = asked.captured_queries
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {one['sql']}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_an_index_answers_however_many_images_there_are(job: Task) -> None:
    assert "generation_asset_created" in plan_of(lambda: queries.damage_in_use(since=NOW))
    spans = {"since": NOW, "before": LATER}
    assert "generation_asset_damaged" in plan_of(lambda: queries.damaged_owing(**spans))
