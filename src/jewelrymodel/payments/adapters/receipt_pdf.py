"""The receipt as PDF, set by typst in the fonts that it brings along."""

import json
from functools import cache
from pathlib import Path

import typst

from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Receipt

_TEMPLATE = Path(__file__).with_name("receipt.typ")


def render_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as a PDF of one page; the same receipt gives the same page."""
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
        "issued": f"{receipt.issued_at:%d %B %Y}",
        "charged": receipt.payment["charged_at"][:10],
        "seller": receipt.seller,
        "buyer": receipt.buyer,
        "line": receipt.line,
        "expiry": receipt.order.expiry_words,
        "paid_with": receipt.paid_with,
        "refunded": receipt.payment.get("refunded", ""),
        "transaction": receipt.payment["transaction"],
        "terms": receipt.terms,
    }
