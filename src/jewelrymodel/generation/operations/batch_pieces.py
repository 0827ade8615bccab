"""What a seller does with the pieces of a batch: several photos are one, some are not wanted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from jewelrymodel.generation.limits import MAX_PHOTOS
from jewelrymodel.generation.models import Photo, Piece
from jewelrymodel.generation.operations.deletion import Deletable, delete
from jewelrymodel.generation.operations.piece_photos import PieceFull


def join_photos(*, account_id: str, batch_id: str, photo_ids: Collection[str]) -> Piece:
    """Return the piece that these photos of a batch are of from now on: the first one's.

    A piece that has nothing left, and of which nothing was ever made, is dropped. Raises PieceFull
    where they are too many for one piece, and Photo.DoesNotExist where one isn't in the batch.
    """
    with transaction.atomic():
        wanted = Photo.live.filter(account_id=account_id, batch_id=batch_id, pk__in=photo_ids)
        photos = list(wanted.select_for_update(of=("self",)).order_by("pk"))
        if not photos or len(photos) != len(set(photo_ids)):
            raise Photo.DoesNotExist
        photos.sort(key=lambda photo: (photo.created_at, photo.pk))
        ids = {photo.piece_id for photo in photos}
        pieces = Piece.objects.select_for_update().filter(pk__in=ids).order_by("pk").in_bulk()
        piece = pieces[photos[0].piece_id]
        moved = [photo for photo in photos if photo.piece_id != piece.pk]
        if piece.photos.filter(deleted_at=None).count() + len(moved) > MAX_PHOTOS:
            raise PieceFull(at_most=MAX_PHOTOS)
        for photo in moved:
            Photo.objects.filter(pk=photo.pk).update(piece=piece)
        _drop_empty(ids - {piece.pk})
        if not piece.sku:
            _inherit_sku(piece, [pieces[one].sku for one in sorted(ids - {piece.pk})])
    return piece


def _drop_empty(piece_ids: Collection[str]) -> None:
    """Drop what holds nothing: no photo, also none that was deleted, and so no image either."""
    Piece.objects.filter(pk__in=piece_ids, photos=None, entries=None).delete()


def _inherit_sku(piece: Piece, skus: Collection[str]) -> None:
    """Give it a SKU that a dropped piece had: what is kept still needs its own."""
    free = (sku for sku in skus if sku)
    sku = next(free, "")
    mine = Piece.live.filter(account_id=piece.account_id, sku__iexact=sku)
    if sku and not mine.exists():
        piece.sku = sku
        piece.save(update_fields=["sku"])


def remove_photos(
    *, account_id: str, batch_id: str, photo_ids: Collection[str], now: datetime
) -> tuple[list[str], list[str]]:
    """Delete photos of a batch, each with its piece where that has no other photo; return the ids
    of the deleted pieces and of the photos deleted by themselves.

    Raises Photo.DoesNotExist where one isn't in the batch, and GenerationUnderWay.
    """
    with transaction.atomic():
        rows = Photo.live.filter(account_id=account_id, batch_id=batch_id, pk__in=photo_ids)
        photos = list(rows.values_list("pk", "piece_id"))
        if len(photos) != len(set(photo_ids)):
            raise Photo.DoesNotExist
        others = Photo.live.filter(piece_id__in=[piece for _, piece in photos])
        kept = set(others.exclude(pk__in=photo_ids).values_list("piece_id", flat=True))
        pieces = sorted({piece for _, piece in photos} - kept)
        alone = [pk for pk, piece in photos if piece in kept]
        for what, ids in ((Deletable.PIECE, pieces), (Deletable.PHOTO, alone)):
            if ids:
                delete(account_id=account_id, what=what, ids=ids, now=now)
    return pieces, alone
