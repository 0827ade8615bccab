"""What is on sale, what it costs, and which terms govern it, at an instant."""

from datetime import datetime

from django.db.models import Q

from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import CreditPrice, ProductVersion, TermsEdition, TermsText
from jewelrymodel.catalog.products import GenerationPrice, Work
from jewelrymodel.kernel.errors import CodedError


class NotOnSale(CodedError):
    """This product is not on sale. Nothing was charged; please choose one from the prices page."""


class NoPrice(CodedError):
    """No price in credits is published for this work at this instant."""


def products_on_sale(at: datetime) -> list[ProductVersion]:
    """Return the versions in force at *at*, packages by price, then subscriptions by price."""
    in_force = Q(effective_until_at__isnull=True) | Q(effective_until_at__gt=at)
    versions = ProductVersion.objects.filter(in_force, effective_from_at__lte=at)
    return list(versions.order_by("kind", "price_minor", "sku"))


def product_on_sale(sku: str, at: datetime) -> ProductVersion:
    """Return the version of *sku* in force at *at*; raises NotOnSale."""
    for version in products_on_sale(at):
        if version.sku == sku:
            return version
    raise NotOnSale(sku=sku)


def product_version(version_id: str) -> ProductVersion:
    """Return one version, in force or not; raises NotOnSale where there is none."""
    version = ProductVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise NotOnSale(version=version_id)
    return version


def credit_price(at: datetime) -> GenerationPrice:
    """Return what generating costs at *at*, in whole credits; raises NoPrice."""
    return GenerationPrice(
        image_credits=_credits(Work.IMAGE, at), preview_credits=_credits(Work.PREVIEW, at)
    )


def _credits(work: Work, at: datetime) -> int:
    prices = CreditPrice.objects.filter(work=work, effective_from_at__lte=at)
    price = prices.order_by("-effective_from_at").first()
    if price is None:
        raise NoPrice(work=work)
    return price.credits


def edition_in_force(policy: str, at: datetime) -> TermsEdition:
    """Return the row of the edition that ``terms.in_force`` names, for a purchase to pin.

    Raises NoEdition; nothing can be sold without an edition.
    """
    edition = terms.in_force(at, policy)
    return TermsEdition.objects.get(policy=policy, edition_on=edition.date, sha256=edition.sha256)


def texts_kept() -> frozenset[str]:
    """Return the hashes of all texts that the database holds."""
    return frozenset(TermsText.objects.values_list("sha256", flat=True))
