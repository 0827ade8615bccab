"""The series of gapless numbers: orders, receipts, credit notes; and an order's as people read it.

A receipt keeps the prefix that it was issued with, so its label is made from its own row.
"""

from django.db.models import TextChoices


class Series(TextChoices):
    """What has gapless numbers."""

    ORDER = "order"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit"


def order_label(number: int) -> str:
    """Return an order's number as people read it, like JM-000123."""
    return f"JM-{number:06d}"
