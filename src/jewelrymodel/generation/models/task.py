from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models.batch import Batch
from jewelrymodel.generation.models.json_type import json_type
from jewelrymodel.generation.models.lease import Leased
from jewelrymodel.generation.models.own_model import OwnModel
from jewelrymodel.generation.models.photo import Photo
from jewelrymodel.generation.statuses import (
    GeneratorName,
    ItemState,
    Reason,
    TaskStatus,
)
from jewelrymodel.studio.composition import ASPECTS, SQUARE

_FINAL = [TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELED]


class Task(Leased):
    """One generation of images: the truth about what is held for it and what became of it."""

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, models.PROTECT, related_name="tasks", db_index=False)
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="tasks")
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    status = models.CharField(max_length=10, choices=TaskStatus, default=TaskStatus.QUEUED)
    generator = models.CharField(max_length=10, choices=GeneratorName)
    provider_handle = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)  # machine clock: since when the generator is asked
    late_until_at = models.DateTimeField(null=True)  # machine clock: how long we still ask
    cutout_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    size_mm = models.FloatField()
    retouched_mm2 = models.FloatField(null=True)  # healed inside the piece; none: nothing
    edge_px = models.PositiveIntegerField()
    options = models.JSONField(default=dict)
    hold_id = models.CharField(max_length=32)
    credits_held = models.PositiveIntegerField()
    credits_charged = models.PositiveIntegerField(null=True)
    reason_code = models.CharField(max_length=40, blank=True)  # of its first missing image
    reason_detail = models.JSONField(default=dict)
    former_reason = models.TextField(blank=True)
    idempotency_key = models.CharField(max_length=64)
    cancel_requested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # since when its customer knows how it ended
    told_at = models.DateTimeField(null=True)  # machine clock: when that was emailed, or needless

    class Meta:
        db_table = "generation_task"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "idempotency_key"], name="generation_task_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=TaskStatus.values), name="generation_task_status"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_FINAL, finished_at__isnull=False)
                & Q(credits_charged__isnull=False)
                | ~Q(status__in=_FINAL) & Q(finished_at__isnull=True, credits_charged__isnull=True),
                name="generation_task_final_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(credits_charged__lte=F("credits_held")),
                name="generation_task_charge_within_hold",
            ),
            models.CheckConstraint(
                condition=Q(retouched_mm2__isnull=True) | Q(retouched_mm2__gt=0),
                name="generation_task_retouched_is_an_area",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[TaskStatus.FAILED, TaskStatus.CANCELED])
                | Q(credits_charged=0) & ~Q(reason_code=""),
                name="generation_task_failure_is_free_and_explained",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="generation_task_newest"),
            models.Index(
                fields=["created_at"],
                name="generation_task_open",
                condition=Q(finished_at__isnull=True),  # as TASK_OPEN, but a lease leaves it be
            ),
            models.Index(
                fields=["late_until_at"],
                name="generation_task_late",
                condition=Q(late_until_at__isnull=False),
            ),
            models.Index(fields=["finished_at"], name="generation_task_finished"),
            models.Index(
                fields=["account"],
                name="generation_task_unseen",
                condition=Q(finished_at__isnull=False, seen_at__isnull=True),
            ),
            models.Index(
                fields=["batch"], name="generation_task_batch", condition=Q(batch__isnull=False)
            ),
        ]


class TaskItem(models.Model):
    """One image of a task, priced by itself so that a part can be delivered and charged."""

    id = models.CharField(primary_key=True, max_length=32)
    task = models.ForeignKey(Task, models.PROTECT, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()
    look_id = models.CharField(max_length=60)
    own_model = models.ForeignKey(
        OwnModel, models.PROTECT, null=True, related_name="items", db_index=False
    )  # where the look is a person whom the seller knows
    aspect = models.CharField(max_length=8, default=SQUARE, db_default=SQUARE)  # width:height
    adjustment = models.JSONField(default=dict, db_default={})  # as the seller placed it by hand
    credits = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    late = models.BooleanField(default=False)  # delivered after its task was settled: free
    reason_code = models.CharField(max_length=40, blank=True, choices=Reason)
    reason_detail = models.JSONField(default=dict)  # the studio's message, where it said no
    former_reason = models.TextField(blank=True)  # a sentence, as earlier versions stored it

    class Meta:
        db_table = "generation_task_item"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "position"], name="generation_item_once"),
            models.CheckConstraint(
                condition=Q(state__in=ItemState.values), name="generation_item_state"
            ),
            models.CheckConstraint(
                condition=Q(aspect__in=list(ASPECTS)), name="generation_item_aspect"
            ),
            models.CheckConstraint(
                condition=Exact(json_type("adjustment"), Value("object")),
                name="generation_item_adjustment_is_an_object",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ItemState.FAILED, ItemState.CANCELED]) | ~Q(reason_code=""),
                name="generation_item_failure_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(late=False) | Q(state=ItemState.DELIVERED),
                name="generation_item_late_is_delivered",
            ),
            models.CheckConstraint(
                condition=Q(own_model__isnull=False, look_id=F("own_model"))
                | Q(own_model__isnull=True) & ~Q(look_id__startswith="model_"),
                name="generation_item_own_model_is_the_look",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["own_model"],
                name="generation_item_own_model",
                condition=Q(own_model__isnull=False),
            ),
        ]
