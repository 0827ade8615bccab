from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models.live import Live


class Piece(models.Model):
    """One piece of jewelry: its photos, from several sides, and the images made of them.

    *kind* and *size_mm* are what its first approved photo said, until the seller says otherwise;
    *deleted_at*: since when it is on no page. What it had is gone with it, and comes back with it.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="pieces")
    name = models.CharField(max_length=120, blank=True)
    sku = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    size_mm = models.FloatField(null=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = models.Manager()
    live = Live()

    class Meta:
        db_table = "generation_piece"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "account"], name="generation_piece_of_account"),
            models.UniqueConstraint(
                "account",
                Lower("sku"),
                condition=~Q(sku="") & Q(deleted_at__isnull=True),
                name="generation_piece_sku_once",
            ),
            models.CheckConstraint(
                condition=Q(size_mm__isnull=True) | Q(size_mm__gt=0),
                name="generation_piece_size_is_a_length",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "-created_at", "id"],
                name="generation_piece_newest",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(
                fields=["deleted_at"],
                name="generation_piece_deleted",
                condition=Q(deleted_at__isnull=False),
            ),
        ]


class Collection(models.Model):
    """Pieces that a seller keeps together under a name: a season, a shop, a customer."""

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="collections")
    name = models.CharField(max_length=120)
    pieces = models.ManyToManyField(Piece, through="CollectionEntry", related_name="collections")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "generation_collection"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id", "account"], name="generation_collection_of_account"
            ),
            models.UniqueConstraint(
                "account", Lower("name"), name="generation_collection_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="generation_collection_is_named"),
        ]


class CollectionEntry(models.Model):
    """A piece in a collection. It names the account, so that the database keeps both to it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="entries")
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        db_table = "generation_collection_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "piece"], name="generation_collection_entry_once"
            ),
        ]
