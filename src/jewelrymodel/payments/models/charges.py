"""Money that the processor took."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.payments.models.orders import Order


class Charge(models.Model):
    """Money that the processor took: always ``paid = kept + refunded + lost`` (edge 8)."""

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="charges")
    processor = models.CharField(max_length=20)
    processor_charge_id = models.CharField(max_length=255)
    processor_intent_id = models.CharField(max_length=255, db_index=True)
    paid_minor = models.PositiveIntegerField()
    kept_minor = models.PositiveIntegerField()
    refunded_minor = models.PositiveIntegerField(default=0)
    lost_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    card_brand = models.CharField(max_length=30, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    charged_at = models.DateTimeField()

    class Meta:
        db_table = "payments_charge"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["processor", "processor_charge_id"], name="payments_charge_once"
            ),
            models.CheckConstraint(
                condition=Q(paid_minor=F("kept_minor") + F("refunded_minor") + F("lost_minor")),
                name="payments_charge_adds_up",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-charged_at"], name="payments_charge_of_account")
        ]
