"""How a task begins, and how its customer ends it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction

from jewelrymodel.catalog import queries as catalog
from jewelrymodel.generation import queries
from jewelrymodel.generation.gateway import Refusal
from jewelrymodel.generation.limits import MAX_IMAGES
from jewelrymodel.generation.models import Photo, Task, TaskItem
from jewelrymodel.generation.operations.leases import nudge_task
from jewelrymodel.generation.operations.retouched_area import retouched_area
from jewelrymodel.generation.operations.settlement import close
from jewelrymodel.generation.queries.own_models import looks_of
from jewelrymodel.generation.rules.described_scene import DESCRIBED, checked, scene_of
from jewelrymodel.generation.rules.generated_looks import GENERATED_LOOKS
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.rules.plain_backgrounds import PLAIN_LOOKS
from jewelrymodel.generation.statuses import (
    TASK_OPEN,
    GeneratorName,
    Reason,
    TaskStatus,
)
from jewelrymodel.infra import prepared
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.studio.adjustment_bounds import bounds_of
from jewelrymodel.studio.composition import ASPECTS, SQUARE, Adjustment, Composition
from jewelrymodel.studio.look_kinds import LookKind

EDGE_PX = 1536
# What every image asks; put together once.
_KNOWN = prepared.spelled(
    """
SELECT task.* FROM generation_task AS task WHERE account_id = %s AND idempotency_key = %s
""",
    task=Task,
)
_APPROVED = prepared.spelled(
    """
SELECT photo.*
FROM generation_photo AS photo JOIN generation_piece AS piece ON piece.id = photo.piece_id
WHERE photo.id = %s AND photo.account_id = %s AND photo.status = 'approved'
    AND photo.deleted_at IS NULL AND piece.deleted_at IS NULL
""",
    photo=Photo,
)
# Both rows are locked, so both are read as whoever deletes them has left them.
_LOCK_LIVE_PHOTO = """
SELECT 1 FROM generation_photo AS photo JOIN generation_piece AS piece ON piece.id = photo.piece_id
WHERE photo.id = %s AND photo.deleted_at IS NULL AND piece.deleted_at IS NULL
FOR NO KEY UPDATE OF photo FOR SHARE OF piece
"""


class PhotoNotApproved(CodedError):
    """The photo has no approved cutout."""


class NoLookChosen(CodedError):
    """No look was chosen."""


class TooManyImages(CodedError):
    """More images than one generation takes."""


class LookUnknown(CodedError):
    """A look that this generator can't make of this kind of piece."""


class AspectUnknown(CodedError):
    """No format was chosen, one that there is not, or none that any chosen look comes in."""


class OutOfBounds(CodedError):
    """The piece was moved, turned or resized by hand farther than the look allows."""


class PriceRisen(CodedError):
    """The images cost more by now than the seller was shown."""


class TaskOver(CodedError):
    """The generation has ended already."""


def submit(
    *,
    account_id: str,
    photo_id: str,
    look_ids: Sequence[str],
    generator: str,
    idempotency_key: str,
    now: datetime,
    aspects: Sequence[str] = (SQUARE,),
    adjustments: Mapping[tuple[str, str], Adjustment] = MappingProxyType({}),
    without: Collection[tuple[str, str]] = (),
    edge_px: int = EDGE_PX,
    options: dict[str, Any] | None = None,
    priced_at: datetime | None = None,
    at_most: int | None = None,
    batch_id: str | None = None,
    scene: Mapping[str, Any] = MappingProxyType({}),
) -> Task:
    """Hold the credits, write the task and defer its job, together: one image for each look in each
    format that it comes in, but for those of *without*. *adjustments* are what was set by hand;
    both go by look and format. *scene* is what DESCRIBED shows, as ``scene_of`` reads it, and how
    often. Images cost what they did at *priced_at*, usually *now*, and *at_most* credits together.
    What is ordered with its batch lets all others go first.

    The same key gives the first task again and holds nothing more. Raises PhotoNotApproved,
    NoLookChosen, TooManyImages, LookUnknown, AspectUnknown, OutOfBounds, PriceRisen, what
    ``described_scene.checked`` raises, and the ledger's NotEnoughCredits.
    """
    if task := _known(account_id, idempotency_key):
        return task
    made = draft(
        account_id=account_id,
        photo_id=photo_id,
        look_ids=look_ids,
        generator=generator,
        idempotency_key=idempotency_key,
        now=now,
        aspects=aspects,
        adjustments=adjustments,
        without=without,
        edge_px=edge_px,
        options=options,
        priced_at=priced_at,
        batch_id=batch_id,
        scene=scene,
    )
    require_price(made.task.credits_held, at_most)
    try:
        _write(made, now)
    except IntegrityError:
        if first := _known(account_id, idempotency_key):  # the other of two clicks won
            return first
        raise
    return made.task


