"""A charge as the processor shows it, in our words."""

from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.adapters.stripe_client import (
    asked,
    client,
    created_within,
    id_at,
    optional,
)
from jewelrymodel.payments.adapters.stripe_refunds import with_refunds
from jewelrymodel.payments.payment_methods import CARD
from jewelrymodel.payments.processor_objects import IntentStatus, ListedCharge, ProcessorCharge
from jewelrymodel.payments.rules.processor_amounts import received

ORDER_ID = "order_id"
_KEPT = ("brand", "last4", "bank", "bank_name", "country")


def charge_and_order(processor_charge_id: str) -> tuple[ProcessorCharge | None, str]:
    """Return a charge as it is now, and the order that its payment names; empty where none is.

    Raises ProcessorDown and ProcessorRefused.
    """
    charge = asked(lambda: client().v1.charges.retrieve(processor_charge_id), right="charge_read")
    intent_id = id_at(charge, "payment_intent")
    if not intent_id:
        return None, ""
    intent = asked(
        lambda: client().v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}),
        right="payment_intent_read",
    )
    return with_refunds(client(), processor_charge(intent)), _order_id(intent)


def list_charges_since(since: datetime, before: datetime | None = None) -> list[ListedCharge]:
    """Return every charge since then that took money, newest first; a hundred of them a call.

    Only those *before* an instant, where one is given. Raises ProcessorDown and ProcessorRefused.
    """
    wanted: stripe.params.ChargeListParams = {"created": created_within(since, before)}
    listed = asked(
        lambda: list(client().v1.charges.list({**wanted, "limit": 100}).auto_paging_iter()),
        right="charge_read",
    )
    return [_listed(charge) for charge in listed if charge.paid and charge.captured]


def _listed(charge: stripe.Charge) -> ListedCharge:
    return ListedCharge(
        id=charge.id,
        customer_id=id_at(charge, "customer"),
        order_id=_order_id(charge),
        paid_minor=received(charge.amount_captured, charge.currency),
        refunded_minor=received(charge.amount_refunded, charge.currency),
        currency=charge.currency.upper(),
        charged_at=datetime.fromtimestamp(charge.created, UTC),
    )


def _order_id(payment: stripe.Charge | stripe.PaymentIntent) -> str:
    return optional(payment, str, "metadata", ORDER_ID) or ""


def intent_status(intent: stripe.PaymentIntent | None) -> IntentStatus | None:
    """Return how far a payment got; None where there is none."""
    if intent is None:
        return None
    try:
        return IntentStatus(intent.status)
    except ValueError:
        return IntentStatus.UNKNOWN


def decline_of(intent: stripe.PaymentIntent | None) -> str:
    """Return the last refusal of a payment, in the processor's words; empty where there is none."""
    return optional(intent, str, "last_payment_error", "message") or ""


def processor_charge(intent: stripe.PaymentIntent) -> ProcessorCharge | None:
    """Return the latest charge of *intent* (expanded); None where there is none."""
    charge = optional(intent, stripe.Charge, "latest_charge")
    if charge is None:
        return None
    method = optional(charge, str, "payment_method_details", "type") or ""
    details = _details(charge, method)
    is_card = method == CARD
    return ProcessorCharge(
        id=charge.id,
        intent_id=intent.id,
        succeeded=charge.status == "succeeded" and charge.paid and intent.status == "succeeded",
        captured_minor=received(
            charge.amount_captured if charge.captured and charge.paid else 0, charge.currency
        ),
        refunded_minor=received(charge.amount_refunded, charge.currency),
        disputed=charge.disputed,
        currency=charge.currency.upper(),
        method=method,
        method_details={} if is_card else details,
        card_brand=details.get("brand", "") if is_card else "",
        card_last4=details.get("last4", "") if is_card else "",
        charged_at=datetime.fromtimestamp(charge.created, UTC),
    )


def _details(charge: stripe.Charge, method: str) -> dict[str, str]:
    """What names the method to its owner: of a wallet's account, nothing that is personal."""
    details = {
        name: optional(charge, str, "payment_method_details", method, name) for name in _KEPT
    }
    return {name: value for name, value in details.items() if value}
