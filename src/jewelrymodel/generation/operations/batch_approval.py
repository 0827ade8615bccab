"""Approving many cutouts at once, and what is typed about them before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jewelrymodel.generation.models import Photo, Piece
from jewelrymodel.generation.operations.photo_approval import (
    MAX_SIZE_MM,
    MIN_SIZE_MM,
    NotShown,
    SizeUnlikely,
)
from jewelrymodel.generation.operations.piece_photos import learned_by
from jewelrymodel.generation.statuses import PhotoStatus
from jewelrymodel.studio.piece_kinds import KindReason

_JUDGED = (PhotoStatus.SHOWN, PhotoStatus.APPROVED)


@dataclass(frozen=True)
class KindAndSize:
    """What a seller says that a photo shows; no size yet: None."""

    kind: str
    size_mm: float | None


def describe_cutouts(*, account_id: str, batch_id: str, said: Mapping[str, KindAndSize]) -> None:
    """Keep what was typed about cutouts that wait for approval, by photo; approved ones stay. Their
    kind counts as named by their seller, also where they are cut out again.

    Raises NotShown where one has no cutout to judge in this batch, and SizeUnlikely.
    """
    _require_likely(said.values())
    with transaction.atomic():
        photos = [
            photo
            for photo in _judged(account_id, batch_id, said)
            if photo.status == PhotoStatus.SHOWN
        ]
        for photo in photos:
            photo.kind = photo.named_kind = said[photo.pk].kind
            photo.kind_reason, photo.size_mm = KindReason.NAMED_BY_SELLER, said[photo.pk].size_mm
        Photo.objects.bulk_update(photos, ["kind", "named_kind", "kind_reason", "size_mm"])


def approve_cutouts(
    *, account_id: str, batch_id: str, said: Mapping[str, KindAndSize], now: datetime
) -> None:
    """Approve these cutouts of a batch, all of them or none, as ``approve`` does with one.

    Raises NotShown and SizeUnlikely, the latter also where one has no size.
    """
    _require_likely(said.values())
    if any(one.size_mm is None for one in said.values()):
        raise SizeUnlikely
    with transaction.atomic():
        photos = _judged(account_id, batch_id, said)
        for photo in photos:
            photo.kind, photo.size_mm = said[photo.pk].kind, said[photo.pk].size_mm
            photo.status, photo.approved_at, photo.usual_mm = PhotoStatus.APPROVED, now, None
        fields = ["kind", "size_mm", "usual_mm", "status", "approved_at"]
        Photo.objects.bulk_update(photos, fields)
        _teach_pieces(photos)


def _require_likely(said: Iterable[KindAndSize]) -> None:
    sizes = [one.size_mm for one in said if one.size_mm is not None]
    if any(not MIN_SIZE_MM <= size <= MAX_SIZE_MM for size in sizes):
        raise SizeUnlikely


def _judged(account_id: str, batch_id: str, said: Mapping[str, KindAndSize]) -> list[Photo]:
    """The photos, locked one after another by their ids."""
    mine = Photo.live.filter(account_id=account_id, batch_id=batch_id, status__in=_JUDGED)
    rows = mine.filter(pk__in=list(said)).select_for_update(of=("self",)).order_by("pk")
    photos = list(rows)
    if len(photos) != len(said):
        raise NotShown
    return photos


def _teach_pieces(photos: list[Photo]) -> None:
    wanted = Piece.objects.filter(pk__in={photo.piece_id for photo in photos})
    pieces = {piece.pk: piece for piece in wanted.select_for_update(no_key=True).order_by("pk")}
    taught = [
        pieces[photo.piece_id] for photo in photos if learned_by(pieces[photo.piece_id], photo)
    ]
    Piece.objects.bulk_update(taught, ["kind", "size_mm"])
