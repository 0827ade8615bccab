"""Publishing: new dated versions beside the old ones, never over them."""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, fields, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from jewelrymodel.audit import operations as audit
from jewelrymodel.catalog import queries, terms
from jewelrymodel.catalog.documents import ACCEPTED
from jewelrymodel.catalog.models import (
    CreditPrice,
    ProductVersion,
    TermsAcceptance,
    TermsEdition,
    TermsText,
    WelcomeOffer,
)
from jewelrymodel.catalog.products import ProductSpec, Quality, Work
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.policy import edition_publication
from jewelrymodel.policy.edition_publication import Publishable
from jewelrymodel.policy.edition_reader import Edition
from jewelrymodel.studio.look_kinds import LookKind


class VersionTooEarly(CodedError):
    """A version has to start after the one that it replaces."""


class Backdated(CodedError):
    """A price starts now or later: what was offered before stays as it was offered."""


@transaction.atomic
def publish_version(
    *, spec: ProductSpec, effective_from_at: datetime, actor: Actor, reason: str, now: datetime
) -> ProductVersion:
    """Publish *spec* from *effective_from_at* on and end its predecessor there.

    Publishing the same instant again returns the version that stands, and notes nothing. Raises
    VersionTooEarly.
    """
    versions = ProductVersion.objects.select_for_update().filter(sku=spec.sku)
    standing = versions.filter(effective_from_at=effective_from_at).first()
    if standing is not None:
        return standing
    latest = versions.order_by("-effective_from_at").first()
    if latest is not None and latest.effective_from_at > effective_from_at:
        raise VersionTooEarly(sku=spec.sku)
    versions.filter(effective_until_at__isnull=True).update(effective_until_at=effective_from_at)
    version = ProductVersion.objects.create(
        id=new_id("prv", now=now), effective_from_at=effective_from_at, **_columns(spec)
    )
    audit.record(
        actor=actor,
        action="catalog.price_published",
        subject=f"product:{version.pk}",
        reason=f"{spec.sku}, {spec.price_minor} {spec.currency}, {spec.credits} credits: {reason}",
        account_id="",
        now=now,
    )
    return version


@transaction.atomic
def change_price(
    *,
    sku: str,
    price_minor: int,
    quantity: int,
    effective_from_at: datetime,
    actor: Actor,
    reason: str,
    now: datetime,
) -> ProductVersion:
    """Return the new version of a product that is on sale: another price, another number of
    credits, all else as it is; orders and subscriptions keep the version they were placed under.

    Raises Backdated, VersionTooEarly where one starts then or later, and what
    ``queries.product_on_sale`` raises.
    """
    if effective_from_at < now:
        raise Backdated(sku=sku)
    standing = queries.product_on_sale(sku, now)
    versions = ProductVersion.objects.filter(sku=sku, effective_from_at__gte=effective_from_at)
    if versions.exists():
        raise VersionTooEarly(sku=sku)
    spec = replace(_spec(standing), price_minor=price_minor, credits=quantity)
    return publish_version(
        spec=spec, effective_from_at=effective_from_at, actor=actor, reason=reason, now=now
    )


def _spec(version: ProductVersion) -> ProductSpec:
    columns = {one.name: getattr(version, one.name) for one in fields(ProductSpec)}
    return ProductSpec(**{**columns, "features": tuple(version.features)})


def _columns(spec: ProductSpec) -> dict[str, object]:
    return {**asdict(spec), "features": list(spec.features)}


