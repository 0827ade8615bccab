"""How money, days and instants are written for people: one way each, on pages and in emails."""

from datetime import UTC, date, datetime, tzinfo

from django.utils import dateformat

from jewelrymodel.kernel.money import in_words


def money(amount_minor: int, currency: str) -> str:
    """Return an amount of minor units for reading: 900 USD is ``$9.00``."""
    return in_words(amount_minor, currency)


def day(on: date) -> str:
    """Return a day, month first: ``Nov 29, 2026``."""
    return dateformat.format(on, "M j, Y")


def moment(at: datetime, zone: tzinfo = UTC) -> str:
    """Return an instant with the name of its zone: ``Nov 29, 2026, 14:05 UTC``."""
    return dateformat.format(at.astimezone(zone), "M j, Y, H:i T")


def deadline(at: datetime, zone: tzinfo = UTC) -> str:
    """Return an instant by which something is due: ``Fri, Nov 27, 2026, 17:00 EST``."""
    return dateformat.format(at.astimezone(zone), "D, M j, Y, H:i T")
