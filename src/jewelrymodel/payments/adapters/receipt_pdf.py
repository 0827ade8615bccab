"""The receipt as PDF, set by typst in the fonts that it brings along."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from jewelrymodel.accounts import countries
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.infra import formats, languages
from jewelrymodel.payments.models import Receipt

_TEMPLATE = Path(__file__).with_name("receipt.typ")


def render_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as a PDF of one page; the same receipt gives the same page."""
    with languages.speaking(receipt.buyer.get("language", languages.ENGLISH)):
        inputs = {"receipt": json.dumps(_content(receipt))}
    pdf = typst.compile(_TEMPLATE, format="pdf", sys_inputs=inputs, font_paths=_fonts())
    if not isinstance(pdf, bytes):
        raise TypeError("a receipt is one document")
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Return typst's own fonts, and the machine's for names in scripts that those lack."""
    return typst.Fonts(include_system_fonts=True)


def _content(receipt: Receipt) -> dict[str, object]:
    amounts = {
        name: formats.money(getattr(receipt, f"{name}_minor"), receipt.currency)
        for name in ("subtotal", "tax", "total")
    }
    return {
        **amounts,
        "number": receipt.label,
        "order": receipt.order.label,
        "issued": formats.day(receipt.issued_at.date()),
        "charged": formats.day(datetime.fromisoformat(receipt.payment["charged_at"]).date()),
        "seller": receipt.seller,
        "buyer": receipt.buyer,
        "line": receipt.line,
        "expiry": receipt.order.expiry_words,
        "paid_with": receipt.paid_with,
        "refunded": receipt.payment.get("refunded", ""),
        "transaction": receipt.payment["transaction"],
        "terms": receipt.terms,
        "language": languages.current().code,
        "labels": _labels(receipt),
    }


def _labels(receipt: Receipt) -> dict[str, str]:
    """Return what stands around the figures, in the language that is spoken now."""
    refunded = _("%(amount)s of this was refunded before this receipt was issued.")
    return {
        "receipt": _("Receipt"),
        "from": _("From"),
        "to": _("To"),
        "order": _("Order"),
        "item": _("Item"),
        "credits": _("Credits"),
        "amount": _("Amount"),
        "added": _("%(credits)s credits, added to the account.")
        % {"credits": receipt.line["credits"]},
        "tax": _("Tax"),
        "paid": _("Paid"),
        "refunded": refunded % {"amount": receipt.payment.get("refunded", "")},
        "payment": _("Payment"),
        "terms": _("Terms accepted"),
        "edition": _("Refund policy, edition of %(edition)s:")
        % {"edition": formats.day(date.fromisoformat(receipt.terms["edition_on"]))},
        "agreed": _("Agreed at checkout"),
        "buyer": _buyer_words(receipt),
    }


def _buyer_words(receipt: Receipt) -> str:
    """Return the country that the buyer named, and as what they bought."""
    country, capacity = countries.name_of(receipt.buyer["country"]), receipt.buyer["capacity"]
    as_what = {
        BuyerCapacity.BUSINESS: _("%(country)s, as a business"),
        BuyerCapacity.CONSUMER: _("%(country)s, as a consumer"),
    }
    return as_what.get(capacity, "%(country)s") % {"country": country}
