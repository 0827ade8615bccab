"""What the policy says of a purchase now, and what it said when an order was placed."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.hypotheses import Buyer, of_purchase
from jewelrymodel.policy.promise import PromisedLine, promised_lines
from jewelrymodel.promises.models import OrderPromise
from jewelrymodel.promises.rules.supposed_purchase import supposed_buyer, supposed_offer


class NoPromise(CodedError):
    """Nothing was promised with this order; it was placed before there were promises, or renews."""


def checkout_lines(
    *, version: ProductVersion, text: Edition, country: str, capacity: str, now: datetime
) -> tuple[PromisedLine, ...]:
    """Return what may come of buying *version* under the edition *text*, and what is decided then.

    *text* is what the order is going to pin.
    """
    buyer = _buyer(country, capacity)
    return promised_lines(
        of_purchase(supposed_offer(version, at=now), buyer),
        (text,),
        at=now,
        pinned_on=text.date,
        pinned_sha256=text.sha256,
    )


@dataclass(frozen=True)
class KeptPromise:
    """A promise that was kept, read: its digest and its lines."""

    sha256: str
    lines: tuple[PromisedLine, ...]


def promises_for(order: Order | None) -> tuple[KeptPromise, ...]:
    """Return what was promised with an order, or for a renewal with the order that began its plan;
    none where there was none.
    """
    if order is None:
        return ()
    whose = Q(order_id=order.pk)
    if order.subscription_id:
        whose |= Q(order__subscription_id=order.subscription_id)
    rows = OrderPromise.objects.filter(whose).order_by("made_at")
    return tuple(KeptPromise(one.sha256, one.promise.lines) for one in rows)


def order_promise(*, account_id: str, order_id: str) -> OrderPromise:
    """Return what was promised with one of the account's orders; raises NoPromise."""
    row = OrderPromise.objects.filter(account_id=account_id, pk=order_id).first()
    if row is None:
        raise NoPromise(order=order_id)
    return row


def _buyer(country: str, capacity: str) -> Buyer:
    return supposed_buyer(
        country=country,
        capacity=capacity,
        machine_limit_minor=settings.MACHINE_LIMIT_MINOR,
        second_approval_limit_minor=settings.SECOND_APPROVAL_LIMIT_MINOR,
    )
