"""Why an order is held, as staff read it; the record has a code with its parameters."""

import json
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.infra.formats import money
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.statuses import HoldReason

_SENTENCES: dict[str, str | Promise] = {
    HoldReason.OTHERS_PAGE: _("The payment page belongs to order %(order_id)s"),
    HoldReason.UNKNOWN_STATUS: _("The payment processor used a status that we don’t know"),
    HoldReason.PAGE_AMOUNT: _("The payment page charged %(charged)s instead of %(expected)s"),
    HoldReason.INVOICE_AMOUNT: _("The invoice charged %(charged)s instead of %(expected)s"),
    HoldReason.CHARGE_AMOUNT: _("The buyer was charged %(charged)s instead of %(expected)s"),
    HoldReason.PAGE_WITHOUT_CHARGE: _("Paid, but the payment processor shows no charge"),
    HoldReason.INVOICE_WITHOUT_CHARGE: _(
        "The invoice is paid, but the payment processor shows no charge"
    ),
    HoldReason.CHARGE_WITHOUT_PAGE: _("Charged, but the payment page doesn’t show it"),
    HoldReason.CHARGE_FAILED: _("Paid, but the charge didn’t succeed"),
    HoldReason.CHARGE_RETURNED: _("The charge has already been refunded or disputed"),
    HoldReason.OTHERS_CHARGE: _("The charge paid for order %(order)s"),
    HoldReason.REFUND_FAILED: _("The refund didn’t reach the customer"),
    HoldReason.TAX_LINES: _("The tax lines don’t add up to the tax in the payment"),
    HoldReason.FORMER: "%(text)s",
}


def hold_message(order: Order) -> str:
    """Return why an order is held, without a period at its end."""
    return _sentence(order.held_code, order.held_detail)


def noted_hold_message(noted: str) -> str:
    """Return the same of what an audit record noted; of earlier versions, their own words."""
    code, _space, detail = noted.partition(" ")
    return _sentence(code, json.loads(detail)) if code in _SENTENCES and detail else noted


def _sentence(code: str, detail: Mapping[str, str | int]) -> str:
    if code not in _SENTENCES:
        return ""
    amounts = {
        name: money(int(detail[f"{name}_minor"]), str(detail[f"{name}_currency"]))
        for name in ("charged", "expected")
        if f"{name}_minor" in detail
    }
    return str(_SENTENCES[code]) % {**detail, **amounts}
