"""Renewals that were neither paid nor declined in their time: looked at again, then a person's."""

from datetime import datetime

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jewelrymodel.infra import formats
from jewelrymodel.payments import queries
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations.reconciliation import Difference
from jewelrymodel.payments.operations.subscription_renewal import settle_subscription

_moment = lazy(formats.moment, str)
"""As the reader of a case writes it, who is known when it is opened."""


def overdue_renewals(*, now: datetime) -> list[Difference]:
    """Return the plans that seem to renew and don't: each is looked at once more before.

    Raises ProcessorDown.
    """
    for ours in queries.overdue_renewals(now=now):
        try:
            settle_subscription(processor_subscription_id=ours.processor_subscription_id, now=now)
        except ProcessorRefused:
            continue  # a person finds out why
    overdue = [(one, _newest(one)) for one in queries.overdue_renewals(now=now)]
    return [_difference(ours, order) for ours, order in overdue if order is not None]


def _newest(ours: Subscription) -> Order | None:
    return ours.orders.order_by("-created_at", "-number").first()


def _difference(ours: Subscription, order: Order) -> Difference:
    words = _(
        "The payment processor has neither charged nor declined the renewal of {subscription}, due "
        "on {at}. See its invoice there: collect it, or cancel the subscription."
    )
    processor_id = ours.processor_subscription_id
    at = _moment(ours.period_ends_at)
    return Difference(order, format_lazy(words, subscription=processor_id, at=at), processor_id)
