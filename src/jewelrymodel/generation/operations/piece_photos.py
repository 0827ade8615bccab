"""Which piece a photo is of."""

from datetime import datetime

from django.db import IntegrityError, transaction

from jewelrymodel.generation.limits import MAX_PHOTOS
from jewelrymodel.generation.models import Photo, Piece
from jewelrymodel.generation.rules.piece_names import piece_name
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id


class PieceFull(CodedError):
    """The piece has as many photos as a piece can have."""


def piece_for(*, account_id: str, piece_id: str, file_name: str, now: datetime) -> Piece:
    """Return the piece that a new photo is of, locked; without *piece_id*, a new one.

    A new piece is named by the photo's file. Raises PieceFull, and Piece.DoesNotExist for what is
    deleted or another account's.
    """
    if not piece_id:
        return new_piece(account_id=account_id, name=piece_name(file_name), now=now)
    piece = Piece.live.select_for_update(no_key=True).get(pk=piece_id, account_id=account_id)
    if piece.photos.filter(deleted_at=None).count() >= MAX_PHOTOS:
        raise PieceFull(at_most=MAX_PHOTOS)
    return piece


def new_piece(*, account_id: str, name: str, now: datetime, sku: str = "") -> Piece:
    """Return a piece that has no photo yet; without its *sku* where another piece has that."""
    piece = Piece(
        id=new_id("piece", now=now), account_id=account_id, name=name, sku=sku, created_at=now
    )
    try:
        with transaction.atomic():
            piece.save(force_insert=True)
    except IntegrityError:
        if not sku:
            raise
        piece.sku = ""
        piece.save(force_insert=True)
    return piece


def learn_from(photo: Photo) -> None:
    """Give the photo's kind and size to its piece, where the piece has none."""
    piece = Piece.objects.select_for_update(no_key=True).get(pk=photo.piece_id)
    if learned_by(piece, photo):
        piece.save(update_fields=["kind", "size_mm"])


def learned_by(piece: Piece, photo: Photo) -> bool:
    """Set the piece's kind and size to the photo's where it has none, and return whether it did.

    A size goes with its kind: a piece of another kind keeps what it has. Nothing is saved.
    """
    if piece.kind and (piece.kind != photo.kind or piece.size_mm is not None):
        return False
    piece.kind, piece.size_mm = photo.kind, photo.size_mm
    return True
