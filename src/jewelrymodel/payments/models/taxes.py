"""The tax in a charge."""

from django.db import models

from jewelrymodel.payments.models.charges import Charge
from jewelrymodel.payments.tax_lines import ProcessorTax, TaxLine


class ChargeTax(models.Model):
    """The tax in a charge as the processor said it when it was booked; never changed.

    ``lines`` hold the fields of ``TaxLine``, ``tax_ids`` each the kind and the value of one of the
    customer's. A trigger (migration 0033) refuses lines that don't add up to ``tax_minor``, and
    more tax than was paid. A charge without tax has none.
    """

    charge = models.OneToOneField(
        Charge, on_delete=models.PROTECT, primary_key=True, related_name="tax"
    )
    tax_minor = models.PositiveIntegerField()
    lines = models.JSONField()
    country = models.CharField(max_length=2, blank=True)
    tax_ids = models.JSONField()
    exempt = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "payments_charge_tax"

    @classmethod
    def of(cls, charge: Charge, tax: ProcessorTax) -> "ChargeTax":
        """Return the row of the tax that the processor says is in *charge*; it isn't saved."""
        return cls(
            charge=charge,
            tax_minor=tax.tax_minor,
            lines=[one.as_row() for one in tax.lines],
            country=tax.country[:2],
            tax_ids=[{"kind": kind, "value": value} for kind, value in tax.tax_ids],
            exempt=tax.exempt[:20],
        )

    @property
    def tax_lines(self) -> tuple[TaxLine, ...]:
        """Its lines."""
        return tuple(TaxLine.stored(one) for one in self.lines)

    @property
    def as_receipt(self) -> dict[str, object]:
        """What a receipt keeps of it."""
        return {
            "lines": self.lines,
            "country": self.country,
            "tax_ids": self.tax_ids,
            "exempt": self.exempt,
        }
