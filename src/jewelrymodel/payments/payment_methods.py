"""How a charge was paid, in words that its payer knows.

The processor has a word for every method and adds some each year; source of those below: the type
``Charge.PaymentMethodDetails`` of the pinned SDK. One that we don't know is shown as it is called.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

CARD = "card"
DELAYED = frozenset(
    {
        "ach_credit_transfer",
        "ach_debit",
        "acss_debit",
        "au_becs_debit",
        "bacs_debit",
        "customer_balance",
        "nz_bank_account",
        "sepa_credit_transfer",
        "sepa_debit",
        "us_bank_account",
    }
)
"""Bank debits and transfers: days pass before it is known whether they are paid."""

_NAMES = {
    "ach_credit_transfer": "ACH credit transfer",
    "ach_debit": "ACH Direct Debit",
    "acss_debit": gettext_noop("Pre-authorized debit"),
    "afterpay_clearpay": "Afterpay",
    "au_becs_debit": "BECS Direct Debit",
    "bacs_debit": "Bacs Direct Debit",
    "blik": "BLIK",
    "card_present": gettext_noop("Card"),
    "cashapp": "Cash App Pay",
    "customer_balance": gettext_noop("Bank transfer"),
    "eps": "EPS",
    "fpx": "FPX",
    "ideal": "iDEAL",
    "interac_present": "Interac",
    "kr_card": gettext_noop("Card"),
    "mb_way": "MB WAY",
    "mobilepay": "MobilePay",
    "nz_bank_account": gettext_noop("Bank account"),
    "oxxo": "OXXO",
    "p24": "Przelewy24",
    "payco": "PAYCO",
    "paid_elsewhere": gettext_noop("Paid to us directly"),
    "paynow": "PayNow",
    "paypal": "PayPal",
    "paypay": "PayPay",
    "payto": "PayTo",
    "promptpay": "PromptPay",
    "sepa_credit_transfer": gettext_noop("SEPA credit transfer"),
    "sepa_debit": gettext_noop("SEPA Direct Debit"),
    "sequra": "seQura",
    "stripe_account": gettext_noop("Stripe balance"),
    "twint": "TWINT",
    "upi": "UPI",
    "us_bank_account": gettext_noop("Bank account"),
    "wechat": "WeChat Pay",
    "wechat_pay": "WeChat Pay",
}
_BRANDS = {
    "": gettext_noop("Card"),
    "amex": "American Express",
    "diners": "Diners Club",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "unionpay": "UnionPay",
    "unknown": gettext_noop("Card"),
}


def method_words(
    *, method: str, card_brand: str = "", card_last4: str = "", details: Mapping[str, str]
) -> str:
    """Return what paid: "Visa ending in 4242", "Link", "Bank account ending in 6789"; empty where
    the processor didn't say.
    """
    brand = card_brand or details.get("brand", "")
    last4 = card_last4 or details.get("last4", "")
    name = _(_brand(brand) if method == CARD or brand else _name(method))
    if not last4:
        return name
    return _("%(name)s ending in %(last4)s") % {"name": name, "last4": last4}


def _name(method: str) -> str:
    return _NAMES.get(method) or " ".join(word.capitalize() for word in method.split("_"))


def _brand(brand: str) -> str:
    return _BRANDS.get(brand) or " ".join(word.capitalize() for word in brand.split("_"))
