"""What is on sale, what it costs, and which terms govern it, at an instant."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from jewelrymodel.catalog import legal_texts, terms
from jewelrymodel.catalog.documents import ACCEPTED, Document
from jewelrymodel.catalog.models import (
    CreditPrice,
    ProductVersion,
    TermsAcceptance,
    TermsEdition,
    TermsText,
    WelcomeOffer,
)
from jewelrymodel.catalog.products import GenerationPrice, Quality, Work
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.policy.legal_text import LegalText
from jewelrymodel.studio.look_kinds import LookKind


class NotOnSale(CodedError):
    """This product is not on sale. Nothing was charged; please choose one from the prices page."""


class NoPrice(CodedError):
    """No price in credits is published for this work at this instant."""


def products_on_sale(at: datetime) -> list[ProductVersion]:
    """Return the versions in force at *at*, packages by price, then subscriptions by price."""
    in_force = Q(effective_until_at__isnull=True) | Q(effective_until_at__gt=at)
    versions = ProductVersion.objects.filter(in_force, effective_from_at__lte=at)
    return list(versions.order_by("kind", "price_minor", "sku"))


def products_to_come(at: datetime) -> list[ProductVersion]:
    """Return the versions that are published and not in force yet at *at*, the soonest first."""
    versions = ProductVersion.objects.filter(effective_from_at__gt=at)
    return list(versions.order_by("effective_from_at", "sku"))


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
    prices = _prices(at)
    return GenerationPrice(
        images={kind: _image_credits(prices, kind, Quality.STANDARD) for kind in LookKind},
        preview_credits=_credits(prices, (Work.PREVIEW, "", "")),
    )


def image_credits(at: datetime, kind: LookKind, quality: Quality = Quality.STANDARD) -> int:
    """Return what an image in a look of this kind costs at *at*, by the price that was published
    for just that, else for its kind in any quality, else for that quality of any kind, else for any
    image. Raises NoPrice.
    """
    return _image_credits(_prices(at), kind, quality)


@dataclass(frozen=True)
class Welcome:
    """What a new account gets free: credits that pay for so many images of any kind."""

    images: int
    credits: int
    expire_after_days: int


def welcome_offer(at: datetime) -> Welcome | None:
    """Return what a new account gets free at *at*; None where it is nothing, or nothing has a
    price yet.
    """
    rows = WelcomeOffer.objects.filter(effective_from_at__lte=at).order_by("-effective_from_at")
    offer = rows.first()
    if offer is None or not offer.images:
        return None
    try:
        price = credit_price(at).most
    except NoPrice:
        return None
    return Welcome(offer.images, offer.images * price, offer.expire_after_days)


_Of = tuple[str, str, str]


def _prices(at: datetime) -> dict[_Of, int]:
    """The prices in force, by work, kind of look and quality."""
    rows = CreditPrice.objects.filter(effective_from_at__lte=at).order_by("effective_from_at")
    fields = ("work", "look_kind", "quality", "credits")
    return {(work, kind, of): price for work, kind, of, price in rows.values_list(*fields)}


def _image_credits(prices: dict[_Of, int], kind: LookKind, quality: Quality) -> int:
    most_exact_first = ((kind.value, quality.value), (kind.value, ""), ("", quality.value))
    for exact in most_exact_first:
        if (price := prices.get((Work.IMAGE, *exact))) is not None:
            return price
    return _credits(prices, (Work.IMAGE, "", ""))


def _credits(prices: dict[_Of, int], of: _Of) -> int:
    try:
        return prices[of]
    except KeyError:
        raise NoPrice(work=of[0]) from None


def edition_in_force(policy: str, at: datetime) -> TermsEdition:
    """Return the row of the edition that ``terms.in_force`` names, for a purchase to pin.

    Raises NoEdition; nothing can be sold without an edition.
    """
    edition = terms.in_force(at, policy)
    return TermsEdition.objects.get(policy=policy, edition_on=edition.date, sha256=edition.sha256)


def texts_to_accept(*, user_id: int | None, at: datetime) -> list[tuple[Document, LegalText]]:
    """Return the editions in force that somebody hasn't accepted yet, as a page has to show them.

    Without a person, as for who signs up, all of them.
    """
    accepted = set()
    if user_id is not None:
        accepted = {one.edition.sha256 for one in accepted_texts(user_id=user_id)}
    governing = [(one, legal_texts.in_force(one, at)) for one in ACCEPTED]
    return [(one, text) for one, text in governing if text and text.sha256 not in accepted]


def accepted_texts(*, user_id: int) -> list[TermsAcceptance]:
    """Return what somebody accepted, with its edition loaded, the latest first."""
    rows = TermsAcceptance.objects.filter(user_id=user_id).select_related("edition")
    return list(rows.order_by("-accepted_at", "-pk"))


def texts_kept() -> frozenset[str]:
    """Return the hashes of all texts that the database holds."""
    return frozenset(TermsText.objects.values_list("sha256", flat=True))