@transaction.atomic
def publish_credit_price(
    *,
    work: Work,
    quantity: int,
    effective_from_at: datetime,
    actor: Actor,
    reason: str,
    now: datetime,
    look_kind: LookKind | None = None,
    quality: Quality | None = None,
) -> CreditPrice:
    """Publish what *work* costs from *effective_from_at* on, or only an image in one kind of look
    or one quality; what stands for that instant stays, and then nothing is noted.
    """
    price, is_new = CreditPrice.objects.get_or_create(
        work=work,
        look_kind=look_kind or "",
        quality=quality or "",
        effective_from_at=effective_from_at,
        defaults={"id": new_id("crp", now=now), "credits": quantity},
    )
    if is_new:
        about = " ".join(filter(None, (work, look_kind, quality)))
        audit.record(
            actor=actor,
            action="catalog.credit_price_published",
            subject=f"credit_price:{price.pk}",
            reason=f"{about}, {quantity} credits, from {effective_from_at.isoformat()}: {reason}",
            account_id="",
            now=now,
        )
    return price


@transaction.atomic
def publish_welcome_offer(
    *,
    images: int,
    expire_after_days: int,
    effective_from_at: datetime,
    actor: Actor,
    reason: str,
    now: datetime,
) -> WelcomeOffer:
    """Publish what new accounts get free from *effective_from_at* on; what stands there stays, and
    then nothing is noted.
    """
    offer, is_new = WelcomeOffer.objects.get_or_create(
        effective_from_at=effective_from_at,
        defaults={
            "id": new_id("wof", now=now),
            "images": images,
            "expire_after_days": expire_after_days,
        },
    )
    if is_new:
        audit.record(
            actor=actor,
            action="catalog.welcome_published",
            subject=f"welcome_offer:{offer.pk}",
            reason=f"{images} images, {expire_after_days} days, "
            f"from {effective_from_at.isoformat()}: {reason}",
            account_id="",
            now=now,
        )
    return offer


def publish_edition(
    *,
    edition: Publishable,
    actor: Actor,
    now: datetime,
    actor_label: str = "",
    policy: str = terms.REFUND,
) -> TermsEdition:
    """Return the edition after publishing it: from its day on it is shown, sold under, decided by.

    The same again changes nothing. Raises EditionChanged where its date has another text (clause
    10.2), EditionRefused where it would be in force beside another, and EditionTooEarly where it
    would reach back to what was done here under another.
    """
    with locked_in_transaction(f"catalog.publish:{policy}"):
        edition_publication.refuse_unfit(edition, terms.published(policy))
        rows = TermsEdition.objects.filter(policy=policy)
        standing = rows.filter(edition_on=edition.date).first()
        if standing is not None:
            keep_text(edition.source_text, now=now)
            return standing
        first_at = rows.aggregate(at=Min("registered_at"))["at"]
        if first_at is not None and first_at < now:
            edition_publication.refuse_backdated(edition, now=now)
        keep_text(edition.source_text, now=now)
        row = TermsEdition.objects.create(
            id=new_id("terms", now=now),
            policy=policy,
            edition_on=edition.date,
            sha256=edition.sha256,
            effective_from_at=edition.starts_at,
            registered_at=now,
        )
        audit.record(
            actor=actor,
            actor_label=actor_label,
            action="terms.published",
            subject=f"terms:{row.pk}",
            reason=_reason(edition),
            account_id="",
            now=now,
        )
    return row


def accept_texts(*, user_id: int, shown: Collection[str], now: datetime) -> None:
    """Note that somebody accepted the legal texts that a page had *shown*, by their hashes.

    What is no published text of a kind that is accepted is passed over; each is noted once.
    """
    editions = TermsEdition.objects.filter(policy__in=ACCEPTED, sha256__in=shown)
    for edition in editions.order_by("pk"):
        TermsAcceptance.objects.get_or_create(
            user_id=user_id, edition=edition, defaults={"accepted_at": now}
        )


def _reason(edition: Publishable) -> str:
    if isinstance(edition, Edition):
        return f"{edition.reason}: {edition.reason_text}"
    return edition.reason


def keep_text(text: str, *, now: datetime) -> str:
    """Return the SHA-256 of *text*, which the database keeps under it from now on."""
    sha256 = sha256_of(text)
    TermsText.objects.get_or_create(sha256=sha256, defaults={"text": text, "kept_at": now})
    return sha256


def sha256_of(text: str) -> str:
    """Return the hash that *text* is kept under: that of its bytes in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
