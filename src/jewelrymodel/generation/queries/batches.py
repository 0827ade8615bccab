"""Batches: their photos, what of them needs a look, and how far the work is."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from jewelrymodel.generation.models import Asset, Batch, Photo, Selection, Task, TaskItem
from jewelrymodel.generation.rules.photo_file_names import named_photo
from jewelrymodel.generation.rules.time_left import seconds_left
from jewelrymodel.generation.statuses import PHOTO_OPEN, ItemState, PhotoStatus
from jewelrymodel.studio.piece_kinds import KindReason

_LAST_ENDS = 20  # by which the time left is measured


@dataclass(frozen=True)
class CutoutProgress:
    """How far the cutouts of a batch are; *left_s* is None where it can't be said yet."""

    states: dict[str, str]  # by photo: its status and the number of its cutout
    total: int
    done: int
    approved: int
    left_s: int | None


@dataclass(frozen=True)
class ImageProgress:
    """How far the images are that were ordered of a batch, and what they cost so far."""

    total: int
    delivered: int
    waiting: int
    failed: int
    credits: int
    left_s: int | None
    has_news: bool = False  # a generation ended that nobody has seen


def batch(*, account_id: str, batch_id: str) -> Batch:
    """Return one batch; raises Batch.DoesNotExist."""
    return Batch.objects.get(pk=batch_id, account_id=account_id)


def batches(*, account_id: str) -> QuerySet[Batch]:
    """Return the account's batches that have photos, newest first, each with their numbers: of all
    of them (*photo_count*), and of those that wait for approval (*shown_count*).
    """
    live = Q(photos__deleted_at=None, photos__piece__deleted_at=None)
    rows = Batch.objects.filter(account_id=account_id).annotate(
        photo_count=Count("photos", filter=live),
        shown_count=Count("photos", filter=live & Q(photos__status=PhotoStatus.SHOWN)),
    )
    return rows.filter(photo_count__gt=0).order_by("-created_at", "id")


def batch_photos(batch: Batch) -> list[Photo]:
    """Return its photos with their pieces: what needs a look first, then what waits for approval,
    for its cutout, and what is approved.
    """
    unsure = ~Q(verdict="good") | Q(kind_reason=KindReason.NOT_SURE, size_mm=None)
    place = Case(
        When(status=PhotoStatus.REFUSED, then=Value(0)),
        When(Q(status=PhotoStatus.SHOWN) & unsure, then=Value(1)),
        When(status=PhotoStatus.SHOWN, then=Value(2)),
        When(status__in=PHOTO_OPEN, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    rows = Photo.live.filter(batch=batch).select_related("piece")
    return list(rows.order_by(place, "created_at", "id"))


def joinable(photos: Collection[Photo]) -> list[list[Photo]]:
    """Return the groups of photos that seem to show one piece, by their files' names, and are of
    several pieces so far.
    """
    groups: dict[str, list[Photo]] = {}
    for photo in sorted(photos, key=lambda one: (one.created_at, one.pk)):
        if group := named_photo(photo.file_name).group:
            groups.setdefault(group, []).append(photo)
    return [group for group in groups.values() if len({one.piece_id for one in group}) > 1]


def cutout_progress(photos: Collection[Photo]) -> CutoutProgress:
    """Return how far the cutouts of a batch's photos are."""
    counts = Counter(photo.status for photo in photos)
    left = sum(counts[status] for status in PHOTO_OPEN)
    ends = sorted(photo.cut_at for photo in photos if photo.cut_at is not None)
    return CutoutProgress(
        states={photo.pk: f"{photo.status}-{photo.fence}" for photo in photos},
        total=len(photos),
        done=len(photos) - left,
        approved=counts[PhotoStatus.APPROVED],
        left_s=seconds_left(ends[-_LAST_ENDS:], left),
    )


def image_progress(batch: Batch) -> ImageProgress:
    """Return how far the images are that were ordered of a batch; nothing is looked up where none
    were.
    """
    if not batch.look_id:
        return ImageProgress(0, 0, 0, 0, 0, None)
    states = TaskItem.objects.filter(task__batch=batch).values_list("state", flat=True)
    counts = Counter(states)
    tasks = Task.objects.filter(batch=batch).values_list(
        "finished_at", "credits_charged", "seen_at"
    )
    ends = sorted(finished_at for finished_at, _, _ in tasks if finished_at is not None)
    return ImageProgress(
        total=counts.total(),
        delivered=counts[ItemState.DELIVERED],
        waiting=counts[ItemState.WAITING],
        failed=counts[ItemState.FAILED] + counts[ItemState.CANCELED],
        credits=sum(charged or 0 for _, charged, _ in tasks),
        left_s=seconds_left(ends[-_LAST_ENDS:], len(tasks) - len(ends)),
        has_news=any(ended and not seen for ended, _, seen in tasks),
    )


def failed_items(batch: Batch) -> list[TaskItem]:
    """Return the images of a batch that came to nothing, each with its photo and piece."""
    rows = TaskItem.objects.filter(
        task__batch=batch, state__in=[ItemState.FAILED, ItemState.CANCELED]
    )
    return list(rows.select_related("task__photo__piece").order_by("task__created_at", "id"))


def batch_images(batch: Batch) -> QuerySet[Asset]:
    """Return the images of a batch, by piece in the order in which they were ordered."""
    rows = Asset.live.filter(account_id=batch.account_id, item__task__batch=batch)
    rows = rows.select_related("item__task__photo__piece")
    return rows.order_by("item__task__created_at", "item__task__id", "item__position")


def kept_batch_selection(batch: Batch, *, now: datetime) -> Selection | None:
    """Return what was chosen last for a batch, waits for its payment and can still start."""
    mine = Selection.objects.filter(account_id=batch.account_id, request__batch_id=batch.pk)
    rows = mine.filter(task__isnull=True, expires_at__gt=now)
    return rows.order_by("-created_at").first()
