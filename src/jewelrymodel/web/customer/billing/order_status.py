"""An order's status for its buyer: what was bought, and what happened to its money since."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations
from jewelrymodel.payments.gateway import ProcessorBlocked, ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.web.templatetags.show import money

Badge = tuple[str, Promise]  # the kind of badge, and its words

_STATES: dict[str, Badge] = {
    OrderState.DRAFT: ("warn", _("Not paid yet")),
    OrderState.AWAITING_PAYMENT: ("warn", _("Not paid yet")),
    OrderState.PAYMENT_PENDING: ("info", _("Bank debit in progress")),
    OrderState.PAYMENT_FAILED: ("bad", _("Payment failed, not charged")),
    OrderState.DELIVERED: ("ok", _("Paid, credits added")),
    OrderState.CANCELED: ("", _("Canceled, not charged")),
    OrderState.EXPIRED: ("", _("Expired, not charged")),
    OrderState.REFUND_DUE: ("warn", _("Charged in error, refund due")),
    OrderState.REQUIRES_REVIEW: ("info", _("In review by our team")),
    OrderState.CLOSED: ("", _("Closed, no credits added")),
}
_PROCESSOR_DOWN = _(
    "We can’t reach the payment service right now, sorry. You weren’t charged and your order "
    "is saved; please try again."
)
_PROBLEMS: dict[str, Promise] = {
    operations.NotChargeable.code: _(
        "This price can’t be charged at the moment. Nothing was charged, and we’re sorry; please "
        "contact us."
    ),
    operations.OfferChanged.code: _(
        "This offer has changed since you opened the page. You weren’t charged; please read the "
        "offer again."
    ),
    operations.ConsentMissing.code: _(
        "Please accept both statements so we can add your credits now. You weren’t charged."
    ),
    operations.AlreadySubscribed.code: _(
        "You already have a subscription. You weren’t charged; you can manage it under Billing."
    ),
    operations.KeyReused.code: _(
        "You’ve already placed an order from this page with other details, and weren’t charged "
        "again. Continue to place a new order, or see the first one under Billing."
    ),
    operations.SubscriptionOver.code: _(
        "This subscription has ended. Nothing was changed; you can subscribe again at any time."
    ),
    ProcessorDown.code: _PROCESSOR_DOWN,
    ProcessorBlocked.code: _PROCESSOR_DOWN,
    ProcessorRefused.code: _(
        "We couldn’t start the payment, sorry. You weren’t charged; if this keeps happening, "
        "please contact support."
    ),
}
_CHARGED = (
    OrderState.DELIVERED,
    OrderState.REFUND_DUE,
    OrderState.REQUIRES_REVIEW,
    OrderState.CLOSED,
)
_IN_DISPUTE: Badge = ("warn", _("In dispute"))
_ASKED: Badge = ("info", _("Bank inquiry"))
_LOST: Badge = ("bad", _("Returned by your bank"))
_PARTLY_LOST: Badge = ("bad", _("Partially returned by your bank"))
_IN_PROGRESS: Badge = ("info", _("Refund in progress"))
_DELAYED: Badge = ("warn", _("Refund delayed"))
_REFUNDED: Badge = ("", _("Refunded"))
_PARTLY_REFUNDED: Badge = ("", _("Partially refunded"))
_CHARGED_IN_REVIEW: Badge = ("warn", _("Charged, in review by our team"))
_ERROR_REFUNDED: Badge = ("", _("Charged in error, refunded"))
_TWICE: Badge = ("warn", _("Charged more than once"))
_ONCE_AGAIN: Badge = ("ok", _("Paid; duplicate charge refunded"))


def badge(order: Order, charges: Sequence[Charge]) -> Badge:
    """Return the kind of badge and the words for an order, given its *charges*.

    "Refunded" is said only of money that was (edge 15); what a bank says comes before what we did.
    """
    if order.state not in _CHARGED:
        return _STATES[order.state]
    since = _bank(charges) or _refunds(order, charges)
    if order.state == OrderState.REQUIRES_REVIEW and any(charge.kept_minor for charge in charges):
        return since if since == _IN_DISPUTE else _CHARGED_IN_REVIEW
    return since or _STATES[order.state]


def charge_status(charge: Charge) -> str:
    """Return what happened to a charge's money since; empty while all of it is kept."""
    refunds = [one for one in charge.refunds.all() if one.is_open]
    delayed, moving = (
        sum(one.amount_minor for one in refunds if bool(one.refusal) is is_refused)
        for is_refused in (True, False)
    )
    parts = [
        (charge.refunded_minor, gettext("refunded"), gettext("%(amount)s refunded")),
        (
            charge.lost_minor,
            gettext("returned by your bank"),
            gettext("%(amount)s returned by your bank"),
        ),
        (moving, gettext("refund in progress"), gettext("refund of %(amount)s in progress")),
        (delayed, gettext("refund delayed"), gettext("refund of %(amount)s delayed")),
    ]
    phrases = [_share(charge, minor, whole, part) for minor, whole, part in parts if minor]
    disputes = [one for one in charge.disputes.all() if one.is_open]
    if disputes:
        is_inquiry = all(one.is_inquiry for one in disputes)
        phrases.append(gettext("under bank inquiry") if is_inquiry else gettext("in dispute"))
    return ", ".join(phrases)


def _share(charge: Charge, minor: int, whole: str, part: str) -> str:
    """The phrase without an amount where it is true of the whole charge."""
    if minor == charge.paid_minor:
        return whole
    return part % {"amount": money(minor, charge.currency)}


@dataclass(frozen=True)
class OrderAmounts:
    """What an order asked for, and what was charged for it where that differs."""

    asked: str
    charged: str


def order_amounts(order: Order, charges: Sequence[Charge]) -> OrderAmounts:
    """Return the order's amounts for reading; what was delivered reads as its receipt does."""
    paid = " + ".join(money(one.paid_minor, one.currency) for one in charges)
    asked = money(order.total_minor, order.currency)
    return OrderAmounts(asked, "" if paid == asked else paid)


def problem_sentence(problem: CodedError) -> str:
    """Return what a customer reads where the checkout or a change of a subscription stopped."""
    return str(_PROBLEMS[problem.code])


def second_plan_refusal(account_id: str, version: ProductVersion) -> str:
    """Return why the account can't subscribe to *version* as well now; empty where it can."""
    try:
        operations.require_not_subscribed(account_id=account_id, version=version)
    except operations.AlreadySubscribed as refused:
        return problem_sentence(refused)
    return ""


def _bank(charges: Sequence[Charge]) -> Badge | None:
    open_ones = [one for charge in charges for one in charge.disputes.all() if one.is_open]
    if any(not one.is_inquiry for one in open_ones):
        return _IN_DISPUTE
    if any(charge.lost_minor for charge in charges):
        return _PARTLY_LOST if any(charge.kept_minor for charge in charges) else _LOST
    return _ASKED if open_ones else None


def _refunds(order: Order, charges: Sequence[Charge]) -> Badge | None:
    open_ones = [one for charge in charges for one in charge.refunds.all() if one.is_open]
    if open_ones:
        return _DELAYED if any(one.refusal for one in open_ones) else _IN_PROGRESS
    unreturned = [charge for charge in charges if charge.kept_minor]
    if charges and not unreturned:
        return _ERROR_REFUNDED if order.state == OrderState.REFUND_DUE else _REFUNDED
    if len(unreturned) > 1:
        return _TWICE
    if any(charge.refunded_minor for charge in unreturned):
        return _PARTLY_REFUNDED
    return _ONCE_AGAIN if len(charges) > 1 else None
