"""A seller deletes a piece, a photo or an image, and may undo it for a while.

What belongs to it is gone with it: a deleted piece is gone with its photos and images, a deleted
photo with its cutouts. Images made of a photo stay with their piece.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q

from jewelrymodel.generation import queries
from jewelrymodel.generation.limits import MAX_PHOTOS
from jewelrymodel.generation.models import Asset, Photo, Piece, Task
from jewelrymodel.generation.operations.piece_photos import PieceFull
from jewelrymodel.generation.operations.pieces import SkuTaken
from jewelrymodel.generation.statuses import TASK_OPEN
from jewelrymodel.kernel.errors import CodedError


class Deletable(StrEnum):
    """What a seller can delete."""

    PIECE = "piece"
    PHOTO = "photo"
    ASSET = "image"


class GenerationUnderWay(CodedError):
    """A generation of it is under way: it ends first, or is canceled."""


class NothingToUndo(CodedError):
    """It isn't deleted, or its files are gone."""


_ROWS: dict[Deletable, type[Piece | Photo | Asset]] = {
    Deletable.PIECE: Piece,
    Deletable.PHOTO: Photo,
    Deletable.ASSET: Asset,
}
_TASK = {
    Deletable.PIECE: "photo__piece__in",
    Deletable.PHOTO: "photo__in",
    Deletable.ASSET: "items__asset__in",
}


def delete(*, account_id: str, what: Deletable, ids: Collection[str], now: datetime) -> int:
    """Take these off all pages and return how many that were; all of them, or none.

    Raises GenerationUnderWay, and the row's DoesNotExist where one of *ids* isn't this account's.
    """
    rows = _ROWS[what]
    with transaction.atomic():
        wanted = rows.live.filter(account_id=account_id, pk__in=ids)
        found = list(wanted.values_list("pk", flat=True))
        if len(found) != len(set(ids)):
            raise rows.DoesNotExist
        _lock_photos(what, found)
        if Task.objects.filter(**{_TASK[what]: found}, status__in=TASK_OPEN).exists():
            raise GenerationUnderWay
        return rows.objects.filter(pk__in=found, deleted_at=None).update(deleted_at=now)


def _lock_photos(what: Deletable, ids: Collection[str]) -> None:
    """Wait for whoever orders of these photos just now; whoever comes later finds them deleted."""
    of = {
        Deletable.PIECE: Q(piece__in=ids),
        Deletable.PHOTO: Q(pk__in=ids),
        Deletable.ASSET: Q(tasks__items__asset__in=ids),
    }
    wanted = Photo.objects.filter(pk__in=Photo.objects.filter(of[what]).values("pk"))
    list(wanted.select_for_update().order_by("pk").values_list("pk", flat=True))


def undo_deletion(*, account_id: str, what: Deletable, ids: Collection[str], now: datetime) -> None:
    """Bring these back to all pages, with what had gone with them; all of them, or none.

    Raises NothingToUndo, SkuTaken where another piece has its SKU by now, PieceFull where its piece
    got another photo, and the row's DoesNotExist for what isn't this account's.
    """
    rows = _ROWS[what]
    with transaction.atomic():
        wanted = rows.objects.select_for_update().filter(account_id=account_id, pk__in=ids)
        found: list[Piece | Photo | Asset] = list(wanted.order_by("pk"))
        if len(found) != len(set(ids)):
            raise rows.DoesNotExist
        for row in found:
            _bring_back(row, now)


def _bring_back(row: Piece | Photo | Asset, now: datetime) -> None:
    if not _can_come_back(row, now):
        raise NothingToUndo
    row.deleted_at = None
    try:
        with transaction.atomic():
            row.save(update_fields=["deleted_at"])
    except IntegrityError:
        if isinstance(row, Photo):
            raise PieceFull(at_most=MAX_PHOTOS) from None
        raise SkuTaken from None


def _can_come_back(row: Piece | Photo | Asset, now: datetime) -> bool:
    if row.deleted_at is None or row.deleted_at <= queries.kept_since(now):
        return False
    return isinstance(row, Piece) or row.purged_at is None
