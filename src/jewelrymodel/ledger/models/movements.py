"""What happened, and which credits went where."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import CheckConstraint, F, OuterRef, Q, Subquery, Sum, UniqueConstraint
from django.db.models.functions import Coalesce

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import MAX_LENGTH
from jewelrymodel.ledger.models.holds import Hold
from jewelrymodel.ledger.models.lots import Lot
from jewelrymodel.ledger.movement_kinds import CauseKind, Operation, Side


class MovementQuerySet(models.QuerySet["Movement"]):
    """The sets of movements that have a name."""

    def with_effects(self) -> Self:
        """Movements that know what they brought in, took out, and found suspended.

        What was suspended before is looked up for each: name the movements by their ids first.
        """
        gone = Q(transfers__to_kind__in=[Side.CONSUMED, Side.EXPIRED, Side.REVOKED])
        earlier = Movement.objects.filter(account=OuterRef("account"), id__lt=OuterRef("id"))
        suspended_before = earlier.order_by("-id").values("suspended_after")[:1]
        return self.annotate(
            credits_in=_credits(Q(transfers__from_kind=Side.ISSUED)),
            credits_out=_credits(gone),
            suspended_before=Coalesce(Subquery(suspended_before), 0),
        )


def _credits(which: Q) -> Sum:
    return Sum("transfers__quantity", filter=which, default=0)


class Movement(models.Model):
    """One operation on an account, in the order in which they happened. Immutable.

    Carries the idempotency key, the cause, the results and what the account had right after it.
    """

    credits_in: int  # these three are set by with_effects()
    credits_out: int
    suspended_before: int

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    operation = models.CharField(max_length=16, choices=Operation)
    idempotency_key = models.CharField(max_length=160)
    fingerprint = models.CharField(max_length=64)
    cause_kind = models.CharField(max_length=12, choices=CauseKind)
    cause_id = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    hold = models.ForeignKey(
        Hold, models.PROTECT, null=True, related_name="movements", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    available_after = models.IntegerField()
    held_after = models.IntegerField()
    suspended_after = models.IntegerField()

    objects = MovementQuerySet.as_manager()

    class Meta:
        db_table = "ledger_movement"
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(operation__in=Operation.values), name="ledger_movement_operation"
            ),
            CheckConstraint(
                condition=Q(cause_kind__in=CauseKind.values), name="ledger_movement_cause_kind"
            ),
            CheckConstraint(
                condition=Q(available_after__gte=0, held_after__gte=0, suspended_after__gte=0),
                name="ledger_movement_not_negative",
            ),
            UniqueConstraint(
                fields=["account", "operation", "idempotency_key"], name="ledger_movement_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "happened_at", "id"], name="ledger_movement_at"),
            models.Index(
                fields=["hold"], condition=Q(hold__isnull=False), name="ledger_movement_hold"
            ),
        ]


class Transfer(models.Model):
    """Credits that went from one side to the other; both sides belong to a lot. Immutable.

    *from_offset* counts what had left the from-side before, *value_minor* is what these credits
    were paid with, in the lot's currency.
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    movement = models.ForeignKey(Movement, models.PROTECT, related_name="transfers")
    from_kind = models.CharField(max_length=10, choices=Side)
    from_lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="outgoing", db_constraint=False, db_index=False
    )
    to_kind = models.CharField(max_length=10, choices=Side)
    to_lot = models.ForeignKey(Lot, models.PROTECT, related_name="incoming", db_constraint=False)
    quantity = models.IntegerField()
    from_offset = models.IntegerField()
    value_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_transfer"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(quantity__gt=0), name="ledger_transfer_quantity"),
            CheckConstraint(condition=Q(value_minor__gte=0), name="ledger_transfer_value"),
            CheckConstraint(
                condition=Q(
                    from_kind=Side.LOT, to_kind__in=[Side.CONSUMED, Side.EXPIRED, Side.REVOKED]
                )
                | Q(from_kind=Side.ISSUED, to_kind=Side.LOT)
                | Q(from_kind=Side.CONSUMED, to_kind=Side.DEBT)
                | Q(from_kind=Side.LOT, to_kind=Side.LOT),
                name="ledger_transfer_sides",
            ),
            CheckConstraint(
                condition=Q(from_kind=Side.LOT, to_kind=Side.LOT) & ~Q(from_lot=F("to_lot"))
                | ~Q(from_kind=Side.LOT, to_kind=Side.LOT) & Q(from_lot=F("to_lot")),
                name="ledger_transfer_lots",
            ),
            UniqueConstraint(
                fields=["from_lot", "from_kind", "from_offset"], name="ledger_transfer_in_order"
            ),
            UniqueConstraint(
                fields=["to_lot"], condition=Q(to_kind=Side.LOT), name="ledger_transfer_fills_once"
            ),
        ]
