from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models.photo import Photo
from jewelrymodel.generation.models.task import Task


class Selection(models.Model):
    """What a seller chose to have made, kept while its missing credits are bought.

    *request* holds the arguments of the generation. *order_id* names the order that pays for it,
    and *task* what it started: once. *refusal* is the code of why it couldn't start.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request = models.JSONField()
    order_id = models.CharField(max_length=32)
    task = models.OneToOneField(Task, on_delete=models.CASCADE, null=True, related_name="+")
    refusal = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "generation_selection"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="generation_selection_once"),
            models.UniqueConstraint(fields=["order_id"], name="generation_selection_of_order"),
            models.CheckConstraint(
                condition=~Q(order_id="") & ~Q(key=""), name="generation_selection_is_paid_for"
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=True) | Q(refusal=""),
                name="generation_selection_started_or_refused",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["photo", "-created_at"],
                name="generation_selection_newest",
                condition=Q(task__isnull=True),
            )
        ]
