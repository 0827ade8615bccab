"""What was chosen before it could be paid for starts once, when its order is delivered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Account
from jewelrymodel.catalog.products import Work
from jewelrymodel.generation import operations, queries, tasks
from jewelrymodel.generation.models import Photo, Selection, Task
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.studio.composition import Adjustment, adjustment_of
from jewelrymodel.studio.look_kinds import LookKind
from tests.support import generation as world
from tests.support.generation import NOW, books_balance, credits_of
from tests.support.publishing import publish_credit_price

ORDER = "ord_of_the_choice"


@pytest.fixture
def poor(committing_db: None) -> Account:
    """A seller with one credit, in a database that commits."""
    return world.seller("one-credit", 1)


@pytest.fixture
def photo(poor: Account) -> Photo:
    return world.approve(world.approved_photo(poor))


def keep(photo: Photo, **changes: Any) -> Selection:
    """Choose two scenes and begin to buy."""
    chosen = {
        "account_id": photo.account_id,
        "photo_id": photo.id,
        "look_ids": world.scenes(2, GeneratorName.EMBEDDED),
        "aspects": ["1:1"],
        "generator": GeneratorName.EMBEDDED,
        "key": "k1",
        "order_id": ORDER,
        "now": NOW,
    }
    return operations.keep_selection(**(chosen | changes))


def pay(account: Account, quantity: int = 20) -> None:
    """The credits of the order come."""
    ledger.grant(
        account_id=account.id,
        source=LotSource.PACKAGE_ORDER,
        source_ref=ORDER,
        quantity=quantity,
        paid_minor=900,
        currency="USD",
        expires_at=None,
        idempotency_key=f"order:{ORDER}",
        now=NOW,
    )


def start() -> Task | None:
    return operations.start_selection(order_id=ORDER, now=NOW)


def test_it_costs_what_it_was_sold_for(photo: Photo, poor: Account) -> None:
    keep(photo, now=NOW - timedelta(minutes=1))
    publish_credit_price(
        work=Work.IMAGE, look_kind=LookKind.SCENE, quantity=4, effective_from_at=NOW, now=NOW
    )
    pay(poor)
    task = operations.start_selection(order_id=ORDER, now=NOW + timedelta(days=1))
    assert task is not None
    assert [one.credits for one in queries.items(task)] == [1, 1]
    assert (task.credits_held, credits_of(poor)) == (2, (19, 2))
    assert books_balance()


def test_what_was_placed_by_hand_is_kept_with_it(photo: Photo, poor: Account) -> None:
    looks = world.scenes(2, GeneratorName.EMBEDDED)
    by = Adjustment(0.1, 0, 12, 1.1)
    placed = {(looks[0], "4:5"): by, (looks[1], "1:1"): Adjustment()}
    keep(photo, aspects=["1:1", "4:5"], adjustments=placed, without={(looks[1], "4:5")})
    pay(poor)
    task = start()
    assert task is not None
    made = {(i.look_id, i.aspect): adjustment_of(i.adjustment) for i in queries.items(task)}
    usual = Adjustment()
    assert made == {
        (looks[0], "1:1"): usual, (looks[0], "4:5"): by, (looks[1], "1:1"): usual,
    }  # fmt: skip


def test_the_same_page_keeps_one_selection(photo: Photo) -> None:
    assert keep(photo).id == keep(photo).id
    kept = queries.kept_selection(photo, now=NOW)
    assert kept is not None
    assert kept.request["look_ids"] == world.scenes(2, GeneratorName.EMBEDDED)
    with pytest.raises(IntegrityError):
        keep(photo, key="another")  # an order pays for one


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"look_ids": []}, operations.NoLookChosen),
        ({"look_ids": ["no-such"]}, operations.LookUnknown),
        ({"aspects": ["7:1"]}, operations.AspectUnknown),
        ({"account_id": "acct_else"}, operations.PhotoNotApproved),
    ],
)
def test_what_could_not_be_made_is_refused_before_it_is_bought(
    photo: Photo, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        keep(photo, **changes)
    assert not Selection.objects.exists()


def test_it_starts_once_however_often_the_payment_is_reported(
    poor: Account, photo: Photo, hands: world.Hands
) -> None:
    keep(photo)
    pay(poor)

    def report(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connection.close()

    by_event = [lambda: tasks.start_selection(subject_id=ORDER)] * 3
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(report, [*by_event, start, start, start]))
    task = Task.objects.get()
    assert start() == task
    assert (task.credits_held, credits_of(poor)) == (2, (19, 2))
    assert ProcrastinateJob.objects.filter(task_name="generation.run").count() == 1
    assert Selection.objects.get().task == task
    assert queries.kept_selection(photo, now=NOW) is None
    assert books_balance()


def test_killed_while_it_starts_nothing_is_held_and_the_next_report_starts_it(
    poor: Account, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(photo)
    pay(poor)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(Selection, "save", die)
        with pytest.raises(KeyboardInterrupt):
            start()
    assert (Task.objects.count(), credits_of(poor)) == (0, (21, 0))
    assert start() is not None
    assert (Task.objects.count(), credits_of(poor)) == (1, (19, 2))


def test_what_can_not_begin_waits_for_its_seller_and_holds_nothing(
    poor: Account, photo: Photo
) -> None:
    keep(photo)
    assert start() is None  # the credits went elsewhere meanwhile
    assert Selection.objects.get().refusal == ledger.NotEnoughCredits.code
    assert credits_of(poor) == (1, 0)
    assert queries.kept_selection(photo, now=NOW) is not None
    pay(poor)
    assert start() is not None
    assert Selection.objects.get().refusal == ""


def test_an_order_without_a_choice_starts_nothing_and_an_old_choice_neither(
    poor: Account, photo: Photo
) -> None:
    assert start() is None
    keep(photo)
    pay(poor)
    later = NOW + timedelta(days=7)
    assert operations.start_selection(order_id=ORDER, now=later) is None
    assert queries.kept_selection(photo, now=later) is None
    assert not Task.objects.exists()
