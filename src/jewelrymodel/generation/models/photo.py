from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.lookups import Exact

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models.batch import Batch
from jewelrymodel.generation.models.json_type import json_type
from jewelrymodel.generation.models.lease import Leased
from jewelrymodel.generation.models.live import Live
from jewelrymodel.generation.models.piece import Piece
from jewelrymodel.generation.statuses import PHOTO_OPEN, PhotoStatus, PhotoView


class Photo(Leased):
    """A seller's photo and the cutout made of it; the approved cutout is what images show.

    The database keeps it with a piece of its own account, and MAX_PHOTOS to a piece.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="photos")
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="photos")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="photos")
    view = models.CharField(
        max_length=15,
        choices=PhotoView,
        default=PhotoView.UNKNOWN,
        db_default=PhotoView.UNKNOWN.value,
    )
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
    packshot = models.JSONField(default=dict, db_default={})  # what the seller set for packshots
    cutout_key = models.CharField(max_length=200, blank=True)
    cutout_view_key = models.CharField(max_length=200, blank=True)
    cutout_notes = models.JSONField(default=list)  # the same, of the cutout
    components = models.JSONField(default=list)  # boxes [x0, y0, x1, y1] in the photo's pixels
    tapped = models.JSONField(null=True)  # [x, y]: the place that the seller chose
    named_kind = models.CharField(max_length=20, blank=True)  # as the seller named it, before
    cutting_s = models.FloatField(null=True)  # how long its cutout took, without waiting
    confidence = models.FloatField(null=True)
    verdict = models.CharField(max_length=10, blank=True)
    matting = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    kind_reason = models.CharField(max_length=120, blank=True)
    size_mm = models.FloatField(null=True)
    usual_mm = models.FloatField(null=True)  # our guess, until its seller says a size
    reason_code = models.CharField(max_length=40, blank=True)  # a PieceProblem or PhotoFailure
    reason_detail = models.JSONField(default=dict)  # the studio's message, where it said no
    former_reason = models.TextField(blank=True)  # a sentence, as earlier versions stored it
    created_at = models.DateTimeField()
    cut_at = models.DateTimeField(null=True)  # machine clock: when its latest cutout was finished
    approved_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)  # since when its files are gone

    objects = models.Manager()
    live = Live("piece")

    @property
    def has_guessed_size(self) -> bool:
        """Whether its seller left our guess of its size as it was."""
        return self.size_mm is not None and self.size_mm == self.usual_mm

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
                condition=Exact(json_type("corrections"), Value("array")),
                name="generation_photo_corrections_are_a_list",
            ),
            models.CheckConstraint(
                condition=Q(view__in=PhotoView.values), name="generation_photo_view"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="generation_photo_newest"),
            models.Index(
                fields=["created_at"],
                name="generation_photo_open",
                condition=Q(status__in=PHOTO_OPEN),
            ),
            models.Index(fields=["account", "sha256"], name="generation_photo_same"),
            models.Index(
                fields=["deleted_at"],
                name="generation_photo_deleted",
                condition=Q(deleted_at__isnull=False, purged_at__isnull=True),
            ),
        ]
