"""What a seller says of a piece and its photos, and how pieces are kept together."""

from collections.abc import Collection as Ids
from datetime import datetime

from django.db import IntegrityError, transaction

from jewelrymodel.generation.models import Collection, CollectionEntry, Photo, Piece
from jewelrymodel.generation.statuses import PhotoView
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id


class SkuTaken(CodedError):
    """Another piece of the account has this SKU."""


class CollectionNameTaken(CodedError):
    """Another collection of the account has this name."""


def describe_piece(
    *, account_id: str, piece_id: str, name: str, sku: str, kind: str, size_mm: float | None
) -> Piece:
    """Take what its seller says of a piece; its photos and generations keep what they had.

    Raises SkuTaken, and Piece.DoesNotExist for what is deleted or another account's.
    """
    with transaction.atomic():
        piece = Piece.live.select_for_update(no_key=True).get(pk=piece_id, account_id=account_id)
        piece.name, piece.sku, piece.kind, piece.size_mm = name, sku, kind, size_mm
        try:
            with transaction.atomic():
                piece.save(update_fields=["name", "sku", "kind", "size_mm"])
        except IntegrityError:
            raise SkuTaken(sku=sku) from None
    return piece


def rename_piece(*, account_id: str, piece_id: str, name: str) -> None:
    """Give a piece another name; raises Piece.DoesNotExist for what isn't this account's."""
    if not Piece.live.filter(pk=piece_id, account_id=account_id).update(name=name):
        raise Piece.DoesNotExist


def name_view(*, account_id: str, photo_id: str, view: PhotoView) -> None:
    """Say from which side a photo shows its piece; raises Photo.DoesNotExist."""
    with transaction.atomic():
        wanted = Photo.live.select_for_update(no_key=True, of=("self",))
        photo = wanted.get(pk=photo_id, account_id=account_id)
        photo.view = view
        photo.save(update_fields=["view"])


def collect(*, account_id: str, name: str, piece_ids: Ids[str], now: datetime) -> Collection:
    """Return the collection of this name, with these pieces added; it is made where there is none.

    Raises Piece.DoesNotExist where one of them isn't this account's.
    """
    with transaction.atomic():
        mine = Collection.objects.filter(account_id=account_id, name__iexact=name)
        collection = mine.first() or Collection.objects.create(
            id=new_id("coll", now=now), account_id=account_id, name=name, created_at=now
        )
        found = Piece.live.filter(account_id=account_id, pk__in=piece_ids)
        ids = list(found.values_list("pk", flat=True))
        if len(ids) != len(set(piece_ids)):
            raise Piece.DoesNotExist
        CollectionEntry.objects.bulk_create(
            (
                CollectionEntry(account_id=account_id, collection=collection, piece_id=one)
                for one in ids
            ),
            ignore_conflicts=True,  # those that are in it already
        )
    return collection


def take_out(*, account_id: str, collection_id: str, piece_ids: Ids[str]) -> int:
    """Return how many of these pieces were in the collection; none of them is any more."""
    entries = CollectionEntry.objects.filter(
        account_id=account_id, collection_id=collection_id, piece_id__in=piece_ids
    )
    return entries.delete()[0]


def rename_collection(*, account_id: str, collection_id: str, name: str) -> None:
    """Give a collection another name; raises CollectionNameTaken and Collection.DoesNotExist."""
    mine = Collection.objects.filter(account_id=account_id, pk=collection_id)
    try:
        with transaction.atomic():
            changed = mine.update(name=name)
    except IntegrityError:
        raise CollectionNameTaken(name=name) from None
    if not changed:
        raise Collection.DoesNotExist


def drop_collection(*, account_id: str, collection_id: str) -> None:
    """End a collection; its pieces stay. Raises Collection.DoesNotExist."""
    with transaction.atomic():
        Collection.objects.get(pk=collection_id, account_id=account_id).delete()
