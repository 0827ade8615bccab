"""How amounts, instants and pictures are shown: ``{% load show %}``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from jewelrymodel.catalog.models import ProductVersion
from jewelrymodel.infra import formats
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments import tax_text
from jewelrymodel.payments.models import Charge, ChargeTax, Order, Subscription
from jewelrymodel.web import feature_labels

register = template.Library()

feature_label = register.filter("feature_label", feature_labels.feature_label)
money = register.filter("money", formats.money)
day = register.filter("day", formats.day)


@register.filter
def moment(at: datetime, zone: str = "UTC") -> str:
    """Return an instant with its zone, by name: ``Nov 29, 2026, 14:05 UTC``."""
    return formats.moment(at, ZoneInfo(zone))


@register.filter
def deadline(at: datetime, zone: str = "UTC") -> str:
    """Return when something is due, with its weekday: ``Fri, Nov 27, 2026, 17:00 EST``."""
    return formats.deadline(at, ZoneInfo(zone))


@register.filter
def per_credit(price_minor: int, credit_count: int) -> int:
    """Return what one credit costs, in minor units, rounded up: never less than it is."""
    return -(-price_minor // credit_count)


@register.simple_tag
def automatic_tax() -> str:
    """Return how what is sold now is taxed: ``inclusive``, ``exclusive``, or not at all."""
    return str(settings.AUTOMATIC_TAX)


@register.filter
def offered_price(version: ProductVersion) -> str:
    """Return what a product costs that is sold now, and that tax is added where it is."""
    return tax_text.price_words(version.price_minor, version.currency, settings.AUTOMATIC_TAX)


@register.filter
def plan_price(subscription: Subscription) -> str:
    """Return what a renewal costs, and that tax is added where its plan was bought so."""
    return price_in(subscription.renews_as, subscription)


@register.filter
def price_in(version: ProductVersion, subscription: Subscription) -> str:
    """Return what a plan would cost in a subscription, and that tax is added where it would be."""
    behavior = payments.tax_behavior_of(subscription)
    return tax_text.price_words(version.price_minor, version.currency, behavior)


@register.filter
def tax_rows(tax: ChargeTax, currency: str) -> list[tax_text.TaxRow]:
    """Return the lines of a charge's tax for reading."""
    return tax_text.tax_rows(tax.tax_lines, currency)


@register.filter
def tax_payer(tax: ChargeTax) -> list[str]:
    """Return who was taxed: the country and their tax ids."""
    return tax_text.payer_words(tax.as_receipt)


@register.filter
def due_of(order: Order, charge: Charge) -> int:
    """Return what an order may be charged, in minor units: with the tax that was added to it."""
    return payments.due_minor(order, charge)


@register.filter
def before_tax(charge: Charge) -> int:
    """Return what was paid of a charge besides the tax in it, in minor units."""
    return charge.paid_minor - charge.tax.tax_minor


@register.simple_tag
def picture(name: str) -> str:
    """Return the address of ``static/showcase/<name>``, or nothing where there is no such file."""
    path = f"showcase/{name}"
    return static(path) if finders.find(path) else ""
