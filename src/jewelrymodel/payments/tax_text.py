"""How the tax in a charge reads: each of its lines, and why one is as it is.

The processor's reasons are those of ``Checkout.Session.TotalDetails.Breakdown.Tax`` and
``Invoice.TotalTax`` of the pinned SDK; one that we don't know is shown as it is called. "Reverse
charge" is what an invoice has to say of one (Directive 2006/112/EC, Art. 226 (11a)).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jewelrymodel.accounts import countries
from jewelrymodel.infra import formats
from jewelrymodel.payments.tax_lines import TaxLine

_EXEMPT = gettext_noop("Exempt from tax")
_NOT_COLLECTED = gettext_noop("No tax is collected for this address")
_REASONS = {
    "customer_exempt": gettext_noop("The customer is exempt from tax"),
    "not_available": _NOT_COLLECTED,
    "not_collecting": _NOT_COLLECTED,
    "not_subject_to_tax": gettext_noop("Not subject to tax"),
    "not_supported": _NOT_COLLECTED,
    "portion_product_exempt": _EXEMPT,
    "portion_reduced_rated": gettext_noop("Reduced rate"),
    "portion_standard_rated": "",
    "product_exempt": _EXEMPT,
    "product_exempt_holiday": _EXEMPT,
    "proportionally_rated": "",
    "reduced_rated": gettext_noop("Reduced rate"),
    "reverse_charge": gettext_noop("Reverse charge: the customer is liable for the tax"),
    "standard_rated": "",
    "taxable_basis_reduced": gettext_noop("Taxed on a reduced amount"),
    "zero_rated": gettext_noop("Zero-rated"),
    "": "",
}


@dataclass(frozen=True)
class TaxRow:
    """A line of tax for reading; *on* is the amount that it is on, empty where that isn't known."""

    label: str
    amount: str
    on: str
    note: str


def tax_rows(lines: Iterable[TaxLine], currency: str) -> list[TaxRow]:
    """Return the lines in the language that is spoken now."""
    return [
        TaxRow(
            label=_label(one),
            amount=formats.money(one.tax_minor, currency),
            on=""
            if one.taxable_minor is None
            else _("on %(amount)s") % {"amount": formats.money(one.taxable_minor, currency)},
            note=reason_words(one.reason),
        )
        for one in lines
    ]


def reason_words(reason: str) -> str:
    """Return why tax is as it is, empty where there is nothing to say of it."""
    known = _REASONS.get(reason)
    if known is None:
        return reason.replace("_", " ")
    return _(known) if known else ""


def payer_words(tax: Mapping[str, object]) -> list[str]:
    """Return who was taxed: the country and their tax ids, as a receipt keeps them."""
    country = str(tax.get("country") or "")
    words = (
        [_("Billing country: %(country)s") % {"country": countries.name_of(country)}]
        if country
        else []
    )
    ids = tax.get("tax_ids")
    for one in ids if isinstance(ids, list) else []:
        words.append(_("Tax ID %(value)s") % {"value": one["value"]})
    return words


def price_words(amount_minor: int, currency: str, tax_behavior: str) -> str:
    """Return a price for reading, and that tax is added to it where it is."""
    price = formats.money(amount_minor, currency)
    return _("%(price)s plus tax") % {"price": price} if tax_behavior == "exclusive" else price


def _label(line: TaxLine) -> str:
    name = line.name or _("Tax")
    label = f"{name} {formats.percent(line.percent)}" if line.percent else name
    if line.jurisdiction:
        label = f"{label}, {line.jurisdiction}"
    return _("%(tax)s (included)") % {"tax": label} if line.is_inclusive else label
