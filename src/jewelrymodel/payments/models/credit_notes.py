"""Documents that take back a part of an invoice."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jewelrymodel.accounts.models import Account
from jewelrymodel.payments.models.orders import Receipt
from jewelrymodel.payments.models.refunds import Refund
from jewelrymodel.payments.tax_lines import TaxLine

PREFIX = "CN"


class CreditNote(models.Model):
    """What of an invoice a refund took back, as it read when it was issued; never changed.

    A refund that failed after it succeeded has its note voided by another one of the same series,
    which names the first in ``voids`` and repeats its amounts. A trigger (migration 0034) refuses a
    number that doesn't follow the last, a second note of a refund while one stands, and notes that
    take back more of an invoice, or of its tax, than it has.
    """

    id = models.CharField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="credit_notes")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="credit_notes")
    voids = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="voided_by"
    )
    number = models.PositiveBigIntegerField(unique=True)
    seller = models.JSONField()
    buyer = models.JSONField()
    reason = models.CharField(max_length=300)
    tax = models.JSONField(default=dict)
    subtotal_minor = models.PositiveIntegerField()
    tax_minor = models.PositiveIntegerField()
    total_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "payments_credit_note"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(total_minor=F("subtotal_minor") + F("tax_minor"), total_minor__gt=0),
                name="payments_credit_note_total",
            ),
        ]

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"{PREFIX}-{self.number:06d}"

    @property
    def is_void(self) -> bool:
        """Whether it takes another note back."""
        return self.voids_id is not None

    @property
    def tax_lines(self) -> tuple[TaxLine, ...]:
        """The tax in the total by the invoice's rates; none where it has none."""
        return tuple(TaxLine.stored(one) for one in self.tax.get("lines", ()))
