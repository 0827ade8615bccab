"""A charge as the processor shows it, in our words."""

from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.adapters.stripe_client import asked, client
from jewelrymodel.payments.values import SeenCharge

ORDER_ID = "order_id"


def charge_and_order(processor_charge_id: str) -> tuple[SeenCharge | None, str]:
    """Return a charge as it is now, and the order that its payment names; empty where none is.

    Raises ProcessorDown and ProcessorRefused.
    """
    charge = asked(lambda: client().v1.charges.retrieve(processor_charge_id))
    named = charge.payment_intent
    if named is None:
        return None, ""
    intent_id = named if isinstance(named, str) else named.id
    intent = asked(
        lambda: client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
    )
    order_id = str(intent.metadata.to_dict().get(ORDER_ID, "")) if intent.metadata else ""
    return seen_charge(intent), order_id


def seen_charge(intent: stripe.PaymentIntent) -> SeenCharge | None:
    """Return the latest charge of *intent* (expanded); None where there is none."""
    charge = intent.latest_charge
    if not isinstance(charge, stripe.Charge):
        return None
    details = charge.payment_method_details
    card = details.card if details else None
    return SeenCharge(
        id=charge.id,
        intent_id=intent.id,
        succeeded=charge.status == "succeeded" and charge.paid and intent.status == "succeeded",
        captured_minor=charge.amount_captured if charge.captured else 0,
        refunded_minor=charge.amount_refunded,
        disputed=charge.disputed,
        currency=charge.currency.upper(),
        card_brand=(card.brand or "") if card else "",
        card_last4=(card.last4 or "") if card else "",
        charged_at=datetime.fromtimestamp(charge.created, UTC),
    )
