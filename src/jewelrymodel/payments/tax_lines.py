"""The tax in a charge, as the processor said it: nothing of it is computed here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

REVERSE_CHARGE = "reverse_charge"


@dataclass(frozen=True)
class TaxLine:
    """One rate in a charge. *percent* is empty where the rate isn't one, *reason* the processor's
    word for why it is so; *taxable_minor* is what the tax is on, None where that isn't said.
    """

    name: str
    percent: str
    jurisdiction: str
    country: str
    taxable_minor: int | None
    tax_minor: int
    is_inclusive: bool
    reason: str

    @classmethod
    def stored(cls, row: Mapping[str, Any]) -> "TaxLine":
        """Return the line that was kept as *row*."""
        return cls(**row)

    def as_row(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class ProcessorTax:
    """The tax in a payment: its sum, its lines, and who was taxed: country, tax ids (each its kind
    and value), and whether they are exempt, in the processor's word.
    """

    tax_minor: int
    lines: tuple[TaxLine, ...]
    country: str = ""
    tax_ids: tuple[tuple[str, str], ...] = ()
    exempt: str = ""

    @property
    def is_itemized(self) -> bool:
        """Whether the lines are all of the tax, to the cent."""
        return sum(one.tax_minor for one in self.lines) == self.tax_minor

    @property
    def added_minor(self) -> int:
        """What was added to the price."""
        return sum(one.tax_minor for one in self.lines if not one.is_inclusive)
