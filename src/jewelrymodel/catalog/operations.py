"""Publishing: new dated versions beside the old ones, never over them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from django.db import transaction

from jewelrymodel.catalog.models import CreditPrice, ProductVersion, TermsEdition
from jewelrymodel.catalog.values import ProductSpec, Work
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.policy.editions import Edition


class VersionTooEarly(ValueError):
    """A version has to start after the one that it replaces."""


class EditionChanged(ValueError):
    """An edition that is registered has another text now; give the new text a new date."""


@transaction.atomic
def publish_version(
    *, spec: ProductSpec, effective_from_at: datetime, now: datetime
) -> ProductVersion:
    """Publish *spec* from *effective_from_at* on and end its predecessor there.

    Publishing the same instant again returns the version that stands. Raises VersionTooEarly.
    """
    versions = ProductVersion.objects.select_for_update().filter(sku=spec.sku)
    standing = versions.filter(effective_from_at=effective_from_at).first()
    if standing is not None:
        return standing
    latest = versions.order_by("-effective_from_at").first()
    if latest is not None and latest.effective_from_at > effective_from_at:
        raise VersionTooEarly(spec.sku)
    versions.filter(effective_until_at__isnull=True).update(effective_until_at=effective_from_at)
    return ProductVersion.objects.create(
        id=new_id("prv", now=now), effective_from_at=effective_from_at, **_columns(spec)
    )


def _columns(spec: ProductSpec) -> dict[str, object]:
    return {**asdict(spec), "features": list(spec.features)}


@transaction.atomic
def publish_credit_price(
    *, work: Work, quantity: int, effective_from_at: datetime, now: datetime
) -> CreditPrice:
    """Publish what *work* costs from *effective_from_at* on; what stands for that instant stays."""
    price, _ = CreditPrice.objects.get_or_create(
        work=work,
        effective_from_at=effective_from_at,
        defaults={"id": new_id("crp", now=now), "credits": quantity},
    )
    return price


@transaction.atomic
def register_edition(
    *, policy: str, edition_on: date, sha256: str, effective_from_at: datetime, now: datetime
) -> TermsEdition:
    """Note that *policy* reads so from *effective_from_at* on; the same again changes nothing.

    Raises EditionChanged where another text is registered under the same date (clause 10.2).
    """
    edition, created = TermsEdition.objects.get_or_create(
        policy=policy,
        edition_on=edition_on,
        defaults={
            "id": new_id("terms", now=now),
            "sha256": sha256,
            "effective_from_at": effective_from_at,
            "registered_at": now,
        },
    )
    if not created and edition.sha256 != sha256:
        raise EditionChanged(f"{policy} {edition_on}: {edition.sha256} is registered, not {sha256}")
    return edition


def register_editions(
    *, policy: str, editions: Iterable[Edition], now: datetime
) -> list[TermsEdition]:
    """Register every edition of *policy* that was read from its files; raises EditionChanged.

    An edition takes effect at the start of its day, UTC.
    """
    return [
        register_edition(
            policy=policy,
            edition_on=edition.date,
            sha256=edition.sha256,
            effective_from_at=datetime.combine(edition.effective_from, time(), tzinfo=UTC),
            now=now,
        )
        for edition in editions
    ]
