from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.lookups import Exact

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models.json_type import json_type


class Batch(models.Model):
    """Photos that a seller dropped together, and the images that were ordered of them at once.

    *look_id* and *aspects* are those of its latest order. *refused_files* are files that became no
    photo: each a name with the message of why, until they are tried again or dismissed.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="batches")
    look_id = models.CharField(max_length=60, blank=True)
    aspects = models.JSONField(default=list, db_default=[])
    refused_files = models.JSONField(default=list, db_default=[])
    created_at = models.DateTimeField()

    class Meta:
        db_table = "generation_batch"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "account"], name="generation_batch_of_account"),
            models.CheckConstraint(
                condition=Exact(json_type("refused_files"), Value("array"))
                & Exact(json_type("aspects"), Value("array")),
                name="generation_batch_has_lists",
            ),
            models.CheckConstraint(
                condition=~Q(look_id="") | Q(aspects=[]), name="generation_batch_order_is_whole"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="generation_batch_newest"),
        ]
