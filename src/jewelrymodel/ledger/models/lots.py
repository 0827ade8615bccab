"""Wallets, lots and their suspensions."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint, When

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import MAX_LENGTH
from jewelrymodel.ledger.movement_kinds import CauseKind, LotSource
from jewelrymodel.ledger.rules import credit_value


class Wallet(models.Model):
    """The row that is locked before anything of an account's credits is read."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True)

    class Meta:
        db_table = "ledger_wallet"


class LotQuerySet(models.QuerySet["Lot"]):
    """The sets of lots that have a name."""

    def live(self) -> Self:
        """Lots that still carry credits."""
        return self.filter(is_live=True)

    def expired(self, at: datetime) -> Self:
        """Lots whose credits can't be reserved any more: the set form of is_expired."""
        return self.filter(expires_at__lte=at)

    def to_expire(self, at: datetime) -> Self:
        """Lots of which something can't be reserved any more and isn't written down as expired."""
        return self.expired(at).live().filter(available__gt=0)

    def in_burn_order(self) -> Self:
        """Earliest expiry first, then what nobody paid for before what was paid, then oldest."""
        paid = Case(When(paid_minor__gt=0, then=1), default=0)
        return self.order_by(F("expires_at").asc(nulls_last=True), paid, "created_at", "id")

    def with_suspended(self) -> Self:
        """Lots that know whether a suspension is open on them (``suspended``)."""
        open_suspension = LotSuspension.objects.filter(
            lot_id=OuterRef("pk"), reinstated_at__isnull=True
        )
        return self.annotate(suspended=Exists(open_suspension))


class Lot(models.Model):
    """What one grant put on an account.

    A continuation has the source of the lot that it continues, and its share of the price. It lives
    *continuation_days* at least: the number of the edition that it was granted under (edge 1).
    """

    suspended: bool  # set by with_suspended()

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=24, choices=LotSource)
    source_ref = models.CharField(max_length=80)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="continuations", db_index=False
    )
    quantity = models.IntegerField()
    paid_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    expires_at = models.DateTimeField(null=True)
    continuation_days = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    available = models.IntegerField()
    held = models.IntegerField(default=0)
    is_live = models.GeneratedField(
        expression=Q(available__gt=0) | Q(held__gt=0),  # type: ignore[arg-type]  # stubs forget Q
        output_field=models.BooleanField(),
        db_persist=True,
    )
    """Whether it still carries credits. Indexes ask for this and not for the two amounts: a credit
    that is reserved or used then leaves every index of its lot as it is (a "heap-only" update)."""

    objects = LotQuerySet.as_manager()

    class Meta:
        db_table = "ledger_lot"
        constraints: ClassVar = [
            CheckConstraint(condition=Q(quantity__gt=0), name="ledger_lot_quantity"),
            CheckConstraint(condition=Q(available__gte=0), name="ledger_lot_available"),
            CheckConstraint(condition=Q(held__gte=0), name="ledger_lot_held"),
            CheckConstraint(
                condition=Q(paid_minor=0) | Q(paid_minor__gt=0, currency__regex="^[A-Z]{3}$"),
                name="ledger_lot_paid",
            ),
            CheckConstraint(condition=Q(source__in=LotSource.values), name="ledger_lot_source"),
            CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(continuation_days__isnull=False),
                name="ledger_lot_expiring_can_continue",
            ),
            UniqueConstraint(fields=["account", "id"], name="ledger_lot_of_account"),
            UniqueConstraint(
                fields=["account", "source", "source_ref"],
                condition=Q(continues__isnull=True),
                name="ledger_lot_granted_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account"], condition=Q(is_live=True), name="ledger_lot_live"),
            models.Index(
                fields=["expires_at"], condition=Q(is_live=True), name="ledger_lot_to_expire"
            ),
            models.Index(
                fields=["continues"],
                condition=Q(continues__isnull=False),
                name="ledger_lot_continuation",
            ),
        ]

    @property
    def left(self) -> int:
        """How many of its credits have left the lot."""
        return self.quantity - self.available - self.held

    def value_minor(self, start: int, units: int) -> int:
        """What *units* of its credits are worth, in minor units, after *start* of them."""
        return credit_value.value_minor(
            paid_minor=self.paid_minor, of=self.quantity, start=start, units=units
        )


class LotSuspension(models.Model):
    """A suspension of a lot: one open row per cause; reinstated it ends, it never vanishes."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_constraint=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="suspensions", db_constraint=False)
    cause_kind = models.CharField(max_length=12, choices=CauseKind)
    cause_id = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    reinstated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_lot_suspension"
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["lot", "cause_kind", "cause_id"],
                condition=Q(reinstated_at__isnull=True),
                name="ledger_lot_suspension_once_per_cause",
            ),
            CheckConstraint(
                condition=Q(
                    cause_kind__in=[CauseKind.REFUND, CauseKind.DISPUTE, CauseKind.WITHDRAWAL]
                ),
                name="ledger_lot_suspension_cause",
            ),
        ]
