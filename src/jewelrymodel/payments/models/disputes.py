"""What a bank says of a charge: the processor's dispute as we last saw it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.payments.models.charges import Charge
from jewelrymodel.payments.statuses import DisputeStatus


class ChargeDispute(models.Model):
    """A dispute, mirrored: never more than what the processor said when it was last asked.

    ``lost_at`` is since when the bank has the money: an appeal gives nothing back, so it stands
    until the bank decides for us.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="disputes")
    processor_dispute_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=24, choices=DisputeStatus)
    is_inquiry = models.BooleanField()
    reason = models.CharField(max_length=60)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    charge_refundable = models.BooleanField()
    due_by_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField()

    class Meta:
        db_table = "payments_dispute"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=DisputeStatus.values), name="payments_dispute_status"
            ),
            models.CheckConstraint(
                condition=~Q(status=DisputeStatus.LOST, lost_at__isnull=True)
                & ~Q(status=DisputeStatus.WON, lost_at__isnull=False),
                name="payments_dispute_lost_until_won",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether the bank hasn't decided; what we don't understand counts as open (edge 16)."""
        return self.status not in DisputeStatus.closed()


class SubscriptionSuspension(models.Model):
    """A subscription that gives no access for a cause; reinstated it ends, it never vanishes."""

    id = models.CharField(primary_key=True, max_length=32)
    subscription = models.ForeignKey(
        "payments.Subscription", on_delete=models.PROTECT, related_name="suspensions"
    )
    cause_id = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    reinstated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payments_subscription_suspension"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "cause_id"],
                condition=Q(reinstated_at__isnull=True),
                name="payments_suspension_once_per_cause",
            )
        ]
