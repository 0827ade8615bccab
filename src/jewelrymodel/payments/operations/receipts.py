"""Receipts: a snapshot of seller, buyer and sale under a gapless number."""

from datetime import datetime

from django.conf import settings

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments.models import Charge, ChargeTax, Order, Receipt
from jewelrymodel.payments.number_series import Series
from jewelrymodel.payments.operations.gapless_numbers import take_number


def issue_receipt(*, order: Order, charge: Charge, tax_minor: int, now: datetime) -> Receipt:
    """Return the order's receipt, written inside the caller's transaction.

    It states what was paid, whatever the order had asked for, with the tax that the processor said
    is in the charge, else *tax_minor* as tax, in the language that the account reads now: an issued
    receipt never changes, its language included.
    """
    language = accounts.language_of(account_id=order.account_id) or languages.ENGLISH
    with languages.speaking(language):
        payment = _payment(charge)
    tax = ChargeTax.objects.filter(charge=charge).first()
    tax_minor = tax.tax_minor if tax else tax_minor
    return Receipt.objects.create(
        id=new_id("rcp", now=now),
        number=take_number(Series.RECEIPT),
        account_id=order.account_id,
        order=order,
        seller=seller_now(),
        buyer={**_buyer(order), "language": language},
        line=_line(order),
        payment=payment,
        terms={
            "edition_on": order.terms_edition.edition_on.isoformat(),
            "sha256": order.terms_sha256,
            "consents": order.consents,
        },
        tax=tax.as_receipt if tax else {},
        subtotal_minor=charge.paid_minor - tax_minor,
        tax_minor=tax_minor,
        total_minor=charge.paid_minor,
        currency=charge.currency,
        issued_at=now,
    )


def seller_now() -> dict[str, str]:
    """Return who sells, as a document that is issued now keeps it."""
    return {
        "brand": settings.BRAND,
        "name": settings.LEGAL_ENTITY,
        "address": settings.LEGAL_ADDRESS,
        "email": settings.SUPPORT_EMAIL,
        "tax_id": settings.LEGAL_TAX_ID,
        "url": settings.PUBLIC_URL,
    }


def _buyer(order: Order) -> dict[str, str]:
    return {
        "name": order.account.name,
        "email": order.buyer_email,
        "country": order.country,
        "capacity": order.buyer_capacity,
    }


def _line(order: Order) -> dict[str, object]:
    version = order.product_version
    return {
        "sku": version.sku,
        "name": version.name,
        "credits": order.credits,
    }


def _payment(charge: Charge) -> dict[str, str]:
    """Of a card, brand and last four digits; of another method what names it; nothing else."""
    return {
        "transaction": charge.transaction,
        "method": charge.method,
        "paid_with": charge.paid_with,
        "card_brand": charge.card_brand,
        "card_last4": charge.card_last4,
        "charged_at": charge.charged_at.isoformat(),
        **_refunded(charge),
    }


def _refunded(charge: Charge) -> dict[str, str]:
    """What had gone back already of a charge that was delivered after a review."""
    if not charge.refunded_minor:
        return {}
    return {"refunded": formats.money(charge.refunded_minor, charge.currency)}
