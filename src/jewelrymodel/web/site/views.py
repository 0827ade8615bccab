"""Home, prices and status."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.attestation import queries as attestation
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.products import GenerationPrice, ProductKind
from jewelrymodel.incidents import queries as incidents
from jewelrymodel.infra.clock import now, real_now
from jewelrymodel.studio.image_check_record import miss_rate
from jewelrymodel.support import queries as support
from jewelrymodel.support.reconcilers import CHECKS, is_late
from jewelrymodel.web.site.health import measure
from jewelrymodel.web.site.image_check import image_check_figures
from jewelrymodel.web.site.showcase import SHOWCASE
from jewelrymodel.web.studio_messages.look_titles import LOOK_KIND_TITLES


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the product does, with real results where there are any."""
    return render(
        request, "site/home.html", {"showcase": SHOWCASE, "price": _price(), "check": miss_rate()}
    )


@require_safe
def pricing(request: HttpRequest) -> HttpResponse:
    """Show what is on sale now, from the catalog and nowhere else."""
    products = catalog.products_on_sale(now())
    price = _price()
    context = {
        "packages": [one for one in products if one.kind == ProductKind.PACKAGE],
        "subscriptions": [one for one in products if one.kind == ProductKind.SUBSCRIPTION],
        "price": price,
        "image_prices": _image_prices(price) if price else [],
    }
    return render(request, "site/pricing.html", context)


def _image_prices(price: GenerationPrice) -> list[tuple[str, int]]:
    """What is made and what it costs in credits: one row where everything costs the same."""
    if price.is_uniform:
        return [(_("Finished image"), price.least)]
    return [(str(LOOK_KIND_TITLES[kind]), each) for kind, each in price.images.items()]


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show what works now, and since when we know."""
    newest = attestation.newest()
    runs = {one.check_name: one for one in support.reconciler_runs()}
    context = {
        "checks": measure(real_now()),
        "at": real_now(),
        "attestation": attestation.signed(newest) if newest else None,
        "attested_at": newest.made_at if newest else None,
        "incidents": incidents.recent(),
        "image_check": image_check_figures(now()),
        "promises": [
            (one, runs.get(one.name), is_late(one, runs.get(one.name), now=now())) for one in CHECKS
        ],
    }
    return render(request, "site/status.html", context)


def _price() -> GenerationPrice | None:
    """What generating costs; nothing is said on a site whose catalog is still empty."""
    try:
        return catalog.credit_price(now())
    except catalog.NoPrice:
        return None
