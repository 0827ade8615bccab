"""One who works at the desk, with a case to look at."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Order
from jewelrymodel.support.models import Case
from tests.support.desk import open_case
from tests.support.shop import Sandbox, at_the_desk, settle, start


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
