"""How amounts, instants and pictures are shown: ``{% load show %}``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from jewelrymodel.infra import formats
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
def picture(name: str) -> str:
    """Return the address of ``static/showcase/<name>``, or nothing where there is no such file."""
    path = f"showcase/{name}"
    return static(path) if finders.find(path) else ""
