"""Our side of a dispute: the facts of 9.1 as they were, what is suspended, what was told."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.payments.models import ChargeDispute


class DisputeWork(models.Model):
    """The work on one dispute.

    ``turns`` counts suspensions, losses and reinstatements; ``notified_turn`` is the last one that
    the customer knows of. ``renewals_ended_at`` is when it last stopped the renewals of the plan
    (ADR 0011).
    """

    dispute = models.OneToOneField(
        ChargeDispute, on_delete=models.PROTECT, primary_key=True, related_name="work"
    )
    contacted_before = models.BooleanField()
    missed_deadline = models.BooleanField()
    suspended = models.BooleanField(default=False)
    lost = models.BooleanField(default=False)
    why = models.CharField(max_length=200)
    turns = models.PositiveIntegerField(default=0)
    debt_credits = models.PositiveIntegerField(default=0)
    notified_turn = models.PositiveIntegerField(default=0)
    renewals_ended_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "disputes_work"
        indexes: ClassVar = [
            models.Index(
                fields=["updated_at"],
                condition=Q(notified_turn__lt=F("turns")),
                name="disputes_work_to_notify",
            )
        ]
