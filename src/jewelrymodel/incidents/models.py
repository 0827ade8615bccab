"""Outages as staff record them. What was once opened is corrected or withdrawn, never deleted."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from jewelrymodel.kernel.ids import MAX_LENGTH


class Incident(models.Model):
    """A feature that was down, or is: from when to when, and what customers are told.

    One opened by mistake is withdrawn: it counts for nothing, and its row stays as it was
    (migration 0002 refuses to change it then, and to delete any).
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    feature = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_incident"
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="incidents_incident_runs",
            ),
            CheckConstraint(
                condition=~Q(feature="") & ~Q(title=""), name="incidents_incident_named"
            ),
            UniqueConstraint(
                fields=["feature"],
                condition=Q(ended_at__isnull=True, withdrawn_at__isnull=True),
                name="incidents_incident_one_open_per_feature",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-started_at"], name="incidents_incident_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        """Whether the feature is down now, as far as we know."""
        return self.ended_at is None and self.withdrawn_at is None
