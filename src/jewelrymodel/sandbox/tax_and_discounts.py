"""What the payment page adds to the price that the shop asked for: tax, and a discount.

Two faults in per cent add what the shop didn't ask for; tax that it asked for follows from who pays
(`automatic_tax`). A subscription keeps those it was bought under, as a tax rate or coupon of the
real processor's stays with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from jewelrymodel.sandbox import automatic_tax, faults
from jewelrymodel.sandbox.automatic_tax import Taxed
from jewelrymodel.sandbox.encodings import Doc, public
from jewelrymodel.sandbox.store import Tx

NO_RATES = {"tax": 0, "discount": 0, "automatic": None, "exempt": "none"}


@dataclass(frozen=True)
class Priced:
    """An amount in minor units after a discount and with its tax, and how that came to be."""

    discount: int
    tax: int
    total: int
    line: Doc | None


def price(tx: Tx, amount: int, rates: Doc) -> Priced:
    """The amount after the discount, with the tax on what is left; fractions are dropped."""
    discount = amount * rates["discount"] // 100
    net = amount - discount
    automatic = rates["automatic"]
    if automatic and automatic["country"]:
        line = automatic_tax.line(tx, net, automatic, rates["exempt"])
        added = line["amount"] if automatic["behavior"] == "exclusive" else 0
        return Priced(discount, line["amount"], net + added, line)
    tax = net * rates["tax"] // 100
    return Priced(discount, tax, net + tax, _fault_line(tx, net, tax, rates) if tax else None)


def _fault_line(tx: Tx, net: int, tax: int, rates: Doc) -> Doc:
    taxed = Taxed(rates["tax"], "vat", "VAT", "standard_rated")
    made = automatic_tax.rate(tx, taxed=taxed, country="", behavior="exclusive")
    return {
        "amount": tax,
        "rate": made["id"],
        "taxability_reason": taxed.reason,
        "taxable_amount": net,
    }


def reprice(tx: Tx, session: Doc) -> None:
    """Show and collect what the faults of now make of an open session's price."""
    if session["_intent"]:
        return
    now = faults.read(tx.conn)
    _apply(tx, session, {"tax": max(now.tax_percent, 0), "discount": max(now.discount_percent, 0)})


def tax_payer(tx: Tx, session: Doc, country: str, tax_ids: list[Doc]) -> None:
    """Tax an open session for who is about to pay it, where it asks for that."""
    automatic = session["_rates"]["automatic"]
    if automatic is None:
        return
    customer = tx.get(session["customer"]) if session["customer"] else None
    exempt = customer["tax_exempt"] if customer else "none"
    of_payer = {**automatic, "country": country, "tax_ids": tax_ids}
    _apply(tx, session, {"automatic": of_payer, "exempt": exempt})
    session["automatic_tax"]["status"] = "complete"
    tx.save(session)
    intent = tx.get(session["_intent"]) if session["_intent"] else None
    if intent and intent["status"] == "requires_payment_method":  # declined before, from elsewhere
        tx.save(intent | {"amount": session["amount_total"]})


def _apply(tx: Tx, session: Doc, changes: Doc) -> None:
    rates = session["_rates"] | changes
    if rates == session["_rates"]:
        return
    session["_rates"] = rates
    lines = []
    for item in session["_line_items"]:
        priced = price(tx, item["amount_subtotal"], rates)
        lines += [priced.line] if priced.line else []
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
    session["total_details"] = {**summed, "amount_shipping": 0, "_taxes": lines}
    tx.save(session)


def breakdown(tx: Tx, details: Doc) -> Doc:
    """The tax of a session by its rates, each rate whole."""
    taxes = [
        line | {"rate": public(tx.need("tax_rate", line["rate"]))}
        for line in details.get("_taxes", [])
    ]
    return {"discounts": [], "taxes": taxes}


def price_invoice(tx: Tx, invoice: Doc, rates: Doc) -> None:
    """Put the subscription's discount and tax on an invoice that its lines alone priced."""
    priced = price(tx, invoice["subtotal"], rates)
    if priced.discount:
        invoice["total_discount_amounts"] = [{"amount": priced.discount, "discount": "di_sandbox"}]
    automatic = rates["automatic"] or {"behavior": "exclusive", "tax_ids": []}
    if line := priced.line:
        invoice["total_taxes"] = [
            {
                "amount": line["amount"],
                "tax_behavior": automatic["behavior"],
                "tax_rate_details": {"tax_rate": line["rate"]},
                "taxability_reason": line["taxability_reason"],
                "taxable_amount": line["taxable_amount"],
                "type": "tax_rate_details",
            }
        ]
    if rates["automatic"]:
        invoice["automatic_tax"] |= {
            "enabled": True,
            "liability": {"type": "self"},
            "provider": "stripe",
            "status": "complete",
        }
        invoice["customer_tax_ids"] = automatic["tax_ids"]
    invoice["total_excluding_tax"] = priced.total - priced.tax
    invoice |= dict.fromkeys(("amount_due", "amount_remaining", "total"), priced.total)
