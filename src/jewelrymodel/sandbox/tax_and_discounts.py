"""What the payment page adds to the price that the shop asked for: tax, and a discount.

Both are faults in per cent. A subscription keeps those it was bought under, as a tax rate or coupon
of the real processor's stays with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from jewelrymodel.sandbox import faults
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.store import Tx


@dataclass(frozen=True)
class Priced:
    """An amount in minor units after a discount and with its tax."""

    discount: int
    tax: int
    total: int


def price(amount: int, rates: Doc) -> Priced:
    """The amount after the discount, with the tax on what is left; fractions are dropped."""
    discount = amount * rates["discount"] // 100
    tax = (amount - discount) * rates["tax"] // 100
    return Priced(discount, tax, amount - discount + tax)


def reprice(tx: Tx, session: Doc) -> None:
    """Show and collect what the faults of now make of an open session's price."""
    now = faults.read(tx.conn)
    rates = {"tax": max(now.tax_percent, 0), "discount": max(now.discount_percent, 0)}
    if session["_intent"] or rates == session["_rates"]:
        return
    session["_rates"] = rates
    for item in session["_line_items"]:
        priced = price(item["amount_subtotal"], rates)
        item |= {
            "amount_discount": priced.discount,
            "amount_tax": priced.tax,
            "amount_total": priced.total,
        }
    summed = {
        name: sum(item[name] for item in session["_line_items"])
        for name in ("amount_discount", "amount_tax", "amount_total")
    }
    session["amount_total"] = summed.pop("amount_total")
    session["total_details"] = {**summed, "amount_shipping": 0}
    tx.save(session)


def price_invoice(invoice: Doc, rates: Doc) -> None:
    """Put the subscription's discount and tax on an invoice that its lines alone priced."""
    priced = price(invoice["subtotal"], rates)
    if priced.discount:
        invoice["total_discount_amounts"] = [{"amount": priced.discount, "discount": "di_sandbox"}]
    if priced.tax:
        invoice["total_taxes"] = [
            {
                "amount": priced.tax,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": "txr_sandbox"},
                "taxability_reason": "standard_rated",
                "taxable_amount": invoice["subtotal"] - priced.discount,
                "type": "tax_rate_details",
            }
        ]
    invoice["total_excluding_tax"] = invoice["subtotal"] - priced.discount
    invoice |= dict.fromkeys(("amount_due", "amount_remaining", "total"), priced.total)
