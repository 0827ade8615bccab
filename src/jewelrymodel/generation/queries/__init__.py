"""Reads. Every page's look-up goes by account, so that another account's ids don't exist."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Q,
    QuerySet,
)

from jewelrymodel.accounts.models import Membership
from jewelrymodel.generation.models import Asset, OwnModel, Photo, Selection, Task, TaskItem
from jewelrymodel.generation.provider_choices import offers_image_models
from jewelrymodel.generation.queries.batches import (
    CutoutProgress,
    ImageProgress,
    batch,
    batch_images,
    batch_photos,
    batches,
    cutout_progress,
    failed_items,
    image_progress,
    joinable,
    kept_batch_selection,
)
from jewelrymodel.generation.queries.correctable import can_be_corrected
from jewelrymodel.generation.queries.cutting_time import usual_cutting_s
from jewelrymodel.generation.queries.deleted import (
    Deleted,
    ToPurge,
    deleted,
    gone_at,
    has_open_task,
    kept_since,
    tasks_of,
    to_purge,
)
from jewelrymodel.generation.queries.library import (
    PieceFilter,
    collections,
    images_of,
    photos_of,
    piece,
    pieces,
    same_photo,
)
from jewelrymodel.generation.queries.owing import Ended, damaged_owing, ended_owing, ended_tasks
from jewelrymodel.generation.queries.own_models import aspects_of_own, own_preview_key
from jewelrymodel.generation.queries.suspended_images import is_suspended, with_suspended
from jewelrymodel.generation.rules.generated_looks import GENERATED_LOOKS, offered_looks
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.rules.plain_backgrounds import PLAIN_LOOKS
from jewelrymodel.generation.statuses import (
    PHOTO_OPEN,
    TASK_OPEN,
    GeneratorName,
    ItemState,
    Reason,
    TaskStatus,
)
from jewelrymodel.infra.sampling import stored_keys as keys_in
from jewelrymodel.studio.composition import ASPECTS, SQUARE, Composition, adjustment_of
from jewelrymodel.studio.looks import LOOKS, Look, LookKind, looks_for
from jewelrymodel.studio.piece_kinds import Kind

__all__ = [
    "CutoutProgress",
    "Deleted",
    "Ended",
    "ImageProgress",
    "PieceFilter",
    "ToPurge",
    "batch",
    "batch_images",
    "batch_photos",
    "batches",
    "can_be_corrected",
    "collections",
    "cutout_progress",
    "damaged_owing",
    "deleted",
    "ended_owing",
    "ended_tasks",
    "failed_items",
    "gone_at",
    "has_open_task",
    "image_progress",
    "images_of",
    "is_suspended",
    "joinable",
    "kept_batch_selection",
    "kept_since",
    "photos_of",
    "piece",
    "pieces",
    "same_photo",
    "tasks_of",
    "to_purge",
    "usual_cutting_s",
    "with_suspended",
]

_OPEN = {"status__in": TASK_OPEN, "finished_at": None}  # the second finds the index of open ones
LOOKS_EDITION = 7
"""Grows when looks come out otherwise than before, so that no older preview is shown."""


@dataclass(frozen=True)
class Progress:
    """How far a task is, for its customer."""

    ahead: int  # tasks that were queued before it
    done: int
    total: int
    elapsed_s: int


@dataclass(frozen=True)
class DamageInUse:
    """How many images were delivered, and in how many of them a person confirmed damage."""

    delivered: int
    damaged: int


def photo(*, account_id: str, photo_id: str) -> Photo:
    """Return one photo; raises Photo.DoesNotExist."""
    return Photo.live.select_related("piece").get(pk=photo_id, account_id=account_id)


def photos(*, account_id: str) -> QuerySet[Photo]:
    """Return the account's photos, newest first."""
    return Photo.live.filter(account_id=account_id).order_by("-created_at")


def task(*, account_id: str, task_id: str) -> Task:
    """Return one task with its photo; raises Task.DoesNotExist."""
    return Task.objects.select_related("photo__piece").get(pk=task_id, account_id=account_id)


def tasks(*, account_id: str) -> QuerySet[Task]:
    """Return the account's tasks, newest first."""
    return Task.objects.filter(account_id=account_id).order_by("-created_at")


def open_tasks(*, account_id: str) -> QuerySet[Task]:
    """Return the account's tasks that are under way, newest first."""
    tasks = Task.objects.filter(account_id=account_id, **_OPEN)
    return tasks.select_related("photo").order_by("-created_at")


