"""Facts of a request to withdraw from a contract, from the order's own record."""

from datetime import datetime

from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.remedies.rules import fact_digests


def withdrawal_facts(order: Order, requested_at: datetime, now: datetime) -> dict[str, Fact]:
    """Return whether the days run that the law gives, and what the buyer agreed to at checkout.

    *requested_at* is when they said that they withdraw: that counts, not when it is decided.
    """
    given = withdrawals.consents_of(order)
    values: dict[str, Value] = {
        "withdrawal.window": withdrawals.window(order, at=requested_at).value,
        "withdrawal.renewal": withdrawals.is_renewal(order),
        "withdrawal.started_on_request": ConsentKind.EXPRESS_CONSENT_TO_START.value in given,
        "withdrawal.loss_acknowledged": ConsentKind.ACKNOWLEDGEMENT_OF_LOSS.value in given,
        "withdrawal.confirmed": order.confirmed_at is not None
        and order.confirmed_at <= requested_at,
    }
    return fact_digests.facts_of_record(values, record=f"order:{order.pk}", at=now)
