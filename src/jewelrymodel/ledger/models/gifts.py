"""Credits that an operator gives to an account, without a purchase and without a request."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import MAX_LENGTH
from jewelrymodel.ledger.models.lots import Lot
from jewelrymodel.ledger.movement_kinds import GiftState


class CreditGift(models.Model):
    """Who gives how many credits to whom and why, and what became of it.

    What was meant never changes and no row goes; a state only goes on: a trigger (migration 0013)
    refuses anything else. People are kept as actors, so it outlives them. ``taken_back`` is how
    many credits were left when it was undone.
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    idempotency_key = models.CharField(max_length=64, unique=True)
    quantity = models.IntegerField()
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=GiftState)
    lot = models.OneToOneField(Lot, models.PROTECT, null=True, related_name="+")
    second_approver = models.CharField(max_length=80, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    taken_back = models.IntegerField(default=0)

    class Meta:
        db_table = "ledger_credit_gift"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & ~Q(reason="") & ~Q(asked_by=""),
                name="ledger_gift_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state=GiftState.PENDING_APPROVAL, lot__isnull=True, ended_by="")
                | Q(state=GiftState.REJECTED, lot__isnull=True, ended_at__isnull=False)
                & ~Q(ended_by="")
                | Q(state=GiftState.GIVEN, lot__isnull=False, ended_by="")
                | Q(state=GiftState.UNDONE, lot__isnull=False, ended_at__isnull=False)
                & ~Q(ended_by=""),
                name="ledger_gift_state_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(taken_back=0)
                | Q(state=GiftState.UNDONE, taken_back__gt=0, taken_back__lte=models.F("quantity")),
                name="ledger_gift_taken_back_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-asked_at"], name="ledger_gift_of_account"),
            models.Index(fields=["-asked_at"], name="ledger_gift_newest"),
        ]