def items(task: Task) -> list[TaskItem]:
    """Return the task's images in order, each with its asset where it has one.

    *is_deleted*: it has one, and its seller deleted it, or its piece.
    """
    gone = Q(asset__deleted_at__isnull=False) | Q(task__photo__piece__deleted_at__isnull=False)
    rows = task.items.annotate(is_deleted=ExpressionWrapper(gone, output_field=BooleanField()))
    return list(rows.select_related("asset").order_by("position"))


def progress(task: Task, *, now: datetime) -> Progress:
    """Return the task's place in the queue and what is done of it at *now*."""
    ahead = 0
    if task.status == TaskStatus.QUEUED:
        earlier = Q(status=TaskStatus.QUEUED, created_at__lt=task.created_at)
        ahead = Task.objects.filter(earlier | Q(status=TaskStatus.RUNNING), **_OPEN).count()
    states = list(task.items.values_list("state", flat=True))
    waiting = states.count(ItemState.WAITING)
    elapsed = (task.finished_at or now) - task.created_at
    return Progress(ahead, len(states) - waiting, len(states), int(elapsed.total_seconds()))


def asset(*, account_id: str, asset_id: str) -> Asset:
    """Return one image with its task and photo; raises Asset.DoesNotExist."""
    return assets(account_id=account_id).get(pk=asset_id)


def assets(*, account_id: str, favorites: bool = False) -> QuerySet[Asset]:
    """Return the account's images, newest first."""
    rows = Asset.live.filter(account_id=account_id)
    if favorites:
        rows = rows.filter(favorite_at__isnull=False)
    rows = rows.select_related("item__task__photo__piece", "item__own_model")
    return rows.order_by("-created_at", "id")


def selection_of_order(*, account_id: str, order_id: str) -> Selection | None:
    """Return what was chosen with an order, if anything was."""
    rows = Selection.objects.filter(account_id=account_id, order_id=order_id)
    return rows.select_related("photo").first()


def selection_of_key(*, account_id: str, key: str) -> Selection | None:
    """Return what the account chose and began to buy under *key*."""
    return Selection.objects.filter(account_id=account_id, key=key).first()


def kept_selection(photo: Photo, *, now: datetime) -> Selection | None:
    """Return what was chosen last for a photo, waits for its payment and can still start."""
    rows = Selection.objects.filter(photo=photo, task__isnull=True, expires_at__gt=now)
    return rows.exclude(request__has_key="batch_id").order_by("-created_at").first()


# For those who look for broken promises ---------------------------------------------------------


def delivered_credits(task: Task) -> int:
    """Return the price of what a task delivered; what came late was free and isn't in it."""
    delivered = task.items.filter(state=ItemState.DELIVERED, late=False)
    return sum(delivered.values_list("credits", flat=True))


def damage_in_use(*, since: datetime) -> DamageInUse:
    """Return what was delivered since then, to everybody, and what of it is confirmed as damaged.

    The database answers from an index alone: no image is read.
    """
    counts = Asset.objects.filter(created_at__gte=since).aggregate(
        delivered=Count("created_at"), damaged=Count("damage_confirmed_at")
    )
    return DamageInUse(**counts)


def emails_of(account_ids: Collection[str]) -> dict[str, str]:
    """Return the address of each account's oldest member; an account without one isn't in it."""
    members = Membership.objects.filter(account_id__in=account_ids)
    oldest = members.order_by("account_id", "joined_at", "id").distinct("account_id")
    return dict(oldest.values_list("account_id", "user__email"))


# For workers ------------------------------------------------------------------------------------


def unleased_tasks(*, machine_now: datetime) -> list[Task]:
    """Return open tasks that nobody holds a living lease on, oldest first."""
    free = Q(lease_until_at__isnull=True) | Q(lease_until_at__lte=machine_now)
    return list(Task.objects.filter(free, **_OPEN).order_by("created_at"))


def unleased_photos(*, machine_now: datetime) -> list[Photo]:
    """Return photos without a cutout that nobody holds a living lease on, oldest first; a deleted
    one waits until it is brought back.
    """
    free = Q(lease_until_at__isnull=True) | Q(lease_until_at__lte=machine_now)
    return list(Photo.live.filter(free, status__in=PHOTO_OPEN).order_by("created_at"))


def owed_late() -> list[str]:
    """Return the ids of settled tasks whose generator may still deliver (edge 3)."""
    tasks = Task.objects.filter(late_until_at__isnull=False).order_by("finished_at")
    return list(tasks.values_list("id", flat=True))


