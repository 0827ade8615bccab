"""Chargebacks: the work around them, and what they suspend."""
