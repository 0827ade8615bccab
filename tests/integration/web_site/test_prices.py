from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.catalog import queries
from jewelrymodel.catalog.products import LegalClass, ProductKind, ProductSpec, Work
from jewelrymodel.infra.clock import real_now
from tests.support import publishing

pytestmark = pytest.mark.django_db
_HOUR = timedelta(hours=1)


def publish(sku: str, price_minor: int, starts_in: timedelta) -> None:
    spec = ProductSpec(
        sku=sku,
        kind=ProductKind.PACKAGE,
        name=f"The {sku}",
        summary="For one collection.",
        credits=30,
        price_minor=price_minor,
        currency="EUR",
        legal_class=LegalClass.DIGITAL_SERVICE,
        features=(),
        credits_expire_after_days=90,
    )
    publishing.publish_version(
        spec=spec, effective_from_at=real_now() + starts_in, now=real_now() - _HOUR
    )


def test_an_empty_catalog_is_said_and_not_a_blank_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "products_on_sale", lambda _at: [])
    assert "Nothing for sale yet" in Client().get("/pricing").content.decode()


def test_prices_come_from_the_versions_in_force() -> None:
    publish("tray", 1250, -_HOUR)
    publish("vault", 9900, _HOUR)
    past = real_now() - _HOUR
    for work, quantity in ((Work.IMAGE, 1), (Work.PREVIEW, 0)):
        publishing.publish_credit_price(
            work=work, quantity=quantity, effective_from_at=past, now=past
        )
    html = Client().get("/pricing").content.decode()
    assert "€12.50" in html
    assert "€0.42" in html  # 1250 / 30, rounded up
    assert "Credits expire 90 days after they are added" in html
    assert 'href="/checkout/tray"' in html
    assert "The vault" not in html
    assert "Finished image" in html