def _known(account_id: str, idempotency_key: str) -> Task | None:
    found = prepared.rows(_KNOWN, (account_id, idempotency_key))
    return prepared.read(Task, found[0]) if found else None


@dataclass(frozen=True)
class Draft:
    """A task and its images, without a hold and not saved yet."""

    task: Task
    items: list[TaskItem]


def draft(
    *,
    account_id: str,
    photo_id: str,
    look_ids: Sequence[str],
    generator: str,
    idempotency_key: str,
    now: datetime,
    aspects: Sequence[str] = (SQUARE,),
    adjustments: Mapping[tuple[str, str], Adjustment] = MappingProxyType({}),
    without: Collection[tuple[str, str]] = (),
    edge_px: int = EDGE_PX,
    options: dict[str, Any] | None = None,
    priced_at: datetime | None = None,
    batch_id: str | None = None,
    scene: Mapping[str, Any] = MappingProxyType({}),
) -> Draft:
    """Return what ``submit`` would write of these arguments, at these prices. Reads rows, saves and
    locks none; raises as ``submit`` does, but for what it costs.
    """
    photo, compositions = _fit(
        account_id, photo_id, look_ids, aspects, generator, adjustments, without, scene
    )
    prices = [price_of(one, priced_at or now) for one in compositions]
    task = Task(
        id=new_id("task", now=now),
        account_id=account_id,
        photo=photo,
        batch_id=batch_id,
        generator=GeneratorName(generator),
        cutout_key=photo.cutout_key,
        kind=photo.kind,
        size_mm=float(photo.size_mm or 0),
        retouched_mm2=retouched_area(photo, photo.kind, float(photo.size_mm or 0)),
        edge_px=edge_px,
        options=_options(photo, compositions, options or {}, scene),
        credits_held=sum(prices),
        idempotency_key=idempotency_key,
        created_at=now,
    )
    items = [
        TaskItem(
            id=new_id("item", now=now),
            task=task,
            position=n,
            look_id=one.look_id,
            own_model_id=one.look_id if is_own(one.look_id) else None,
            aspect=one.aspect,
            adjustment=one.adjustment.stored,
            credits=price,
        )
        for n, (one, price) in enumerate(zip(compositions, prices, strict=True))
    ]
    return Draft(task, items)


