"""A charge as the processor shows it, in our words."""

from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.adapters.stripe_client import asked, client, id_of
from jewelrymodel.payments.values import ListedCharge, SeenCharge

ORDER_ID = "order_id"


def charge_and_order(processor_charge_id: str) -> tuple[SeenCharge | None, str]:
    """Return a charge as it is now, and the order that its payment names; empty where none is.

    Raises ProcessorDown and ProcessorRefused.
    """
    charge = asked(lambda: client().v1.charges.retrieve(processor_charge_id))
    intent_id = id_of(charge.payment_intent)
    if not intent_id:
        return None, ""
    intent = asked(
        lambda: client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
    )
    return seen_charge(intent), _order_id(intent)


def charges_since(since: datetime) -> list[ListedCharge]:
    """Return every charge since then that took money, newest first; a hundred of them a call.

    Raises ProcessorDown and ProcessorRefused.
    """
    wanted: stripe.params.ChargeListParams = {"created": {"gte": int(since.timestamp())}}
    listed = asked(
        lambda: list(client().v1.charges.list({**wanted, "limit": 100}).auto_paging_iter())
    )
    return [_listed(charge) for charge in listed if charge.paid and charge.captured]


def _listed(charge: stripe.Charge) -> ListedCharge:
    return ListedCharge(
        id=charge.id,
        customer_id=id_of(charge.customer),
        order_id=_order_id(charge),
        paid_minor=charge.amount_captured,
        refunded_minor=charge.amount_refunded,
        currency=charge.currency.upper(),
        charged_at=datetime.fromtimestamp(charge.created, UTC),
    )


def _order_id(found: stripe.Charge | stripe.PaymentIntent) -> str:
    return str(found.metadata.to_dict().get(ORDER_ID, "")) if found.metadata else ""


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
