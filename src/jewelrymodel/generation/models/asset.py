from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.limits import ALT_TEXT_LENGTH
from jewelrymodel.generation.models.live import Live
from jewelrymodel.generation.models.task import TaskItem
from jewelrymodel.generation.statuses import GeneratorName

UNKNOWN = "unknown"
"""The version of the check that looked at images from before there was a record of it."""


class Asset(models.Model):
    """A durable image with everything that is known of how it came to be.

    *check_version* is that of the automatic check which it passed. *damage_confirmed_at*: since
    when a person, and not the check, says that it shows a damaged piece; it stays so. *alt_text* is
    the seller's; empty where the proposed one does.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, models.PROTECT, related_name="assets", db_index=False)
    item = models.OneToOneField(TaskItem, on_delete=models.PROTECT, related_name="asset")
    image_key = models.CharField(max_length=200, unique=True)
    view_key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    look_hash = models.BigIntegerField(null=True)  # to find it again, None: of before
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    fidelity = models.JSONField()
    check_version = models.CharField(max_length=40, default=UNKNOWN, db_default=UNKNOWN)
    damage_confirmed_at = models.DateTimeField(null=True)
    alt_text = models.CharField(max_length=ALT_TEXT_LENGTH, blank=True, db_default="")
    alterations = models.JSONField(default=list)  # what it adds and leaves out, as messages
    declared_parts = models.JSONField(default=list, db_default=[])  # where, as outlines
    generator = models.CharField(max_length=10, choices=GeneratorName)
    settings = models.JSONField(default=dict)
    cost_micros = models.BigIntegerField(default=0)
    favorite_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)  # since when its files are gone

    objects = models.Manager()
    live = Live("item__task__photo__piece")

    class Meta:
        db_table = "generation_asset"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(check_version=""), name="generation_asset_check_is_named"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="generation_asset_newest"),
            models.Index(
                fields=["created_at"],
                include=["damage_confirmed_at"],
                name="generation_asset_created",
            ),
            models.Index(
                fields=["damage_confirmed_at"],
                condition=Q(damage_confirmed_at__isnull=False),
                name="generation_asset_damaged",
            ),
            models.Index(
                fields=["deleted_at"],
                name="generation_asset_deleted",
                condition=Q(deleted_at__isnull=False, purged_at__isnull=True),
            ),
        ]