def require_fit(
    account_id: str,
    photo_id: str,
    look_ids: Sequence[str],
    aspects: Sequence[str],
    generator: str,
    adjustments: Mapping[tuple[str, str], Adjustment] = MappingProxyType({}),
    without: Collection[tuple[str, str]] = (),
    scene: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Raise what ``submit`` would raise, but for missing credits."""
    _fit(account_id, photo_id, look_ids, aspects, generator, adjustments, without, scene)


def _fit(
    account_id: str,
    photo_id: str,
    look_ids: Sequence[str],
    aspects: Sequence[str],
    generator: str,
    adjustments: Mapping[tuple[str, str], Adjustment],
    without: Collection[tuple[str, str]],
    scene: Mapping[str, Any],
) -> tuple[Photo, list[Composition]]:
    photo = _usable(account_id, photo_id, look_ids, generator)
    variants = checked(scene_of(scene)).variants if DESCRIBED in look_ids else 1
    compositions = compositions_of(look_ids, aspects, adjustments, without, variants)
    if len(compositions) > MAX_IMAGES:
        raise TooManyImages
    return photo, compositions


def compositions_of(
    look_ids: Sequence[str],
    aspects: Sequence[str],
    adjustments: Mapping[tuple[str, str], Adjustment] = MappingProxyType({}),
    without: Collection[tuple[str, str]] = (),
    variants: int = 1,
) -> list[Composition]:
    """Return the images that so many looks in these formats make: a look that doesn't come in one
    of them is left out there, and must come in another; DESCRIBED comes in *variants*. Raises
    AspectUnknown and OutOfBounds.
    """
    if not set(aspects) <= set(ASPECTS):
        raise AspectUnknown
    made = [
        Composition(look, aspect, adjustments.get((look, aspect), Adjustment()))
        for look in look_ids
        for aspect in aspects
        if aspect in queries.aspects(look) and (look, aspect) not in without
        for _variant in range(variants if look == DESCRIBED else 1)
    ]
    if {one.look_id for one in made} != set(look_ids):
        raise AspectUnknown
    for one in made:
        require_within_bounds(one)
    return made


def require_within_bounds(composition: Composition) -> None:
    """Raise OutOfBounds where the piece was moved farther by hand than the look allows."""
    if not composition.adjustment.moves:
        return
    elsewhere = composition.look_id in PLAIN_LOOKS or composition.look_id in GENERATED_LOOKS
    kind = queries.look_kind(composition.look_id)
    if elsewhere or not bounds_of(kind).hold(composition.adjustment):
        raise OutOfBounds


def _usable(account_id: str, photo_id: str, look_ids: Sequence[str], generator: str) -> Photo:
    approved = prepared.rows(_APPROVED, (photo_id, account_id))
    if not approved:
        raise PhotoNotApproved
    photo = prepared.read(Photo, approved[0])
    if not look_ids:
        raise NoLookChosen
    known = {look.id for look in queries.looks(photo.kind, generator)}
    wants_own = any(is_own(look_id) for look_id in look_ids)
    if wants_own and generator == GeneratorName.EMBEDDED:  # their photo leaves our servers for none
        known |= {look.id for look in looks_of(account_id=account_id, kind=photo.kind)}
    if generator not in queries.generators() or not known.issuperset(look_ids):
        raise LookUnknown
    return photo


def _options(
    photo: Photo,
    compositions: Sequence[Composition],
    options: dict[str, Any],
    scene: Mapping[str, Any],
) -> dict[str, Any]:
    """The options, with what the seller set for packshots, or described, where there is one."""
    if any(one.look_id == DESCRIBED for one in compositions):
        options = {**options, "scene": scene_of(scene).stored}
    kinds = {queries.look_kind(one.look_id) for one in compositions}
    if LookKind.PACKSHOT not in kinds or not photo.packshot:
        return options
    return {**options, "packshot": photo.packshot}


def price_of(composition: Composition, at: datetime) -> int:
    """Return what such an image costs at *at*, in credits."""
    return catalog.image_credits(at, queries.look_kind(composition.look_id))


def require_price(price: int, at_most: int | None) -> None:
    """Raise PriceRisen where *price* is more than *at_most*, in credits; None is no limit."""
    if at_most is not None and price > at_most:
        raise PriceRisen


def _write(made: Draft, now: datetime) -> None:
    task = made.task
    with transaction.atomic():
        _keep_from_deletion(task.photo_id)
        task.hold_id = new_id("hold", now=now)
        prepared.together(prepared.insertion(task), prepared.insertion(*made.items))
        hold_for(task, now)
        nudge_task(task)


def hold_for(task: Task, now: datetime) -> None:
    """Hold what a task costs, as the hold that it names. From here to the end of the transaction
    nobody else spends this account's credits; raises the ledger's NotEnoughCredits.
    """
    ledger.hold(
        account_id=task.account_id,
        quantity=task.credits_held,
        subject=task.id,
        idempotency_key=f"hold:{task.id}",
        hold_id=task.hold_id,
        now=now,
    )


def _keep_from_deletion(photo_id: str) -> None:
    """Hold the photo until the task is written: who deletes it waits, and then finds the task."""
    if not prepared.rows(_LOCK_LIVE_PHOTO, (photo_id,)):
        raise PhotoNotApproved


def cancel(*, account_id: str, task_id: str, now: datetime, machine_now: datetime) -> Task:
    """End a task at its customer's wish: at once while queued, else at the worker's next look.

    What was finished by then is delivered and charged, the rest released (edge 12). Raises
    TaskOver, and Task.DoesNotExist for what isn't this account's.
    """
    with transaction.atomic():
        task = Task.objects.select_for_update().get(pk=task_id, account_id=account_id)
        if task.status not in TASK_OPEN:
            raise TaskOver
        if task.status == TaskStatus.QUEUED:
            leftover = Refusal(Reason.CANCELED)
            return close(task, leftover=leftover, now=now, machine_now=machine_now)
        task.cancel_requested_at = task.cancel_requested_at or now
        task.save(update_fields=["cancel_requested_at"])
        nudge_task(task)
    return task
