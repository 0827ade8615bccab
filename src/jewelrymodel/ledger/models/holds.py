"""Holds and the lots that carry them."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import MAX_LENGTH
from jewelrymodel.ledger.models.lots import Lot
from jewelrymodel.ledger.movement_kinds import HoldState


class Hold(models.Model):
    """Credits that are reserved for one task; it never expires, the task's end resolves it."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80)
    quantity = models.IntegerField()
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.HELD)
    captured = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_hold"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(quantity__gt=0), name="ledger_hold_quantity"),
            CheckConstraint(
                condition=Q(state=HoldState.HELD, captured=0, resolved_at__isnull=True)
                | Q(state=HoldState.RELEASED, captured=0, resolved_at__isnull=False)
                | Q(
                    state=HoldState.CAPTURED,
                    captured__gt=0,
                    captured__lte=F("quantity"),
                    resolved_at__isnull=False,
                ),
                name="ledger_hold_one_resolution",
            ),
            UniqueConstraint(fields=["account", "id"], name="ledger_hold_of_account"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["account"], condition=Q(state=HoldState.HELD), name="ledger_hold_open"
            ),
        ]


class HoldLine(models.Model):
    """The part of a hold that one lot carries, in burn order. Immutable."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    hold = models.ForeignKey(
        Hold, models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
    position = models.SmallIntegerField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_constraint=False)
    quantity = models.IntegerField()
    remaining_life = models.DurationField(null=True)

    class Meta:
        db_table = "ledger_hold_line"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(quantity__gt=0), name="ledger_hold_line_quantity"),
            UniqueConstraint(fields=["hold", "position"], name="ledger_hold_line_position"),
            UniqueConstraint(fields=["hold", "lot"], name="ledger_hold_line_lot"),
        ]
