"""Money on its way back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.payments.models.charges import Charge
from jewelrymodel.payments.statuses import OPEN_REFUNDS, PayoutWay, RefundOrigin, RefundState


class Refund(models.Model):
    """Money on its way back, and what became of it (edge 15).

    One of *origin* ours is what a decision meant, and its id the idempotency key at the processor;
    one that was made at the processor is adopted: it rests on no decision, and ``told_state`` is
    what its customer's last mail about it said. ``refusal`` is why the processor doesn't make it
    now, in its own word, while it waits; ``failure`` is why it never will. One whose *way* is a
    transfer the processor never hears of: a person makes it, and records its reference and day. A
    trigger (migration 0007) refuses what would give back more than was paid, and any change of what
    was intended.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refunds")
    origin = models.CharField(max_length=12, choices=RefundOrigin, default=RefundOrigin.OURS)
    decision_id = models.CharField(max_length=32, blank=True)
    way = models.CharField(
        max_length=12, choices=PayoutWay, default=PayoutWay.PROCESSOR, db_default="processor"
    )
    transfer_reference = models.CharField(max_length=140, blank=True, default="", db_default="")
    transferred_on = models.DateField(null=True)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    revokes_credits = models.BooleanField()
    state = models.CharField(max_length=16, choices=RefundState, default=RefundState.INTENDED)
    processor_refund_id = models.CharField(max_length=255, null=True, unique=True)
    failure = models.CharField(max_length=255, blank=True)
    refusal = models.CharField(max_length=255, blank=True)
    refusals = models.PositiveIntegerField(default=0)
    told_state = models.CharField(max_length=16, blank=True)
    refused_since_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField()

    class Meta:
        db_table = "payments_refund"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["charge", "decision_id"],
                condition=Q(origin=RefundOrigin.OURS),
                name="payments_refund_once_per_decision",
            ),
            models.CheckConstraint(
                condition=Q(origin=RefundOrigin.OURS) & ~Q(decision_id="")
                | Q(origin=RefundOrigin.PROCESSOR, decision_id=""),
                name="payments_refund_rests_on_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="payments_refund_of_something"
            ),
            models.CheckConstraint(
                condition=Q(
                    way=PayoutWay.PROCESSOR, transfer_reference="", transferred_on__isnull=True
                )
                | Q(
                    way=PayoutWay.TRANSFER,
                    origin=RefundOrigin.OURS,
                    processor_refund_id__isnull=True,
                    transferred_on__isnull=True,
                    transfer_reference="",
                    state__in=(RefundState.INTENDED, RefundState.CANCELED),
                )
                | Q(
                    way=PayoutWay.TRANSFER,
                    origin=RefundOrigin.OURS,
                    processor_refund_id__isnull=True,
                    transferred_on__isnull=False,
                    state__in=(RefundState.SUCCEEDED, RefundState.FAILED),
                )
                & ~Q(transfer_reference=""),
                name="payments_refund_transferred",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RefundState.values), name="payments_refund_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_REFUNDS, settled_at__isnull=True)
                | ~Q(state__in=OPEN_REFUNDS) & Q(settled_at__isnull=False),
                name="payments_refund_settled_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(refusal="", refused_since_at__isnull=True)
                | ~Q(refusal="") & Q(refused_since_at__isnull=False, state__in=OPEN_REFUNDS),
                name="payments_refund_refused_is_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="payments_refund_of_account"),
            models.Index(fields=["next_look_at"], name="payments_refund_to_look_at"),
        ]

    @property
    def is_adopted(self) -> bool:
        """Whether it was made at the processor, not here."""
        return self.origin == RefundOrigin.PROCESSOR

    @property
    def is_transfer(self) -> bool:
        """Whether a person makes it by bank transfer; the processor knows nothing of it."""
        return self.way == PayoutWay.TRANSFER

    @property
    def is_open(self) -> bool:
        """Whether the processor hasn't said yet how it ends."""
        return self.state in OPEN_REFUNDS
