"""Entitlement periods."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import MAX_LENGTH


class EntitlementPeriod(models.Model):
    """Which features an account has from when to when, and what it was bought with. Immutable."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    features = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order_ref = models.CharField(max_length=80)
    plan_version_id = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_entitlement_period"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="ledger_period_runs"),
            UniqueConstraint(fields=["account", "order_ref"], name="ledger_period_granted_once"),
        ]
