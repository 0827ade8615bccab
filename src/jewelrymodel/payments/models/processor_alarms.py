"""That the processor refuses us, and since when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.payments.statuses import BlockReason


class ProcessorAlarm(models.Model):
    """One cause for which the processor refuses us; the next answer ends it, the row stays.

    ``right`` is the permission that the refused call needs, empty where the key itself is refused;
    ``code`` and ``words`` are the processor's own.
    """

    id = models.CharField(primary_key=True, max_length=32)
    reason = models.CharField(max_length=20, choices=BlockReason)
    right = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=255)
    words = models.CharField(max_length=500, blank=True)
    since_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_processor_alarm"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reason", "right"],
                condition=Q(cleared_at__isnull=True),
                name="payments_alarm_once_per_cause",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=BlockReason.values), name="payments_alarm_reason"
            ),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("since_at")), name="payments_alarm_runs_forward"
            ),
        ]
