"""One who works at the desk, with a case to look at."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import Order
from jewelrymodel.support.models import Case
from tests.support.desk import open_case
from tests.support.shop import Sandbox, at_the_desk, settle, start
from tests.support.withdrawals import Buy


@pytest.fixture
def vera() -> Client:
    """Vera, at the desk."""
    return at_the_desk()


@pytest.fixture
def order(sandbox: Sandbox, seller: Membership) -> Order:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


@pytest.fixture
def case(order: Order, seller: Membership) -> Case:
    return open_case(order, seller)


@pytest.fixture
def buy(sandbox: Sandbox, seller: Membership, client: Client) -> Buy:
    """Buy as a consumer in Germany who asked us to start at once."""
    client.force_login(seller.user)

    def bought(sku: str = "case", country: str = "DE", capacity: str = "consumer") -> Order:
        checkout = start(
            seller,
            sku=sku,
            country=country,
            capacity=capacity,
            consents=tuple(ConsentKind),
            key=f"page-of-{sku}",
        )
        sandbox.pay(checkout.url)
        return settle(checkout.order)

    return bought
