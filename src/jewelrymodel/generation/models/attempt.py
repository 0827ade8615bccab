from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models.task import TaskItem
from jewelrymodel.generation.statuses import ATTEMPT_OPEN, AttemptState, Reason


class Attempt(models.Model):
    """One request to a provider for one image: noted before it is sent, and what it cost.

    *number* counts an image's requests from 1. *key_digest* names the key and model it went out
    with. *remote_id* is what the provider is polled with, as its adapter wrote it. *price_micros*
    is reserved while it is open; *cost_micros* is what it cost in the end, which only an invoice
    can confirm where *cost_is_sure* is false. *asked_at* and the others are the machine's clock.
    """

    id = models.CharField(primary_key=True, max_length=32)
    item = models.ForeignKey(TaskItem, on_delete=models.PROTECT, related_name="attempts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    snapshot = models.CharField(max_length=80, blank=True)
    key_digest = models.CharField(max_length=16)
    seed = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=AttemptState, default=AttemptState.SENDING)
    reason_code = models.CharField(max_length=40, blank=True, choices=Reason)
    detail = models.CharField(max_length=300, blank=True)  # for operators, as the provider said it
    remote_id = models.TextField(blank=True)
    request_id = models.CharField(max_length=200, blank=True)
    received_key = models.CharField(max_length=200, blank=True)  # the provider's file, unchanged
    price_micros = models.BigIntegerField()
    cost_micros = models.BigIntegerField(null=True)
    cost_is_sure = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "generation_attempt"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="generation_attempt_once"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=ATTEMPT_OPEN),
                name="generation_attempt_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AttemptState.values), name="generation_attempt_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ATTEMPT_OPEN, ended_at__isnull=True, cost_micros__isnull=True)
                | ~Q(state__in=ATTEMPT_OPEN) & Q(ended_at__isnull=False, cost_micros__gte=0),
                name="generation_attempt_end_is_booked",
            ),
            models.CheckConstraint(
                condition=Q(price_micros__gte=0), name="generation_attempt_price"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "-asked_at"], name="generation_attempt_newest"),
            models.Index(fields=["asked_at"], name="generation_attempt_day"),
            models.Index(
                fields=["provider"],
                name="generation_attempt_open",
                condition=Q(state__in=ATTEMPT_OPEN),
            ),
        ]
