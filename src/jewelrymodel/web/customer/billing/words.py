"""How an order stands, in words: what was bought, and what became of its money since."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.values import OrderState

Badge = tuple[str, Promise]  # the kind of badge, and its words

_STATES: dict[str, Badge] = {
    OrderState.DRAFT: ("warn", _("Not paid yet")),
    OrderState.AWAITING_PAYMENT: ("warn", _("Not paid yet")),
    OrderState.DELIVERED: ("ok", _("Paid, credits added")),
    OrderState.CANCELED: ("", _("Canceled, nothing charged")),
    OrderState.EXPIRED: ("", _("Expired, nothing charged")),
    OrderState.IN_ERROR: ("warn", _("Charged in error, money owed back")),
    OrderState.HELD: ("info", _("A person is looking at it")),
}
_IN_DISPUTE: Badge = ("warn", _("In dispute"))
_ASKED: Badge = ("info", _("Your bank asks about it"))
_LOST: Badge = ("bad", _("Taken back by the bank"))
_PARTLY_LOST: Badge = ("bad", _("Partly taken back by the bank"))
_ON_ITS_WAY: Badge = ("info", _("Refund on its way"))
_REFUNDED: Badge = ("", _("Refunded"))
_PARTLY_REFUNDED: Badge = ("", _("Partly refunded"))
_ERROR_REFUNDED: Badge = ("", _("Charged in error, refunded"))
_TWICE: Badge = ("warn", _("Charged more than once"))
_ONCE_AGAIN: Badge = ("ok", _("Paid once, the other charge refunded"))


def badge(order: Order, charges: Sequence[Charge]) -> Badge:
    """Return the kind of badge and the words for an order, given its *charges*.

    "Refunded" is said only of money that was (edge 15); what a bank says comes before what we did.
    """
    if order.state not in (OrderState.DELIVERED, OrderState.IN_ERROR):
        return _STATES[order.state]
    return _bank(charges) or _refunds(order, charges) or _STATES[order.state]


def problem_words(problem: Exception) -> str:
    """Return what a named exception says to the customer: its docstring, in their language."""
    return _now(" ".join((problem.__doc__ or "").split()))


def _bank(charges: Sequence[Charge]) -> Badge | None:
    open_ones = [one for charge in charges for one in charge.disputes.all() if one.is_open]
    if any(not one.is_inquiry for one in open_ones):
        return _IN_DISPUTE
    if any(charge.lost_minor for charge in charges):
        return _PARTLY_LOST if any(charge.kept_minor for charge in charges) else _LOST
    return _ASKED if open_ones else None


def _refunds(order: Order, charges: Sequence[Charge]) -> Badge | None:
    if any(refund.is_open for charge in charges for refund in charge.refunds.all()):
        return _ON_ITS_WAY
    kept = [charge for charge in charges if charge.kept_minor]
    if charges and not kept:
        return _ERROR_REFUNDED if order.state == OrderState.IN_ERROR else _REFUNDED
    if len(kept) > 1:
        return _TWICE
    if any(charge.refunded_minor for charge in kept):
        return _PARTLY_REFUNDED
    return _ONCE_AGAIN if len(charges) > 1 else None
