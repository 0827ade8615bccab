"""The card page's form: checked field by field, never repeated if it may be a real card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jewelrymodel.sandbox import automatic_tax
from jewelrymodel.sandbox.hosted_payment import Payer
from jewelrymodel.sandbox.test_card_numbers import BY_NUMBER, TestCard

COUNTRIES = {
    "US": "United States",
    "GB": "United Kingdom",
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "CA": "Canada",
    "CH": "Switzerland",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FR": "France",
    "IE": "Ireland",
    "IT": "Italy",
    "JP": "Japan",
    "NL": "Netherlands",
    "PL": "Poland",
    "SE": "Sweden",
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EXPIRY = re.compile(r"(\d{1,2})\s*/?\s*(\d{2}|\d{4})")


@dataclass
class CardForm:
    """What may be shown again, and what was wrong, by field."""

    shown: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    card: TestCard | None = None
    payer: Payer | None = None


def read(sent: Mapping[str, str], email: str | None, this_month: tuple[int, int]) -> CardForm:
    """Check the form. `email`: the address the shop knows already; `this_month`: (year, month)."""
    typed = {key: value.strip() for key, value in sent.items()}
    number = re.sub(r"[\s-]", "", typed.get("number", ""))
    form = CardForm(
        shown={key: typed.get(key, "") for key in ("name", "email", "expiry", "country", "tax_id")}
    )
    form.card = BY_NUMBER.get(number)
    form.shown["number"] = form.card.shown if form.card else ""
    expires = _expiry(typed.get("expiry", ""), this_month)
    address = email or typed.get("email", "")
    if not _EMAIL.fullmatch(address):
        form.errors["email"] = "Enter an e-mail address, like name@example.com."
    if not number:
        form.errors["number"] = "Enter one of the test card numbers listed on this page."
    elif form.card is None:
        form.errors["number"] = (
            "That is not one of the published test numbers. It was not kept, and nothing was"
            " charged: use a number from the list, never a real card."
        )
    if isinstance(expires, str):
        form.errors["expiry"] = expires
    if not re.fullmatch(r"\d{3,4}", typed.get("cvc", "")):
        form.errors["cvc"] = "Enter a security code of 3 or 4 digits; any will do."
    if not typed.get("name"):
        form.errors["name"] = "Enter a name; an invented one will do."
    tax_id = automatic_tax.tax_id(typed["tax_id"]) if typed.get("tax_id") else None
    if typed.get("tax_id") and tax_id is None:
        form.errors["tax_id"] = "Enter a tax ID such as DE123456789, or leave this empty."
    if typed.get("country") not in COUNTRIES:
        form.errors["country"] = "Choose a country."
    if not form.errors and not isinstance(expires, str):
        tax_ids = (tax_id,) if tax_id else ()
        form.payer = Payer(typed["name"][:200], address[:200], typed["country"], expires, tax_ids)
    return form


def _expiry(text: str, this_month: tuple[int, int]) -> tuple[int, int] | str:
    match = _EXPIRY.fullmatch(text)
    if not match or not 1 <= int(match.group(1)) <= 12:
        return "Enter the expiry date as month and year, like 12 / 34."
    month, year = int(match.group(1)), int(match.group(2)) % 100 + 2000
    if (year, month) < this_month:
        return "That date is past. Enter a future month, like 12 / 34."
    return month, year
