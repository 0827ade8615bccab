"""How money on its way back reads."""

from django.utils.translation import gettext as _

from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments.models import Refund
from jewelrymodel.payments.values import RefundState


def refund_words(refund: Refund) -> str:
    """Return how far money is on its way back; "refunded" only once it is (edge 15)."""
    amount = in_words(refund.amount_minor, refund.currency)
    match refund.state:
        case RefundState.SUCCEEDED:
            told = _("%(amount)s refunded to your bank on %(day)s; banks show it within 5–10 days")
            return told % {"amount": amount, "day": f"{refund.settled_at:%-d %B %Y}"}
        case RefundState.FAILED | RefundState.CANCELED:
            told = _("%(amount)s did not reach your card; we look for another way to pay you")
        case RefundState.INTENDED:
            told = _("%(amount)s will be sent back to your card")
        case _submitted:
            told = _("%(amount)s is on its way back; your bank hasn't confirmed it yet")
    return told % {"amount": amount}
