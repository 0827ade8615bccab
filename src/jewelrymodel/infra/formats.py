"""How money, days and instants are written for people: one way each, in the reader's language."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal

from babel import dates, numbers
from django.utils import dateformat
from django.utils.translation import get_language

from jewelrymodel.kernel.money import in_words, minor_digits

_ENGLISH = "en"


def money(amount_minor: int, currency: str) -> str:
    """Return an amount of minor units for reading: 900 USD is ``$9.00``, in German ``9,00 $``."""
    language = _language()
    if language == _ENGLISH:
        return in_words(amount_minor, currency)
    amount = Decimal(amount_minor).scaleb(-minor_digits(currency))
    return numbers.format_currency(amount, currency, locale=language).replace("-", "−")


def number(value: int | float | Decimal, digits: int = 0) -> str:
    """Return a number with *digits* decimals: ``1,234.5``, in German ``1.234,5``."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, format=pattern, locale=_language())


def percent(value: str) -> str:
    """Return a rate in per cent with the decimals that it has: 8.875 is ``8.875%``, in German
    ``8,875 %``.
    """
    share = Decimal(value) / 100
    return numbers.format_percent(share, locale=_language(), decimal_quantization=False)


def day(on: date) -> str:
    """Return a day: ``Nov 29, 2026``, month first in English; in German ``29.11.2026``."""
    language = _language()
    if language == _ENGLISH:
        return dateformat.format(on, "M j, Y")
    return dates.format_date(on, format="medium", locale=language)


def moment(at: datetime, zone: tzinfo = UTC) -> str:
    """Return an instant with the name of its zone: ``Nov 29, 2026, 14:05 UTC``."""
    local = at.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M %Z}"


def deadline(at: datetime, zone: tzinfo = UTC) -> str:
    """Return an instant by which something is due: ``Fri, Nov 27, 2026, 17:00 EST``."""
    local, language = at.astimezone(zone), _language()
    if language == _ENGLISH:
        return dateformat.format(local, "D, M j, Y, H:i T")
    weekday = dates.format_skeleton("yMMMEd", local, locale=language)
    return f"{weekday}, {local:%H:%M %Z}"


def _language() -> str:
    """The reader's language as CLDR names it; English where a program runs without one."""
    return (get_language() or _ENGLISH).split("-")[0]
