from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.catalog import operations, queries
from jewelrymodel.catalog.models import CreditPrice, ProductVersion
from jewelrymodel.catalog.products import (
    GenerationPrice,
    Interval,
    LegalClass,
    ProductKind,
    ProductSpec,
    Quality,
    Work,
)
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.studio.look_kinds import LookKind
from tests.support import publishing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOX = ProductSpec(
    sku="box",
    kind=ProductKind.PACKAGE,
    name="Box",
    summary="For a test.",
    credits=10,
    price_minor=500,
    currency="USD",
    legal_class=LegalClass.DIGITAL_SERVICE,
    features=("studio",),
)
pytestmark = pytest.mark.django_db


def publish(spec: ProductSpec, at: datetime = NOW) -> ProductVersion:
    return publishing.publish_version(spec=spec, effective_from_at=at, now=NOW)


def test_a_fresh_installation_sells_packages_and_plans_and_images_cost_one_credit() -> None:
    sold = [(v.kind, v.credits) for v in queries.products_on_sale(NOW)]
    assert [number for kind, number in sold if kind == "package"] == [20, 100, 300]
    assert [number for kind, number in sold if kind == "subscription"] == [60, 250]
    everything = dict.fromkeys(LookKind, 1)
    assert queries.credit_price(NOW) == GenerationPrice(images=everything, preview_credits=0)
    assert queries.credit_price(NOW).is_uniform


def test_a_new_version_takes_over_at_its_instant_and_the_old_one_stays_readable() -> None:
    old = publish(BOX)
    later = NOW + timedelta(days=1)
    new = publish(replace(BOX, price_minor=600), later)
    assert queries.product_on_sale("box", later - timedelta(microseconds=1)) == old
    assert queries.product_on_sale("box", later) == new
    assert queries.product_version(old.id).price_minor == 500


def test_publishing_the_same_instant_again_changes_nothing() -> None:
    assert publish(BOX) == publish(replace(BOX, price_minor=1))
    assert queries.product_on_sale("box", NOW).price_minor == 500


def test_a_version_cannot_start_before_its_predecessor() -> None:
    publish(BOX)
    with pytest.raises(operations.VersionTooEarly):
        publish(BOX, NOW - timedelta(days=1))


@pytest.mark.parametrize("sku", ["box", "nothing"])
def test_what_is_not_on_sale_yet_says_so(sku: str) -> None:
    publish(BOX, NOW + timedelta(days=1))
    with pytest.raises(queries.NotOnSale):
        queries.product_on_sale(sku, NOW)
    with pytest.raises(queries.NotOnSale):
        queries.product_version("prv_nothing")


def test_the_database_refuses_to_rewrite_or_delete_what_was_published() -> None:
    version = publish(BOX)
    for change in (
        lambda: ProductVersion.objects.filter(pk=version.pk).update(price_minor=1),
        lambda: ProductVersion.objects.filter(pk=version.pk).delete(),
        lambda: CreditPrice.objects.update(credits=2),
    ):
        with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
            change()


@pytest.mark.clause("1.1", "2.1")
def test_the_database_knows_only_the_two_kinds_and_their_intervals() -> None:
    for wrong in (
        replace(BOX, interval=Interval.MONTH),
        replace(BOX, kind=ProductKind.SUBSCRIPTION),
        replace(BOX, credits=0),
        replace(BOX, currency="usd"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            publish(wrong)


def test_a_dearer_image_starts_on_its_date() -> None:
    later = NOW + timedelta(days=1)
    publishing.publish_credit_price(work=Work.IMAGE, quantity=2, effective_from_at=later, now=NOW)
    assert queries.credit_price(NOW).images == dict.fromkeys(LookKind, 1)
    assert queries.credit_price(later).images == dict.fromkeys(LookKind, 2)
    with pytest.raises(queries.NoPrice):
        queries.credit_price(datetime(2025, 1, 1, tzinfo=UTC))


def test_the_price_of_a_kind_of_look_or_a_quality_goes_before_that_of_all_images() -> None:
    def publish_price(quantity: int, days: int, **only: object) -> None:
        publishing.publish_credit_price(
            work=Work.IMAGE,
            quantity=quantity,
            effective_from_at=NOW + timedelta(days=days),
            now=NOW,
            **only,  # type: ignore[arg-type]
        )

    publish_price(3, 1, look_kind=LookKind.MODEL)
    publish_price(2, 2, quality=Quality.STANDARD)
    publish_price(5, 3, look_kind=LookKind.MODEL, quality=Quality.STANDARD)
    publish_price(9, 4)

    def prices(days: int) -> list[int]:
        price = queries.credit_price(NOW + timedelta(days=days))
        assert (price.least, price.most) == (min(price.images.values()), max(price.images.values()))
        return list(price.images.values())

    assert [prices(days) for days in range(5)] == [
        [1, 1, 1],
        [1, 3, 1],
        [2, 3, 2],
        [2, 5, 2],
        [2, 5, 2],
    ]
    assert not queries.credit_price(NOW + timedelta(days=1)).is_uniform
    assert queries.image_credits(NOW + timedelta(days=1), LookKind.MODEL) == 3


@pytest.mark.parametrize(
    ("work", "look_kind", "quality"),
    [
        ("preview", "model", ""),
        ("preview", "", "standard"),
        ("image", "hat", ""),
        ("image", "", "x"),
    ],
)
def test_the_database_knows_what_has_a_price(work: str, look_kind: str, quality: str) -> None:
    with pytest.raises(IntegrityError, match="catalog_credit_price_of_what"), transaction.atomic():
        CreditPrice.objects.create(
            id="crp_wrong",
            work=work,
            look_kind=look_kind,
            quality=quality,
            credits=1,
            effective_from_at=NOW,
        )


def test_each_publication_is_in_the_record_once_with_who_and_why() -> None:
    who, why = Actor.user(7), "Gold got dearer."
    for _time in range(2):
        operations.publish_version(spec=BOX, effective_from_at=NOW, actor=who, reason=why, now=NOW)
        operations.publish_credit_price(
            work=Work.IMAGE,
            look_kind=LookKind.MODEL,
            quantity=2,
            effective_from_at=NOW,
            actor=who,
            reason=why,
            now=NOW,
        )
        operations.publish_welcome_offer(
            images=2, expire_after_days=30, effective_from_at=NOW, actor=who, reason=why, now=NOW
        )
    noted = AuditEntry.objects.filter(actor="user:7").order_by("action")
    assert [one.action for one in noted] == [
        "catalog.credit_price_published",
        "catalog.price_published",
        "catalog.welcome_published",
    ]
    assert "image model, 2 credits" in noted[0].reason
    assert all(why in one.reason for one in noted)
