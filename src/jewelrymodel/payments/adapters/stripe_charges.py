"""A charge as the processor shows it, in our words."""

from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.values import SeenCharge


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