def waiting_positions(task_id: str) -> dict[int, Composition]:
    """Return the images still to be made, by position."""
    return _compositions(TaskItem.objects.filter(task_id=task_id, state=ItemState.WAITING))


def owed_positions(task_id: str) -> dict[int, Composition]:
    """Return the images that timed out, by position."""
    owed = Q(state=ItemState.FAILED, reason_code=Reason.GENERATOR_TIMEOUT)
    return _compositions(TaskItem.objects.filter(owed, task_id=task_id))


def _compositions(items: QuerySet[TaskItem]) -> dict[int, Composition]:
    rows = items.values_list("position", "look_id", "aspect", "adjustment")
    return {n: Composition(look, aspect, adjustment_of(by)) for n, look, aspect, by in rows}


# What can be ordered -----------------------------------------------------------------------------


def looks(kind: str, generator: str = GeneratorName.EMBEDDED) -> tuple[Look, ...]:
    """Return the looks for a kind of piece that *generator* makes; hosted: scenes where a provider
    of image models is set up, else plain backgrounds.
    """
    if kind not in set(Kind):
        return ()
    if generator == GeneratorName.HOSTED:
        return offered_looks() if settings.PROVIDERS else tuple(PLAIN_LOOKS.values())
    return tuple(looks_for(Kind(kind)))


def look(look_id: str) -> Look | None:
    """Return a look, or nothing for one that is no longer offered."""
    return LOOKS.get(look_id) or PLAIN_LOOKS.get(look_id) or GENERATED_LOOKS.get(look_id)


def aspects(look_id: str) -> tuple[str, ...]:
    """Return the formats that a look comes in: plain backgrounds are square."""
    if is_own(look_id):
        return aspects_of_own(look_id)
    return (SQUARE,) if look_id in PLAIN_LOOKS else tuple(ASPECTS)


def look_kind(look_id: str) -> LookKind:
    """Return what a look shows the piece with; one no longer offered may have shown a model."""
    offered = look(look_id)
    return offered.kind if offered else LookKind.MODEL


def generators() -> list[GeneratorName]:
    """Return the generators that can be chosen here, the usual one first."""
    is_hosted = offers_image_models() if settings.PROVIDERS else settings.HOSTED_GENERATOR_URL
    hosted = [GeneratorName.HOSTED] if is_hosted else []
    return [GeneratorName.EMBEDDED, *hosted]


def outline_key(photo: Photo, *, attempts_ago: int = 0) -> str:
    """Return where the first outline is kept while this photo is cut out, or was, so many attempts
    ago.
    """
    return f"photos/{photo.account_id}/{photo.id}-{photo.fence - attempts_ago}-outline.webp"


def whole_key(account_id: str, photo_id: str) -> str:
    """Return where a photo is kept with all its pixels, if it has more than cutouts are made at."""
    return f"photos/{account_id}/{photo_id}-whole.jpg"


def preview_key(photo: Photo, look_id: str, aspect: str = SQUARE) -> str:
    """Return the key of a preview: another cutout, kind, size or format is another preview, and so
    are other settings of a packshot.
    """
    if is_own(look_id):
        return own_preview_key(photo, look_id, aspect)
    piece = f"{photo.cutout_key} {photo.kind} {photo.size_mm}"
    if look_kind(look_id) is LookKind.PACKSHOT and photo.packshot:
        piece += f" {json.dumps(photo.packshot, sort_keys=True)}"
    of = hashlib.sha256(f"{piece} {look_id} {aspect} {LOOKS_EDITION}".encode())
    return f"previews/{photo.account_id}/{photo.id}/{of.hexdigest()[:24]}.webp"


def stored_keys(*, limit: int) -> set[str]:
    """Return the keys of files that photos, tasks and images name, of *limit* rows of each."""
    of_cutouts = ("cutout_key", "cutout_view_key", "matte_key", "doubts_view_key")
    of_photos = ("original_key", "view_key", *of_cutouts)
    of_models = ("image_key", "view_key", "mask_key")
    return (
        keys_in(Photo.objects.filter(purged_at=None), *of_photos, limit=limit)
        | keys_in(Task.objects.filter(photo__purged_at=None), "cutout_key", limit=limit)
        | keys_in(Asset.objects.filter(purged_at=None), "image_key", "view_key", limit=limit)
        | keys_in(OwnModel.objects.filter(ended_at=None), *of_models, limit=limit)
    )
