"""The way to withdraw that an order's page shows, while the days of its edition run."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import formats
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.queries.withdrawals import open_until
from jewelrymodel.payments.rules.withdrawal_period import end_of_withdrawal
from tests.support.refunds import follow, intend
from tests.support.shop import Sandbox, settle, start

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]
Buy = Callable[..., Order]


@pytest.fixture
def buy(sandbox: Sandbox, seller: Membership, client: Client) -> Buy:
    """Buy the case from a country, in a capacity."""
    client.force_login(seller.user)

    def bought(country: str, capacity: str = "consumer", *, pay: bool = True) -> Order:
        consents = list(ConsentKind)
        checkout = start(seller, country=country, capacity=capacity, consents=consents)
        if pay:
            sandbox.pay(checkout.url)
        return settle(checkout.order)

    return bought


def section(client: Client, order: Order) -> str:
    html = client.get(f"/billing/orders/{order.pk}").content.decode()
    return html.partition('aria-labelledby="withdraw"')[2].partition("</section>")[0]


@pytest.mark.parametrize("country", ["DE", "GB", "NO"])
def test_a_consumer_is_shown_until_when_and_led_to_the_function(
    buy: Buy, client: Client, country: str
) -> None:
    order = buy(country)
    assert order.paid_at is not None
    shown = section(client, order)
    end = end_of_withdrawal(country, bought_at=order.paid_at, days=14)
    assert f"until {formats.moment(end)}" in shown
    assert "without a review" in shown
    assert f'href="/billing/orders/{order.pk}/withdraw">Withdraw from contract here' in shown


@pytest.mark.parametrize(("country", "capacity"), [("DE", "business"), ("US", "consumer")])
def test_nobody_else_is_told_of_it(buy: Buy, client: Client, country: str, capacity: str) -> None:
    assert not section(client, buy(country, capacity))


def test_it_ends_to_the_instant_with_the_days_of_the_edition(buy: Buy) -> None:
    order, charges = buy("DE"), list(Charge.objects.all())
    assert order.paid_at is not None
    end = end_of_withdrawal("DE", bought_at=order.paid_at, days=14)
    assert end >= order.paid_at + timedelta(days=14)
    assert open_until(order, charges, now=end - timedelta(seconds=1)) == end
    assert open_until(order, charges, now=end) is None


def test_what_is_unpaid_or_given_back_is_not_withdrawn_from(buy: Buy, client: Client) -> None:
    assert not section(client, buy("DE", pay=False))
    order = buy("DE")
    follow(intend(Charge.objects.get(order=order)))
    assert not section(client, order)
