"""What is deleted: what its seller can still bring back, and whose files have to go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet

from jewelrymodel.generation.models import Asset, Photo, Piece, Task
from jewelrymodel.generation.queries.own_models import stopped_assets
from jewelrymodel.generation.statuses import TASK_OPEN

M = TypeVar("M", Photo, Asset)


@dataclass(frozen=True)
class Deleted:
    """What an account deleted by itself and can bring back, the latest first."""

    pieces: list[Piece]
    photos: list[Photo]
    assets: list[Asset]


@dataclass(frozen=True)
class ToPurge:
    """Rows whose files have to go, with the accounts and the generations that they belong to."""

    photos: list[Photo]
    assets: list[Asset]
    account_ids: set[str]
    task_ids: set[str]


def kept_since(now: datetime) -> datetime:
    """Return the instant before which a deletion is final."""
    return now - timedelta(days=settings.DELETED_KEPT_DAYS)


def gone_at(deleted_at: datetime) -> datetime:
    """Return when what was deleted then is gone for good."""
    return deleted_at + timedelta(days=settings.DELETED_KEPT_DAYS)


def deleted(*, account_id: str, now: datetime) -> Deleted:
    """Return what was deleted and can come back; what went with a piece is not named again."""
    mine = Q(account_id=account_id, deleted_at__gt=kept_since(now))
    photos = Photo.objects.filter(mine, piece__deleted_at=None).select_related("piece")
    assets = Asset.objects.filter(mine, item__task__photo__piece__deleted_at=None)
    return Deleted(
        list(Piece.objects.filter(mine).order_by("-deleted_at", "id")),
        list(photos.order_by("-deleted_at", "id")),
        list(assets.select_related("item__task__photo__piece").order_by("-deleted_at", "id")),
    )


def to_purge(*, now: datetime) -> ToPurge:
    """Return what was deleted too long ago to come back and still has files, and images with a
    person whose agreement ended.
    """
    final = kept_since(now)
    photos = list(_final(Photo.objects.all(), "piece", final))
    assets = list(_final(Asset.objects.select_related("item"), "item__task__photo__piece", final))
    known = {asset.pk for asset in assets}
    assets += [one for one in stopped_assets().select_related("item") if one.pk not in known]
    of_photos = Task.objects.filter(photo__in=photos).values_list("pk", flat=True)
    return ToPurge(
        photos,
        assets,
        {photo.account_id for photo in photos} | {asset.account_id for asset in assets},
        {*of_photos, *(asset.item.task_id for asset in assets)},
    )


def has_open_task(photo: Photo) -> bool:
    """Return whether a generation of this photo is under way, or may still be delivered late."""
    is_open = Q(status__in=TASK_OPEN) | Q(late_until_at__isnull=False)
    return Task.objects.filter(is_open, photo=photo).exists()


def tasks_of(photo: Photo) -> set[str]:
    """Return the ids of the generations that were ordered of a photo."""
    return set(Task.objects.filter(photo=photo).values_list("pk", flat=True))


def _final(rows: QuerySet[M], piece: str, final: datetime) -> QuerySet[M]:
    by_itself = Q(deleted_at__lte=final)
    with_piece = Q(**{f"{piece}__deleted_at__lte": final})
    return rows.filter(by_itself | with_piece, purged_at=None).order_by("pk")
