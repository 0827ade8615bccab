"""What an image brings in and costs, by look and generator, for the operator."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation.queries.margins import Margin, margins
from jewelrymodel.generation.queries.provider_costs import ProviderCost, provider_costs
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import clock, formats
from jewelrymodel.kernel.money import minor_digits
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.studio_messages.look_titles import look_title

DAYS = 30
_COSTS_IN = "USD"
_MICROS = 1_000_000
_DIGITS = 4


@require_safe
@for_staff(Act.MARGINS)
def index(request: StaffRequest) -> HttpResponse:
    """Show the margins of what was delivered within the last DAYS days, and what requests to
    providers of image models cost.
    """
    age = timedelta(days=DAYS)
    context = {
        "rows": [_row(one) for one in margins(since=clock.now() - age)],
        "providers": [_provider(one) for one in provider_costs(since=clock.real_now() - age)],
        "days": DAYS,
        "second": settings.RENDERING_MICROS_PER_S,
    }
    return render(request, "desk/margins.html", context)


def _row(margin: Margin) -> dict[str, Any]:
    """One line: everything but the counts is per image."""
    images = max(margin.images, 1)
    digits = minor_digits(margin.currency) if margin.currency else 2
    revenue = margin.revenue_minor / 10**digits / images
    cost = margin.cost_micros / _MICROS / images
    comparable = margin.currency in ("", _COSTS_IN)
    return {
        "look": look_title(margin.look_id),
        "generator": GeneratorName(margin.generator).label,
        "images": margin.images,
        "credits": _written(margin.credits / images, 2),
        "currency": margin.currency,
        "revenue": _written(revenue, _DIGITS),
        "cost": _written(cost, _DIGITS),
        "margin": _written(revenue - cost, _DIGITS) if comparable else "",
    }


def _provider(cost: ProviderCost) -> dict[str, Any]:
    """One line: everything is a sum."""
    return {
        "name": cost.provider,
        "requests": cost.requests,
        "made": cost.made,
        "unfit": cost.unfit,
        "cost": _written(Fraction(cost.cost_micros, _MICROS), 2),
        "unsure": _written(Fraction(cost.unsure_micros, _MICROS), 2),
        "credits": cost.credits,
    }


def _written(value: Fraction, digits: int) -> str:
    return formats.number(float(value), digits)
