"""An order's history: placed, charged, delivered, refunded, disputed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.payments.refund_status import refund_words, took_credits
from jewelrymodel.payments.statuses import DisputeStatus
from jewelrymodel.web.customer.billing.order_status import badge
from jewelrymodel.web.templatetags.show import money

_ENDED = {
    DisputeStatus.WON: gettext_lazy("The bank ruled in our favor."),
    DisputeStatus.LOST: gettext_lazy(
        "The bank ruled in your favor and returned the payment to you."
    ),
}
_APPEALED = gettext_lazy("The bank returned the payment to you; we are appealing its decision.")


@dataclass(frozen=True)
class Moment:
    """One line of an order's history."""

    at: datetime
    words: str


def history(order: Order, charges: Sequence[Charge]) -> list[Moment]:
    """Return what happened to the order and its *charges* (oldest first), oldest first."""
    moments = [Moment(order.created_at, _("Order placed and terms accepted.")), *_charges(charges)]
    moments += _delivery(order)
    moments += [_refund(one) for charge in charges for one in charge.refunds.all()]
    moments += [_dispute(one) for charge in charges for one in charge.disputes.all()]
    if order.closed_at:
        moments.append(Moment(order.closed_at, f"{badge(order, charges)[1]}."))
    return sorted(moments, key=lambda one: one.at.replace(microsecond=0))  # as the processor counts


def _charges(charges: Iterable[Charge]) -> Iterator[Moment]:
    for number, charge in enumerate(charges):
        sentence = _("You were charged %(amount)s.")
        if charge.is_elsewhere:
            sentence = _("You paid us %(amount)s directly (reference %(transaction)s).")
        elif number:
            sentence = _("You were charged %(amount)s again (transaction %(transaction)s).")
        words = {
            "amount": money(charge.paid_minor, charge.currency),
            "transaction": charge.transaction,
        }
        yield Moment(charge.charged_at, sentence % words)


def _delivery(order: Order) -> Iterator[Moment]:
    if order.delivered_at:
        count = order.credits
        added = ngettext("%(n)s credit added.", "%(n)s credits added.", count)
        yield Moment(order.delivered_at, added % {"n": count})
    if order.confirmed_at:
        sentence = _("Receipt emailed to %(email)s.") % {"email": order.buyer_email}
        yield Moment(order.confirmed_at, sentence)


def _refund(refund: Refund) -> Moment:
    """As far as it got, at the moment when it got there."""
    sentence = refund_words(refund) + "."
    if took_credits(refund):
        sentence += " " + _("The unused credits were removed.")
    return Moment(refund.settled_at or refund.submitted_at or refund.created_at, sentence)


def _dispute(dispute: ChargeDispute) -> Moment:
    sentence = _("The charge of %(amount)s was disputed at your bank.")
    if dispute.is_inquiry:
        sentence = _("Your bank asked us about the charge of %(amount)s.")
    amount = {"amount": money(dispute.amount_minor, dispute.currency)}
    ended = _ENDED.get(DisputeStatus(dispute.status), _APPEALED if dispute.lost_at else "")
    return Moment(dispute.opened_at, " ".join(filter(None, (sentence % amount, str(ended)))))
