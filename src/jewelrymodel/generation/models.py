from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.statuses import (
    PHOTO_OPEN,
    TASK_OPEN,
    GeneratorName,
    ItemState,
    PhotoStatus,
    Reason,
    TaskStatus,
)


def _json_type(field: str) -> Func:
    return Func(F(field), function="jsonb_typeof", output_field=models.TextField())


UNKNOWN = "unknown"
"""The version of the check that looked at images from before there was a record of it."""
_FINAL = [TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.CANCELED]


class Leased(models.Model):
    """A row that one worker at a time works on.

    ``fence`` grows with every lease: what an earlier holder still writes finds no row. A lease is
    an instant of the machine's clock, never of the demo's. No lease and not final: nobody works.
    """

    fence = models.PositiveIntegerField(default=0)
    lost_leases = models.PositiveSmallIntegerField(default=0)
    lease_until_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=80, blank=True)
    steps = models.JSONField(default=list)  # the code of every step so far, in order

    class Meta:
        abstract = True


class Photo(Leased):
    """A seller's photo and the cutout made of it; the approved cutout is what images show."""

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="photos")
    status = models.CharField(max_length=10, choices=PhotoStatus, default=PhotoStatus.WAITING)
    file_name = models.CharField(max_length=120, blank=True)
    original_key = models.CharField(max_length=200)
    view_key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    notes = models.JSONField(default=list)  # messages of the studio: codes with parameters
    matte_key = models.CharField(max_length=200, blank=True)  # the network's own answer
    corrections = models.JSONField(default=list)  # the seller's strokes and taps, in order
    doubts_view_key = models.CharField(max_length=200, blank=True)  # overlay of unsure places
    retouched_px = models.PositiveIntegerField(default=0)  # healed inside the piece
    cutout_key = models.CharField(max_length=200, blank=True)
    cutout_view_key = models.CharField(max_length=200, blank=True)
    cutout_notes = models.JSONField(default=list)  # the same, of the cutout
    components = models.JSONField(default=list)  # boxes [x0, y0, x1, y1] in the photo's pixels
    tapped = models.JSONField(null=True)  # [x, y]: the place that the seller chose
    named_kind = models.CharField(max_length=20, blank=True)  # as the seller named it, before
    confidence = models.FloatField(null=True)
    verdict = models.CharField(max_length=10, blank=True)
    matting = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    kind_reason = models.CharField(max_length=120, blank=True)
    size_mm = models.FloatField(null=True)
    reason_code = models.CharField(max_length=40, blank=True)  # a PieceProblem or PhotoFailure
    reason_detail = models.JSONField(default=dict)  # the studio's message, where it said no
    former_reason = models.TextField(blank=True)  # a sentence, as earlier versions stored it
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "generation_photo"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=PhotoStatus.values), name="generation_photo_status"
            ),
            models.CheckConstraint(
                condition=~Q(status=PhotoStatus.APPROVED)
                | (Q(approved_at__isnull=False, size_mm__gt=0) & ~Q(cutout_key="") & ~Q(kind="")),
                name="generation_photo_approved_is_whole",
            ),
            models.CheckConstraint(
                condition=Exact(_json_type("corrections"), Value("array")),
                name="generation_photo_corrections_are_a_list",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="generation_photo_newest"),
            models.Index(
                fields=["created_at"],
                name="generation_photo_open",
                condition=Q(status__in=PHOTO_OPEN),
            ),
        ]


class Task(Leased):
    """One generation of images: the truth about what is held for it and what became of it."""

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tasks")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="tasks")
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
                condition=Q(status__in=TASK_OPEN),
            ),
            models.Index(
                fields=["late_until_at"],
                name="generation_task_late",
                condition=Q(late_until_at__isnull=False),
            ),
            models.Index(fields=["finished_at"], name="generation_task_finished"),
        ]


class TaskItem(models.Model):
    """One image of a task, priced by itself so that a part can be delivered and charged."""

    id = models.CharField(primary_key=True, max_length=32)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    look_id = models.CharField(max_length=60)
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
                condition=~Q(state__in=[ItemState.FAILED, ItemState.CANCELED]) | ~Q(reason_code=""),
                name="generation_item_failure_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(late=False) | Q(state=ItemState.DELIVERED),
                name="generation_item_late_is_delivered",
            ),
        ]


class Asset(models.Model):
    """A durable image with everything that is known of how it came to be.

    *check_version* is that of the automatic check which it passed. *damage_confirmed_at*: since
    when a person, and not the check, says that it shows a damaged piece; it stays so.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="assets")
    item = models.OneToOneField(TaskItem, on_delete=models.PROTECT, related_name="asset")
    image_key = models.CharField(max_length=200, unique=True)
    view_key = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    fidelity = models.JSONField()
    check_version = models.CharField(max_length=40, default=UNKNOWN, db_default=UNKNOWN)
    damage_confirmed_at = models.DateTimeField(null=True)
    alterations = models.JSONField(default=list)  # what it adds and leaves out, as messages
    declared_parts = models.JSONField(default=list, db_default=[])  # where, as outlines
    generator = models.CharField(max_length=10, choices=GeneratorName)
    settings = models.JSONField(default=dict)
    cost_micros = models.BigIntegerField(default=0)
    favorite_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

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
        ]
