"""What is chosen before it can be paid for: kept with its order, and started once that is paid."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from jewelrymodel.generation.limits import SELECTION_LIFETIME
from jewelrymodel.generation.models import Selection, Task
from jewelrymodel.generation.operations.batch_orders import NoPhotoChosen, order_batch
from jewelrymodel.generation.operations.submission import (
    AspectUnknown,
    LookUnknown,
    NoLookChosen,
    OutOfBounds,
    PhotoNotApproved,
    TooManyImages,
    require_fit,
    submit,
)
from jewelrymodel.generation.rules.described_scene import (
    SceneUnknown,
    WordsMissing,
    WordsRefused,
    WordsTooLong,
)
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger.operations import NotEnoughCredits
from jewelrymodel.studio.composition import Adjustment, adjustment_of

NOT_STARTED = (
    AspectUnknown,
    LookUnknown,
    NoLookChosen,
    NotEnoughCredits,
    OutOfBounds,
    PhotoNotApproved,
    SceneUnknown,
    TooManyImages,
    WordsMissing,
    WordsRefused,
    WordsTooLong,
)
"""Why a generation can't begin: a kept selection then waits for its seller."""


def keep_selection(
    *,
    account_id: str,
    photo_id: str,
    look_ids: Sequence[str],
    aspects: Sequence[str],
    generator: str,
    key: str,
    order_id: str,
    now: datetime,
    adjustments: Mapping[tuple[str, str], Adjustment] = MappingProxyType({}),
    without: Collection[tuple[str, str]] = (),
    scene: Mapping[str, Any] = MappingProxyType({}),
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Selection:
    """Return the selection that the order *order_id* is to pay for; the first for a known *key*.

    *more* are further arguments of ``submit``, as JSON. Raises what ``submit`` raises about them.
    """
    require_fit(account_id, photo_id, look_ids, aspects, generator, adjustments, without, scene)
    row, _ = Selection.objects.get_or_create(
        account_id=account_id,
        key=key,
        defaults={
            "id": new_id("sel", now=now),
            "photo_id": photo_id,
            "request": {
                "look_ids": [*look_ids],
                "aspects": [*aspects],
                "generator": generator,
                "adjustments": [(*pair, by.stored) for pair, by in adjustments.items() if by.moves],
                "without": sorted(without),
                "scene": dict(scene),
                **more,
            },
            "order_id": order_id,
            "created_at": now,
            "expires_at": now + SELECTION_LIFETIME,
        },
    )
    return row


def keep_batch_selection(
    *,
    account_id: str,
    batch_id: str,
    photo_ids: Sequence[str],
    look_id: str,
    aspects: Sequence[str],
    key: str,
    order_id: str,
    now: datetime,
) -> Selection:
    """Return the selection of one look for pieces of a batch, as ``keep_selection`` does.

    It is kept with the first of the photos. Raises what ``order_batch`` raises about them.
    """
    if not photo_ids:
        raise NoPhotoChosen
    for photo_id in photo_ids:
        require_fit(account_id, photo_id, [look_id], aspects, GeneratorName.EMBEDDED)
    row, _ = Selection.objects.get_or_create(
        account_id=account_id,
        key=key,
        defaults={
            "id": new_id("sel", now=now),
            "photo_id": photo_ids[0],
            "request": {
                "batch_id": batch_id,
                "photo_ids": [*photo_ids],
                "look_id": look_id,
                "aspects": [*aspects],
            },
            "order_id": order_id,
            "created_at": now,
            "expires_at": now + SELECTION_LIFETIME,
        },
    )
    return row


def start_selection(*, order_id: str, now: datetime) -> Task | None:
    """Start what the delivered order *order_id* paid for, at the prices of the day it was sold; the
    same task however often it is called.

    Of a batch it is the first of its tasks. None where nothing was chosen with it, where that is
    too long ago, or where it can't begin: then the selection keeps why, and its seller finds it on
    the page of the looks.
    """
    with transaction.atomic():
        row = Selection.objects.select_for_update(of=("self",)).filter(order_id=order_id).first()
        if row is None:
            return None
        if row.task_id is not None:
            return Task.objects.get(pk=row.task_id)
        if row.expires_at <= now:
            return None
        try:
            row.task, row.refusal = _begin(row, now), ""
        except NOT_STARTED as refused:
            row.refusal = refused.code
        row.save(update_fields=["task", "refusal"])
        return row.task


def _begin(row: Selection, now: datetime) -> Task:
    arguments = dict(row.request)
    if "batch_id" in arguments:
        return order_batch(
            account_id=row.account_id,
            idempotency_key=row.key,
            priced_at=row.created_at,
            now=now,
            **arguments,
        )[0]
    placed = arguments.pop("adjustments", ())
    with transaction.atomic():
        return submit(
            account_id=row.account_id,
            photo_id=row.photo_id,
            idempotency_key=row.key,
            now=now,
            adjustments={(look, aspect): adjustment_of(by) for look, aspect, by in placed},
            without={(look, aspect) for look, aspect in arguments.pop("without", ())},
            priced_at=row.created_at,
            **arguments,
        )
