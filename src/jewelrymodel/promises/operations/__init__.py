"""What is done about promises: an order is placed with its own."""

from jewelrymodel.promises.operations.promised_order import place_order, start_checkout

__all__ = ["place_order", "start_checkout"]
