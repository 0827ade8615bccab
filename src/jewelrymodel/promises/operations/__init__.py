"""What is done about promises: what is ordered or canceled is so together with its own."""

from jewelrymodel.promises.operations.promised_cancellation import cancel_subscription
from jewelrymodel.promises.operations.promised_change import change_now
from jewelrymodel.promises.operations.promised_generation import with_promises
from jewelrymodel.promises.operations.promised_order import place_order, start_checkout

__all__ = [
    "cancel_subscription",
    "change_now",
    "place_order",
    "start_checkout",
    "with_promises",
]
