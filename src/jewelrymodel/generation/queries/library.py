"""The library: an account's pieces, found by words and filters, each with what it has."""

from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from jewelrymodel.generation.models import Asset, Collection, Photo, Piece
from jewelrymodel.generation.statuses import PhotoStatus, PhotoView

_OF_PIECE = "item__task__photo__piece"


@dataclass(frozen=True)
class PieceFilter:
    """Which pieces are asked for; what is empty excludes none.

    *words* are looked for in a piece's name and SKU and in the names of its photos' files;
    *images* is "with" or "without".
    """

    words: str = ""
    kind: str = ""
    collection_id: str = ""
    images: str = ""
    favorites: bool = False

    @property
    def excludes(self) -> bool:
        """Whether it excludes any piece at all."""
        return self != PieceFilter()


def pieces(*, account_id: str, wanted: PieceFilter) -> QuerySet[Piece]:
    """Return the account's pieces that are asked for, newest first.

    Each has the numbers of its photos and images (*photo_count*, *image_count*) and the ids of the
    image, else the photo, that stands for it (*cover_asset_id*, *cover_photo_id*; None for none).
    """
    rows = Piece.live.filter(account_id=account_id)
    for word in wanted.words.split():
        named = Q(name__icontains=word) | Q(sku__icontains=word)
        file = Photo.objects.filter(
            piece=OuterRef("pk"), deleted_at=None, file_name__icontains=word
        )
        rows = rows.filter(named | Exists(file))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.collection_id:
        rows = rows.filter(entries__collection_id=wanted.collection_id)
    images = _images_of_outer_piece()
    if wanted.images == "with":
        rows = rows.filter(Exists(images))
    elif wanted.images == "without":
        rows = rows.filter(~Exists(images))
    if wanted.favorites:
        rows = rows.filter(Exists(images.filter(favorite_at__isnull=False)))
    return _with_covers(rows).order_by("-created_at", "id")


def piece(*, account_id: str, piece_id: str) -> Piece:
    """Return one piece, as ``pieces`` does; raises Piece.DoesNotExist."""
    return _with_covers(Piece.live.filter(account_id=account_id)).get(pk=piece_id)


def photos_of(piece: Piece) -> list[Photo]:
    """Return a piece's photos by view: front, three-quarter, side, back, then the others."""
    order = Case(
        *(When(view=view, then=Value(place)) for place, view in enumerate(PhotoView)),
        output_field=IntegerField(),
    )
    rows = Photo.objects.filter(piece=piece, deleted_at=None)
    return list(rows.order_by(order, "created_at", "id"))


def images_of(*, account_id: str, piece_ids: list[str]) -> QuerySet[Asset]:
    """Return the images of these pieces of the account, newest first."""
    rows = Asset.live.filter(account_id=account_id, **{f"{_OF_PIECE}__in": piece_ids})
    rows = rows.select_related(_OF_PIECE, "item__own_model")
    return rows.order_by("-created_at", "id")


def collections(*, account_id: str) -> QuerySet[Collection]:
    """Return the account's collections by name, each with how many pieces it has (*size*)."""
    live = Q(entries__piece__deleted_at=None, entries__isnull=False)
    rows = Collection.objects.filter(account_id=account_id)
    return rows.annotate(size=Count("entries", filter=live)).order_by("name", "id")


def same_photo(*, account_id: str, sha256: str) -> Photo | None:
    """Return the account's latest photo from the same file, with its piece; None for a new one."""
    rows = Photo.live.filter(account_id=account_id, sha256=sha256).select_related("piece")
    return rows.order_by("-created_at").first()


def _images_of_outer_piece() -> QuerySet[Asset]:
    return Asset.objects.filter(**{_OF_PIECE: OuterRef("pk")}, deleted_at=None)


def _with_covers(rows: QuerySet[Piece]) -> QuerySet[Piece]:
    photos = Photo.objects.filter(piece=OuterRef("pk"), deleted_at=None)
    images = _images_of_outer_piece()
    liked_first = images.order_by(F("favorite_at").desc(nulls_last=True), "-created_at")
    approved_first = photos.order_by(
        Case(When(status=PhotoStatus.APPROVED, then=Value(0)), default=Value(1)), "created_at"
    )
    return rows.annotate(
        photo_count=_count(photos, "piece"),
        image_count=_count(images, _OF_PIECE),
        cover_asset_id=Subquery(liked_first.values("pk")[:1], output_field=CharField()),
        cover_photo_id=Subquery(approved_first.values("pk")[:1], output_field=CharField()),
    )


def _count(rows: QuerySet[Photo] | QuerySet[Asset], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
