"""Which of our own facts speak for contesting a dispute, and which for accepting it.

A fact, never a claim: each names the record that it stands in. A person answers the bank.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.disputes import queries
from jewelrymodel.infra import formats
from jewelrymodel.kernel.money import in_words
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, ChargeDispute
from jewelrymodel.payments.statuses import OrderState, RefundState

OLD_ENOUGH, TOO_OLD = timedelta(days=120), timedelta(days=365)
_EARLIER_CHARGES = 2  # what the card network wants to see of the same person


class Stance(StrEnum):
    """What a fact speaks for."""

    CONTEST = "contest"
    ACCEPT = "accept"


@dataclass(frozen=True)
class Point:
    """One fact, and the order that it stands in."""

    stance: Stance
    words: str
    order_id: str


Points = Iterator[Point]


def points(dispute: ChargeDispute, *, now: datetime) -> list[Point]:
    """Return our facts about the matter that the bank names, those for the customer first."""
    readers = (_right_by_law, *_READERS.get(dispute.reason, ()))
    facts = [point for read in readers for point in read(dispute, now)]
    return sorted(facts, key=lambda point: point.stance is not Stance.ACCEPT)


def _point(dispute: ChargeDispute, stance: Stance, words: str) -> Point:
    return Point(stance, words, dispute.charge.order_id)


def _right_by_law(dispute: ChargeDispute, _now: datetime) -> Points:
    if queries.law_right(dispute):
        words = _("The law gave this buyer a right to withdraw when the bank was asked.")
        yield _point(dispute, Stance.ACCEPT, words)


def _delivery(dispute: ChargeDispute, now: datetime) -> Points:
    bought = ledger.purchase(dispute.account_id, dispute.charge.order_id, now)
    if not queries.bought_something(dispute):
        yield _point(dispute, Stance.ACCEPT, _("Nothing was added for this charge."))
    elif bought.used:
        words = _("%(granted)s credits were added, and %(used)s of them spent on images.")
        sentence = words % {"granted": bought.granted, "used": bought.used}
        yield _point(dispute, Stance.CONTEST, sentence)
    else:
        words = _("%(granted)s credits were added; none was used.") % {"granted": bought.granted}
        yield _point(dispute, Stance.CONTEST, words)


def _same_person(dispute: ChargeDispute, _now: datetime) -> Points:
    """Two earlier undisputed charges, 120 to 365 days old, from the same connection or device."""
    order = dispute.charge.order
    earlier = Charge.objects.filter(
        account_id=dispute.account_id,
        disputes__isnull=True,
        charged_at__gte=dispute.charge.charged_at - TOO_OLD,
        charged_at__lte=dispute.charge.charged_at - OLD_ENOUGH,
    )
    same = [
        one
        for one in earlier.select_related("order")
        if (order.ip and one.order.ip == order.ip)
        or (order.device_id and one.order.device_id == order.device_id)
    ]
    if len(same) >= _EARLIER_CHARGES:
        words = _("%(n)s earlier charges of the same person were never disputed.")
        yield _point(dispute, Stance.CONTEST, words % {"n": len(same)})
    else:
        words = _("We can’t show that the payer bought this: too few earlier charges.")
        yield _point(dispute, Stance.ACCEPT, words)


def _duplicate(dispute: ChargeDispute, _now: datetime) -> Points:
    order = dispute.charge.order
    charges = payments.charges_of_order(order_id=order.pk)
    others = [one for one in charges if one.pk != dispute.charge_id]
    if others:
        back = {"amount": in_words(sum(one.refunded_minor for one in others), dispute.currency)}
        if any(one.kept_minor for one in others):
            words = _("This order was charged more than once (6.1).")
            yield _point(dispute, Stance.ACCEPT, words)
        else:
            words = _("Its other charge was already refunded: %(amount)s (6.1).")
            yield _point(dispute, Stance.CONTEST, words % back)
        return
    for earlier, later in payments.same_purchases_as(order):
        words = _("%(one)s and %(other)s are the same product, bought within minutes.")
        labels = {"one": earlier.label, "other": later.label}
        yield _point(dispute, Stance.ACCEPT, words % labels)
        return
    words = _("No other charge repeats this one; it is an order of its own.")
    yield _point(dispute, Stance.CONTEST, words)


def _cancellation(dispute: ChargeDispute, _now: datetime) -> Points:
    order = dispute.charge.order
    asked_at = order.subscription.cancel_requested_at if order.subscription else None
    is_earlier = asked_at is not None and asked_at < dispute.charge.charged_at
    if is_earlier or order.state == OrderState.REFUND_DUE:
        words = _("The subscription had been canceled before this charge (3.2).")
        yield _point(dispute, Stance.ACCEPT, words)
    else:
        words = _("The subscription had not been canceled before this charge.")
        yield _point(dispute, Stance.CONTEST, words)


def _refunds(dispute: ChargeDispute, _now: datetime) -> Points:
    refunds = payments.refunds(account_id=dispute.account_id)
    for refund in refunds:
        if refund.charge_id != dispute.charge_id:
            continue
        if refund.state == RefundState.SUCCEEDED and refund.settled_at:
            words = _("Refund %(id)s was paid on %(day)s.")
            sentence = words % {"id": refund.pk, "day": formats.day(refund.settled_at.date())}
            yield _point(dispute, Stance.CONTEST, sentence)
        else:
            words = _("Refund %(id)s was decided and has not reached the customer.")
            yield _point(dispute, Stance.ACCEPT, words % {"id": refund.pk})


def _tasks(dispute: ChargeDispute, now: datetime) -> Points:
    """Whether each task that spent this order's credits delivered what it took (5.3).

    Delivered is what can be fetched. What an automatic check says of an image is no evidence: how
    often it errs is not known.
    """
    whole = 0
    for task, owes in queries.tasks_paid_with(dispute, before=now):
        if owes:
            words = _("A generation of %(day)s used credits and did not deliver everything (5.3).")
            finding = words % {"day": formats.day(task.created_at.date())}
            yield _point(dispute, Stance.ACCEPT, finding)
        else:
            whole += 1
    if whole:
        words = ngettext(
            "%(n)s generation used these credits and delivered everything.",
            "%(n)s generations used these credits, and each delivered everything.",
            whole,
        )
        yield _point(dispute, Stance.CONTEST, words % {"n": whole})


_READERS: dict[str, tuple[Callable[[ChargeDispute, datetime], Points], ...]] = {
    "fraudulent": (_same_person, _delivery),
    "unrecognized": (_same_person, _delivery),
    "duplicate": (_duplicate, _delivery),
    "product_not_received": (_delivery,),
    "product_unacceptable": (_tasks, _delivery),
    "subscription_canceled": (_cancellation, _delivery),
    "credit_not_processed": (_refunds, _delivery),
}
