"""A local stand-in for the payment processor: Stripe's HTTP dialect over one SQLite file.

It knows nothing of the shop it serves, so nothing here imports another room. No real money moves:
only the published test card numbers are accepted and none is ever stored.
"""
