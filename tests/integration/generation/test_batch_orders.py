"""One look for all approved pieces of a batch: all begin and are held, or none."""

from typing import Any

import pytest

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import operations
from jewelrymodel.generation.models import Batch, Photo, Task
from jewelrymodel.generation.statuses import TaskStatus
from jewelrymodel.ledger import operations as ledger
from tests.support import batches
from tests.support import generation as world
from tests.support.generation import NOW, books_balance, credits_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db: None) -> Account:
    return world.seller()


@pytest.fixture
def batch(account: Account) -> Batch:
    return batches.batch_of(account)


@pytest.fixture
def photos(batch: Batch) -> list[Photo]:
    return [batches.approved_in(batch, name=f"r-{n}.jpg") for n in range(4)]


def order(batch: Batch, photos: list[Photo], **changes: Any) -> list[Task]:
    asked = {
        "account_id": batch.account_id,
        "batch_id": batch.id,
        "photo_ids": [photo.pk for photo in photos],
        "look_id": "marble",
        "aspects": ["1:1", "4:5"],
        "idempotency_key": "k1",
        "now": NOW,
    }
    return operations.order_batch(**(asked | changes))


def test_each_piece_has_a_generation_with_its_own_hold(
    batch: Batch, account: Account, photos: list[Photo]
) -> None:
    tasks = order(batch, photos)
    assert [(task.photo, task.credits_held) for task in tasks] == [(one, 2) for one in photos]
    assert credits_of(account) == (2, 8)
    batch.refresh_from_db()
    assert (batch.look_id, batch.aspects) == ("marble", ["1:1", "4:5"])
    assert books_balance()


def test_the_same_press_again_is_the_same_order(batch: Batch, photos: list[Photo]) -> None:
    assert order(batch, photos) == order(batch, photos)
    assert Task.objects.count() == 4


def test_where_credits_are_missing_nothing_is_held(
    batch: Batch, account: Account, photos: list[Photo]
) -> None:
    more = [*photos, batches.approved_in(batch), batches.approved_in(batch)]
    with pytest.raises(ledger.NotEnoughCredits) as short:
        order(batch, more)
    assert (short.value.needed, short.value.available) == (12, 10)
    assert (Task.objects.count(), credits_of(account)) == (0, (10, 0))
    batch.refresh_from_db()
    assert batch.look_id == ""


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"photo_ids": []}, operations.NoPhotoChosen),
        ({"look_id": "no-such"}, operations.LookUnknown),
        ({"look_id": "hand-light-index"}, operations.LookUnknown),
        ({"aspects": []}, operations.AspectUnknown),
        ({"account_id": "acct_else"}, Batch.DoesNotExist),
    ],
)
def test_what_cannot_be_made_of_one_is_made_of_none(
    batch: Batch, photos: list[Photo], changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        order(batch, photos, **changes)
    assert not Task.objects.exists()


def test_one_that_is_not_approved_stops_all(batch: Batch, photos: list[Photo]) -> None:
    with pytest.raises(operations.PhotoNotApproved):
        order(batch, [*photos, batches.shown_in(batch)])
    assert not Task.objects.exists()


def test_what_fails_costs_nothing_and_the_others_go_on(
    batch: Batch, account: Account, photos: list[Photo], hands: world.Hands
) -> None:
    tasks = order(batch, photos[:2], aspects=["1:1"])
    Task.objects.filter(pk=tasks[0].pk).update(lost_leases=3)
    world.sweep(hands)
    done = world.work(tasks[1], hands)
    failed = Task.objects.get(pk=tasks[0].pk)
    assert (failed.status, failed.credits_charged) == (TaskStatus.FAILED, 0)
    assert (done.status, done.credits_charged) == (TaskStatus.SUCCEEDED, 1)
    assert credits_of(account) == (9, 0)
