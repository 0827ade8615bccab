"""How an order stands, in words: what was bought, and what became of its money since."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.values import OrderState
from jewelrymodel.web.templatetags.show import money

Badge = tuple[str, Promise]  # the kind of badge, and its words

_STATES: dict[str, Badge] = {
    OrderState.DRAFT: ("warn", _("Not paid yet")),
    OrderState.AWAITING_PAYMENT: ("warn", _("Not paid yet")),
    OrderState.DELIVERED: ("ok", _("Paid, credits added")),
    OrderState.CANCELED: ("", _("Canceled, nothing charged")),
    OrderState.EXPIRED: ("", _("Expired, nothing charged")),
    OrderState.IN_ERROR: ("warn", _("Charged in error, money owed back")),
    OrderState.HELD: ("info", _("In review by our team")),
    OrderState.CLOSED: ("", _("Closed, nothing added")),
}
_CHARGED = (OrderState.DELIVERED, OrderState.IN_ERROR, OrderState.HELD, OrderState.CLOSED)
_IN_DISPUTE: Badge = ("warn", _("In dispute"))
_ASKED: Badge = ("info", _("Your bank asks about it"))
_LOST: Badge = ("bad", _("Taken back by the bank"))
_PARTLY_LOST: Badge = ("bad", _("Partly taken back by the bank"))
_ON_ITS_WAY: Badge = ("info", _("Refund on its way"))
_REFUNDED: Badge = ("", _("Refunded"))
_PARTLY_REFUNDED: Badge = ("", _("Partly refunded"))
_CHARGED_IN_REVIEW: Badge = ("warn", _("Charged, in review by our team"))
_ERROR_REFUNDED: Badge = ("", _("Charged in error, refunded"))
_TWICE: Badge = ("warn", _("Charged more than once"))
_ONCE_AGAIN: Badge = ("ok", _("Paid once, the other charge refunded"))


def badge(order: Order, charges: Sequence[Charge]) -> Badge:
    """Return the kind of badge and the words for an order, given its *charges*.

    "Refunded" is said only of money that was (edge 15); what a bank says comes before what we did.
    """
    if order.state not in _CHARGED:
        return _STATES[order.state]
    since = _bank(charges) or _refunds(order, charges)
    if order.state == OrderState.HELD and any(charge.kept_minor for charge in charges):
        return since if since == _IN_DISPUTE else _CHARGED_IN_REVIEW
    return since or _STATES[order.state]


def charge_words(charge: Charge) -> str:
    """Return what became of a charge's money since; empty while all of it is simply kept."""
    refunds = [one for one in charge.refunds.all() if one.is_open]
    parts = [
        (charge.refunded_minor, _now("refunded")),
        (charge.lost_minor, _now("taken back by your bank")),
        (sum(one.amount_minor for one in refunds), _now("on its way back")),
    ]
    told = [_part(charge, minor, words) for minor, words in parts if minor]
    if charge.refunded_minor + charge.lost_minor and charge.kept_minor:
        told.append(_part(charge, charge.kept_minor, _now("kept")))
    asked = [one for one in charge.disputes.all() if one.is_open]
    if asked:
        is_question = all(one.is_inquiry for one in asked)
        told.append(_now("your bank asks about it") if is_question else _now("in dispute"))
    return ", ".join(told)


def _part(charge: Charge, minor: int, words: str) -> str:
    """The words alone where they are true of the whole charge."""
    return words if minor == charge.paid_minor else f"{money(minor, charge.currency)} {words}"


def problem_words(problem: Exception) -> str:
    """Return what a named exception says to the customer, in their language.

    That is its docstring's first paragraph; the others are for whoever reads the code.
    """
    return _now(" ".join((problem.__doc__ or "").partition("\n\n")[0].split()))


def second_plan_words(account_id: str, version: ProductVersion) -> str:
    """Return why the account can't take *version* as well now, in words; empty where it can."""
    try:
        operations.refuse_second_plan(account_id=account_id, version=version)
    except operations.AlreadySubscribed as refused:
        return problem_words(refused)
    return ""


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
