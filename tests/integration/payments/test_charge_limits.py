"""What the processor can't charge is refused when it is priced, and before an order is placed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog.products import LegalClass, ProductKind, ProductSpec
from jewelrymodel.config.commands import doctor
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.rules import processor_amounts
from jewelrymodel.payments.statuses import OrderState
from tests.support.plans import Plan
from tests.support.publishing import publish_version
from tests.support.shop import Sandbox, at_the_desk, now, settle, start

pytestmark = pytest.mark.django_db
PACK = ProductSpec(
    sku="paket",
    kind=ProductKind.PACKAGE,
    name="Paket",
    summary="For a test.",
    credits=10,
    price_minor=50_000,
    currency="HUF",
    legal_class=LegalClass.DIGITAL_SERVICE,
    features=("studio",),
)


def sell(price_minor: int, currency: str) -> str:
    spec = replace(PACK, price_minor=price_minor, currency=currency)
    hour_ago = now() - timedelta(hours=1)
    publish_version(spec=spec, effective_from_at=hour_ago, now=hour_ago)
    return spec.sku


@pytest.mark.parametrize(
    ("price_minor", "currency"), [(17_499, "HUF"), (79, "JPY"), (1_251, "KWD"), (1_000_000, "ISK")]
)
def test_no_order_is_placed_that_could_not_be_charged(
    sandbox: Sandbox, seller: Membership, price_minor: int, currency: str
) -> None:
    sku = sell(price_minor, currency)
    with pytest.raises(operations.NotChargeable):
        start(seller, sku=sku)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("price_minor", "currency"), [(17_500, "HUF"), (80, "JPY"), (1_250, "KWD"), (500, "ISK")]
)
def test_what_is_within_the_limits_is_sold_to_the_unit(
    sandbox: Sandbox, seller: Membership, price_minor: int, currency: str
) -> None:
    checkout = start(seller, sku=sell(price_minor, currency))
    sandbox.pay(checkout.url)
    receipt = settle(checkout.order).receipt
    assert (receipt.total_minor, receipt.currency) == (price_minor, currency)


def test_the_operator_is_told_what_nobody_can_buy(sandbox: Sandbox, terms: None) -> None:
    (fine,) = doctor._prices()
    assert fine.is_fine
    sell(400, "SEK")
    (finding,) = doctor._prices()
    assert (finding.is_fine, "paket" in finding.words) == (False, True)
    html = at_the_desk("Olga Example", StaffRole.OPERATOR).get("/desk/prices").content.decode()
    assert html.count("Can’t be bought") == 1


def test_what_was_bought_renews_whatever_the_limits_are(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(sandbox, seller)
    monkeypatch.setitem(processor_amounts._LEAST, "USD", 100_000)
    with pytest.raises(operations.NotChargeable):
        start(seller, key="another-page")
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    assert [one.state for one in Order.objects.all()] == [OrderState.DELIVERED] * 2


def test_the_checkout_says_so(sandbox: Sandbox, seller: Membership, client: Client) -> None:
    sku = sell(79, "JPY")
    client.force_login(seller.user)
    page = client.get(f"/checkout/{sku}")
    sent = page.context["form"].initial | {
        "country": "US",
        "capacity": "business",
        "promised": page.context["promise"].sha256,
    }
    answer = client.post(f"/checkout/{sku}", {k: v for k, v in sent.items() if v is not None})
    assert answer.status_code == 409
    assert "This price can’t be charged at the moment." in answer.content.decode()


def test_a_price_outside_the_limits_is_not_published(terms: None) -> None:
    olga = at_the_desk("Olga Example", StaffRole.OPERATOR)
    sku = catalog.products_on_sale(now())[0].sku
    for price in ("0.49", "1000000.00"):
        change = {"sku": sku, "price": price, "quantity": "30", "effective_from_at": ""}
        answer = olga.post("/desk/prices/change", change | {"do": "preview"})
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "The payment processor charges from $0.50 to $999,999.99." in html
