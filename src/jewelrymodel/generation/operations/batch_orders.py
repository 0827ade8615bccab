"""One look for the approved pieces of a batch: the credits of all are held at once, or none."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from jewelrymodel.generation.models import Batch, Photo, Task, TaskItem
from jewelrymodel.generation.operations.leases import batch_turn, nudge_task
from jewelrymodel.generation.operations.submission import (
    Draft,
    compositions_of,
    draft,
    hold_for,
    price_of,
    require_price,
)
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger


class NoPhotoChosen(CodedError):
    """No photo of the batch was chosen."""


def order_batch(
    *,
    account_id: str,
    batch_id: str,
    photo_ids: Sequence[str],
    look_id: str,
    aspects: Sequence[str],
    idempotency_key: str,
    now: datetime,
    priced_at: datetime | None = None,
    at_most: int | None = None,
) -> list[Task]:
    """Order one look in these formats of each photo, in this order: a generation for each of them.

    Either all of them begin, each with its own hold, or none; together they cost *at_most* credits,
    by the prices of *priced_at*, usually *now*. The same key gives the same generations again. What
    fails of them is released by itself. Raises NoPhotoChosen, what ``submit`` raises, with
    NotEnoughCredits telling what all of them cost, and Batch.DoesNotExist.
    """
    if not photo_ids:
        raise NoPhotoChosen
    priced_at = priced_at or now
    price = batch_price(look_id, aspects, pieces=len(set(photo_ids)), at=priced_at)
    require_price(price, at_most)
    keys = {one: _key_of(idempotency_key, one) for one in dict.fromkeys(photo_ids)}
    with transaction.atomic():
        rows = Batch.objects.select_for_update(no_key=True)
        batch = rows.get(pk=batch_id, account_id=account_id)
        _lock(photo_ids)
        mine = Task.objects.filter(account_id=account_id, idempotency_key__in=keys.values())
        known = {task.idempotency_key: task for task in mine}
        drafts = [
            draft(
                account_id=account_id,
                photo_id=photo_id,
                batch_id=batch.pk,
                look_ids=[look_id],
                aspects=aspects,
                generator=GeneratorName.EMBEDDED,
                idempotency_key=key,
                priced_at=priced_at,
                now=now,
            )
            for photo_id, key in keys.items()
            if key not in known
        ]
        batch.look_id, batch.aspects = look_id, [*aspects]
        batch.save(update_fields=["look_id", "aspects"])
        _write(drafts, now)
        _hold(drafts, price, now)
    tasks = known | {made.task.idempotency_key: made.task for made in drafts}
    return [tasks[key] for key in keys.values()]


def _write(drafts: Sequence[Draft], now: datetime) -> None:
    """Save the tasks and defer their jobs, of which no worker sees one before all are held."""
    if not drafts:
        return
    turn = batch_turn(drafts[0].task.account_id)
    for made in drafts:
        made.task.hold_id = new_id("hold", now=now)
    Task.objects.bulk_create(made.task for made in drafts)
    TaskItem.objects.bulk_create(item for made in drafts for item in made.items)
    for n, made in enumerate(drafts):
        nudge_task(made.task, turn=turn - n)


def _hold(drafts: Sequence[Draft], price: int, now: datetime) -> None:
    """Hold the credits, last of all: only meanwhile does whoever else spends or buys credits wait.

    Raises NotEnoughCredits about *price*, what all of them cost.
    """
    held = 0
    for made in drafts:
        try:
            hold_for(made.task, now)
        except ledger.NotEnoughCredits as short:
            raise type(short)(price, short.available + held) from None
        held += made.task.credits_held


def batch_price(look_id: str, aspects: Sequence[str], *, pieces: int, at: datetime) -> int:
    """Return the credits that one look in these formats costs of so many pieces at *at*.

    Raises AspectUnknown.
    """
    return pieces * sum(price_of(one, at) for one in compositions_of([look_id], aspects))


def _lock(photo_ids: Sequence[str]) -> None:
    """Lock the photos in the order in which whoever deletes or approves several locks them."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk__in=photo_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _key_of(key: str, photo_id: str) -> str:
    return sha256(f"{key} {photo_id}".encode()).hexdigest()
