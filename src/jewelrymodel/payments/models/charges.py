"""Money that the processor took."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.payments.models.orders import Order
from jewelrymodel.payments.payment_methods import CARD, method_words
from jewelrymodel.payments.statuses import PayoutWay

AT_PROCESSOR, ELSEWHERE = "stripe", "elsewhere"
"""Who took a charge's money: the processor, or we ourselves, as by a bank transfer."""


class Charge(models.Model):
    """Money that the processor took: always ``paid = kept + refunded + lost`` (edge 8).

    One that was paid elsewhere has its invoice in place of the processor's charge, what a person
    recorded of it in its details, and goes back by bank transfer alone.

    Its refunds are made by the processor, or by a bank transfer where ``payout_way`` says so, which
    each refund keeps from when it was meant. ``method`` is the processor's word for how it was
    paid, empty where it didn't say; of another method than a card ``method_details`` holds what
    names it, and nothing that is personal.
    """

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
    method = models.CharField(max_length=60, blank=True)
    method_details = models.JSONField(default=dict)
    card_brand = models.CharField(max_length=30, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    charged_at = models.DateTimeField()
    payout_way = models.CharField(
        max_length=12, choices=PayoutWay, default=PayoutWay.PROCESSOR, db_default="processor"
    )

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
            models.CheckConstraint(
                condition=Q(payout_way__in=PayoutWay.values), name="payments_charge_payout_way"
            ),
            models.CheckConstraint(
                condition=Q(processor=AT_PROCESSOR)
                | Q(processor=ELSEWHERE, payout_way=PayoutWay.TRANSFER, lost_minor=0),
                name="payments_charge_paid_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(method=CARD) | Q(card_brand="", card_last4=""),
                name="payments_charge_digits_of_a_card",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-charged_at"], name="payments_charge_of_account")
        ]

    @property
    def is_elsewhere(self) -> bool:
        """Whether it was paid elsewhere: the processor knows nothing of its money."""
        return self.processor == ELSEWHERE

    @property
    def transaction(self) -> str:
        """What names the payment to whoever looks for it: the processor’s id, or the reference."""
        return (
            str(self.method_details["reference"]) if self.is_elsewhere else self.processor_charge_id
        )

    @property
    def paid_with(self) -> str:
        """What paid it, in words: "Visa ending in 4242", "Link"; empty where nobody said."""
        return method_words(
            method=self.method,
            card_brand=self.card_brand,
            card_last4=self.card_last4,
            details=self.method_details,
        )
