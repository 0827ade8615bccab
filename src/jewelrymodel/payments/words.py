"""How money on its way back reads, by the way it was paid."""

from django.utils.translation import gettext as _

from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.payment_methods import CARD
from jewelrymodel.payments.values import RefundState


def refund_words(refund: Refund) -> str:
    """Return how far money is on its way back; "refunded" only once it is (edge 15)."""
    amount, charge = formats.money(refund.amount_minor, refund.currency), refund.charge
    match refund.state:
        case RefundState.SUCCEEDED:
            day = f"{refund.settled_at:%-d %B %Y}"
            return _succeeded(charge) % {"amount": amount, "day": day, "method": charge.paid_with}
        case RefundState.FAILED | RefundState.CANCELED:
            return _failed(charge) % {"amount": amount, "method": charge.paid_with}
        case RefundState.INTENDED:
            return intended_words(amount, charge)
        case _submitted if charge.method == CARD:
            words = _("%(amount)s is on its way back; your bank hasn't confirmed it yet")
        case _submitted:
            words = _("%(amount)s is on its way back; it isn't confirmed yet")
    return words % {"amount": amount}


def intended_words(amount: str, charge: Charge | None) -> str:
    """Return that *amount* will be sent back the way that *charge* was paid."""
    if charge is None or not charge.paid_with:
        return _("%(amount)s will be sent back to you") % {"amount": amount}
    if charge.method == CARD:
        return _("%(amount)s will be sent back to your card") % {"amount": amount}
    words = _("%(amount)s will be sent back to you through %(method)s")
    return words % {"amount": amount, "method": charge.paid_with}


def _succeeded(charge: Charge) -> str:
    if charge.method == CARD:
        return _("%(amount)s refunded to your bank on %(day)s; banks show it within 5–10 days")
    if charge.paid_with:
        return _("%(amount)s refunded through %(method)s on %(day)s; it may take days to appear")
    return _("%(amount)s refunded on %(day)s; it may take days to appear")


def _failed(charge: Charge) -> str:
    if charge.method == CARD:
        return _("%(amount)s did not reach your card; we look for another way to pay you")
    if charge.paid_with:
        return _("%(amount)s did not reach you through %(method)s; we look for another way to pay")
    return _("%(amount)s did not reach you; we look for another way to pay you")
