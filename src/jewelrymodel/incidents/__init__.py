"""Outages: when a feature was down, and whom it touched."""
