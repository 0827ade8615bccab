"""Billing: the checkout page, what became of a payment, orders and receipts."""
