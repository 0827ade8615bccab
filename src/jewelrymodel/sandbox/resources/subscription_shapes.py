"""What a new subscription, its items and their plans look like, as the API documents them."""

from __future__ import annotations

from jewelrymodel.sandbox.billing_periods import period_end
from jewelrymodel.sandbox.encodings import Doc, list_of
from jewelrymodel.sandbox.ids import new_id
from jewelrymodel.sandbox.store import Tx


def new(tx: Tx, session: Doc, method_id: str) -> Doc:
    """Return a subscription that its *session* pays by *method_id*; it is saved by the caller."""
    subscription_id, data = new_id("subscription"), session["_subscription_data"]
    items = [_item(tx, subscription_id, line) for line in session["_line_items"]]
    return {
        "id": subscription_id,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": tx.now,
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": None, "type": "classic"},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": tx.now,
        "currency": session["currency"],
        "customer": session["customer"],
        "days_until_due": None,
        "default_payment_method": method_id,
        "default_source": None,
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": list_of(f"/v1/subscription_items?subscription={subscription_id}", items),
        "latest_invoice": None,
        "livemode": False,
        "metadata": data.get("metadata", {}),
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": tx.now,
        "status": "active",
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": None,
        "_periods": 1,
        "_rates": session["_rates"],
    }


def _item(tx: Tx, subscription_id: str, line: Doc) -> Doc:
    price = line["price"]
    return {
        "id": new_id("subscription_item"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": tx.now,
        "current_period_end": tx.now,
        "current_period_start": tx.now,
        "discounts": [],
        "metadata": {},
        **priced(price),
        "quantity": line["quantity"],
        "subscription": subscription_id,
        "tax_rates": [],
    }


def period_end_of(subscription: Doc, number: int) -> int:
    """When period `number` of a subscription ends (the first is 1), in seconds."""
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    return period_end(subscription["billing_cycle_anchor"], recurring, number)


def priced(price: Doc) -> Doc:
    """What an item says of its price."""
    return {"plan": _plan(price), "price": price}


def _plan(price: Doc) -> Doc:
    shared = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata")
    recurring = price["recurring"]
    return {
        **{name: price[name] for name in (*shared, "nickname", "product", "tiers_mode")},
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "meter": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
