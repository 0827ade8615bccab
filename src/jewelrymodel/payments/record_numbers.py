"""Orders and receipts have gapless numbers; what people read tells the two apart."""

from django.db.models import TextChoices


class Series(TextChoices):
    """What has gapless numbers."""

    ORDER = "order"
    RECEIPT = "receipt"


_PREFIXES = {Series.ORDER: "JM", Series.RECEIPT: "R"}


def label(series: Series, number: int) -> str:
    """Return a number as people read it, like JM-000123."""
    return f"{_PREFIXES[series]}-{number:06d}"
