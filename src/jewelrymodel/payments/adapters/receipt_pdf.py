"""The receipt as PDF, set by typst in fonts of packages: the same on every machine."""

import json
import logging
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import typst
from django.utils.translation import gettext as _

from jewelrymodel.accounts import countries
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.infra import formats, languages
from jewelrymodel.payments.models import CreditNote, Receipt
from jewelrymodel.payments.tax_text import payer_words, tax_rows

logger = logging.getLogger(__name__)
_ARCHIVE: Literal["a-2b"] = "a-2b"
"""PDF/A-2 (ISO 19005-2), as archives of invoices ask: it names what can't be written, too."""
_FONT_PACKAGES = (
    "noto_cjk_sans_otc",
    "justmytype_intl_africa",
    "justmytype_intl_rtl",
    "justmytype_intl_sea",
    "justmytype_intl_south_asia",
)


def render_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as a PDF of one page; the same receipt gives the same bytes.

    A PDF/A-2b. Where the packages' fonts lack a sign (Gujarati, Malayalam, pictograms), those of
    the machine are used; where none has it there stands a box. The log says so either way.
    """
    with languages.speaking(receipt.buyer.get("language", languages.ENGLISH)):
        return set_document("receipt", _content(receipt), receipt.label)


def set_document(template: str, content: dict[str, object], label: str) -> bytes:
    """Return *content* set by a template beside this module, in the way of ``render_receipt``."""
    inputs = {template: json.dumps(content)}
    path = Path(__file__).with_name(f"{template}.typ")
    try:
        return _set(path, inputs, fonts(), _ARCHIVE)
    except typst.TypstError:
        logger.warning("receipt %s has a sign that our fonts lack", label)
    try:
        return _set(path, inputs, _fonts_of_the_machine(), _ARCHIVE)
    except typst.TypstError:
        return _set(path, inputs, fonts(), None)  # raises what is wrong with more than a sign


def _set(
    path: Path,
    inputs: dict[str, str],
    all_fonts: typst.Fonts,
    standard: Literal["a-2b"] | None,
) -> bytes:
    """Return the pages under *standard*; raises TypstError where that can't be."""
    pdf = typst.compile(
        path,
        format="pdf",
        sys_inputs=inputs,
        font_paths=all_fonts,
        pdf_standards=standard,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a receipt is one document")
    return pdf


@cache
def fonts() -> typst.Fonts:
    """Return typst's own fonts and those of packages for other scripts, none of the machine's."""
    paths = [Path(str(files(package))) for package in _FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=False, font_paths=list(paths))


@cache
def _fonts_of_the_machine() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


def _content(receipt: Receipt) -> dict[str, object]:
    amounts = {
        name: formats.money(getattr(receipt, f"{name}_minor"), receipt.currency)
        for name in ("subtotal", "total")
    }
    return {
        **amounts,
        "number": receipt.label,
        "order": receipt.order.label,
        "issued": formats.day(receipt.issued_at.date()),
        "issued_on": receipt.issued_at.date().isoformat(),
        "charged": formats.day(datetime.fromisoformat(receipt.payment["charged_at"]).date()),
        "seller": receipt.seller,
        "buyer": receipt.buyer,
        "line": receipt.line,
        "expiry": receipt.order.expiry_words,
        "paid_with": receipt.paid_with,
        "refunded": receipt.payment.get("refunded", ""),
        "transaction": receipt.payment["transaction"],
        "terms": receipt.terms,
        "tax_rows": tax_lines_of(receipt),
        "seller_ids": seller_ids(receipt),
        "payer": payer_words(receipt.tax),
        "language": languages.current().code,
        "labels": _labels(receipt),
    }


def tax_lines_of(document: Receipt | CreditNote) -> list[dict[str, str]]:
    """Return the tax by its rates; of one that the processor said nothing of, its sum alone."""
    rows = [asdict(row) for row in tax_rows(document.tax_lines, document.currency)]
    amount = formats.money(document.tax_minor, document.currency)
    return rows or [{"label": _("Tax"), "amount": amount, "on": "", "note": ""}]


def seller_ids(document: Receipt | CreditNote) -> list[str]:
    """Return the seller's tax ID, where they have one, in words."""
    tax_id = document.seller.get("tax_id")
    return [_("Tax ID %(value)s") % {"value": tax_id}] if tax_id else []


def _labels(receipt: Receipt) -> dict[str, str]:
    """Return what stands around the figures, in the language that is spoken now."""
    refunded = _("%(amount)s of this was refunded before this receipt was issued.")
    return {
        "receipt": _("Receipt"),
        "title": _("Invoice") if receipt.tax else _("Receipt"),
        "from": _("From"),
        "to": _("To"),
        "order": _("Order"),
        "item": _("Item"),
        "credits": _("Credits"),
        "amount": _("Amount"),
        "added": _("%(credits)s credits, added to the account.")
        % {"credits": receipt.line["credits"]},
        "paid": _("Paid"),
        "refunded": refunded % {"amount": receipt.payment.get("refunded", "")},
        "payment": _("Payment"),
        "terms": _("Terms accepted"),
        "edition": _("Refund policy, edition of %(edition)s:")
        % {"edition": formats.day(date.fromisoformat(receipt.terms["edition_on"]))},
        "agreed": _("Agreed at checkout"),
        "buyer": buyer_words(receipt),
    }


def buyer_words(document: Receipt | CreditNote) -> str:
    """Return the country that the buyer named, and as what they bought."""
    country, capacity = countries.name_of(document.buyer["country"]), document.buyer["capacity"]
    as_what = {
        BuyerCapacity.BUSINESS: _("%(country)s, as a business"),
        BuyerCapacity.CONSUMER: _("%(country)s, as a consumer"),
    }
    return as_what.get(capacity, "%(country)s") % {"country": country}
