"""Writes: placing an order, leading to payment, settling it by what the processor says now."""

from jewelrymodel.payments.operations.checkout import Checkout, cancel_order, start_checkout
from jewelrymodel.payments.operations.confirming import confirm_order
from jewelrymodel.payments.operations.hints import follow_hint
from jewelrymodel.payments.operations.placing import (
    ConsentMissing,
    KeyReused,
    OfferChanged,
    place_order,
)
from jewelrymodel.payments.operations.settling import settle_order

__all__ = [
    "Checkout",
    "ConsentMissing",
    "KeyReused",
    "OfferChanged",
    "cancel_order",
    "confirm_order",
    "follow_hint",
    "place_order",
    "settle_order",
    "start_checkout",
]
