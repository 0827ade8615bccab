"""Tax that the processor calculates by itself, where a session asks for it.

It imitates what follows from a country and a tax id: a rate, a reverse charge, an exemption, or
nothing where no tax is collected. The rates are those of 2026 as its public pages name them; what
is owed in truth is nothing that a stand-in knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jewelrymodel.sandbox import faults
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, invalid
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.store import Tx

ORIGIN = "DE"
"""Where the sandbox's seller is: a business with a tax id elsewhere in the EU owes the tax."""
NAMES = {
    "GB": "United Kingdom",
    "DE": "Germany",
    "FR": "France",
    "AT": "Austria",
    "AU": "Australia",
}
_VAT = {
    "AT": 20,
    "BE": 21,
    "DE": 19,
    "DK": 25,
    "ES": 21,
    "FR": 20,
    "IE": 23,
    "IT": 22,
    "NL": 21,
    "PL": 23,
    "SE": 25,
}
_OTHERS = {"GB": (20, "vat", "VAT"), "AU": (10, "gst", "GST")}
_EU_TAX_ID = re.compile(r"(AT|BE|DE|DK|ES|FR|IE|IT|NL|PL|SE)[0-9A-Z]{8,12}")
_GB_TAX_ID = re.compile(r"GB[0-9]{9}([0-9]{3})?")
BEHAVIORS = ("exclusive", "inclusive")


@dataclass(frozen=True)
class Taxed:
    """One line of tax: its rate in per cent, its law's name, and why it is as it is."""

    percent: int
    kind: str
    name: str
    reason: str


def asked_for(tx: Tx, params: Params, items: list[Doc]) -> Doc | None:
    """What a session asks for: tax, and tax ids of its payer; None where it doesn't.

    Raises `Refused` where the account isn't set up for it, or a price doesn't say whether it
    contains the tax.
    """
    tax, ids = params.inner("automatic_tax"), params.inner("tax_id_collection")
    collects_ids = ids is not None and ids.flag("enabled")
    if tax is None or not tax.flag("enabled"):
        if collects_ids:
            raise invalid("tax_id_collection[enabled]", "This sandbox takes tax ids with tax only.")
        return None
    if faults.read(tx.conn).tax_pending:
        raise Refused(
            "You must have a valid head office address to enable automatic tax calculation. "
            "Set it in your tax settings.",
            param="automatic_tax",
        )
    behaviors = {item["price"]["tax_behavior"] for item in items}
    if len(behaviors) > 1 or not behaviors <= set(BEHAVIORS):
        raise invalid("line_items", "Every price needs the same tax_behavior, and it has none.")
    return {"behavior": behaviors.pop(), "collects_ids": collects_ids, "country": "", "tax_ids": []}


def require_updates(session: Doc, params: Params) -> None:
    """A customer whom the session names keeps an address only where that is allowed."""
    update = params.inner("customer_update")
    allowed = {name: update.text(name) for name in ("address", "name")} if update else {}
    if update:
        update.accept("shipping")
    needs = ["address", "name"] if session["_rates"]["automatic"]["collects_ids"] else ["address"]
    if session["customer"] and any(allowed.get(name) != "auto" for name in needs):
        raise invalid("customer_update", f"Set {' and '.join(needs)} of customer_update to auto.")


def tax_id(text: str) -> Doc | None:
    """A tax id as the processor knows it; None where it isn't one that the sandbox takes."""
    value = re.sub(r"[\s.-]", "", text).upper()
    if _EU_TAX_ID.fullmatch(value):
        return {"type": "eu_vat", "value": value}
    if _GB_TAX_ID.fullmatch(value):
        return {"type": "gb_vat", "value": value}
    return None


def of(automatic: Doc, exempt: str) -> Taxed:
    """Which tax a payer of this country, with these ids, pays."""
    country = automatic["country"]
    percent, kind, name = _OTHERS.get(country, (_VAT.get(country, 0), "vat", "VAT"))
    if exempt == "exempt":
        return Taxed(0, kind, name, "customer_exempt")
    if country not in _OTHERS and country not in _VAT:
        return Taxed(0, "sales_tax" if country == "US" else kind, "Tax", "not_collecting")
    if exempt == "reverse" or (country != ORIGIN and automatic["tax_ids"]):
        return Taxed(0, kind, name, "reverse_charge")
    return Taxed(percent, kind, name, "standard_rated")


def portion(amount: int, percent: int, behavior: str) -> int:
    """The tax on, or inside of, an amount; half up, in minor units."""
    whole = 100 + (percent if behavior == "inclusive" else 0)
    return (2 * amount * percent + whole) // (2 * whole)


def rate(tx: Tx, *, taxed: Taxed, country: str, behavior: str) -> Doc:
    """The tax rate's object, made once for each."""
    rate_id = f"txr_sandbox_{country.lower()}_{taxed.kind}_{taxed.percent}_{behavior}"
    known = tx.get(rate_id)
    if known is not None:
        return known
    return tx.insert(
        {
            "id": rate_id,
            "object": "tax_rate",
            "active": False,
            "country": country or None,
            "created": tx.now,
            "description": None,
            "display_name": taxed.name,
            "effective_percentage": taxed.percent,
            "flat_amount": None,
            "inclusive": behavior == "inclusive",
            "jurisdiction": NAMES.get(country, country) or None,
            "jurisdiction_level": "country",
            "livemode": False,
            "metadata": {},
            "percentage": taxed.percent,
            "rate_type": "percentage",
            "state": None,
            "tax_type": taxed.kind,
        }
    )


def line(tx: Tx, amount: int, automatic: Doc, exempt: str) -> Doc:
    """What an amount is taxed: the tax, its rate's id, its reason, and the amount it is on."""
    taxed, behavior = of(automatic, exempt), automatic["behavior"]
    tax = portion(amount, taxed.percent, behavior)
    made = rate(tx, taxed=taxed, country=automatic["country"], behavior=behavior)
    return {
        "amount": tax,
        "rate": made["id"],
        "taxability_reason": taxed.reason,
        "taxable_amount": amount - tax if behavior == "inclusive" else amount,
    }


def settings(tx: Tx) -> Doc:
    """`GET /v1/tax/settings`: whether the account can calculate tax"""
    is_pending = faults.read(tx.conn).tax_pending
    address = dict.fromkeys(("city", "line1", "line2", "postal_code", "state")) | {
        "country": ORIGIN
    }
    missing = {"missing_fields": ["head_office"]}
    return {
        "object": "tax.settings",
        "defaults": {"provider": "stripe", "tax_behavior": None, "tax_code": "txcd_10000000"},
        "head_office": None if is_pending else {"address": address},
        "livemode": False,
        "status": "pending" if is_pending else "active",
        "status_details": {
            "active": None if is_pending else {},
            "pending": missing if is_pending else None,
        },
    }
