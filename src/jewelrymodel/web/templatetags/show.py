"""How amounts and pictures are shown: ``{% load show %}``."""

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from jewelrymodel.kernel.money import minor_digits

register = template.Library()

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


@register.filter
def money(amount_minor: int, currency: str) -> str:
    """Return an amount for reading: 1250 EUR is €12.50, 1250 JPY is 1,250 JPY."""
    minus = "−" if amount_minor < 0 else ""
    whole, cents = divmod(abs(amount_minor), 100)
    digits = f"{whole:,}.{cents:02}" if minor_digits(currency) else f"{abs(amount_minor):,}"
    sign = _SIGNS.get(currency)
    return f"{minus}{sign}{digits}" if sign else f"{minus}{digits} {currency}"


@register.filter
def per_credit(price_minor: int, credit_count: int) -> int:
    """Return what one credit costs, in minor units, rounded up: never less than it is."""
    return -(-price_minor // credit_count)


@register.simple_tag
def picture(name: str) -> str:
    """Return the address of ``static/showcase/<name>``, or nothing where there is no such file."""
    path = f"showcase/{name}"
    return static(path) if finders.find(path) else ""
