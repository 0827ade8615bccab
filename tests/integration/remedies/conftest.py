"""An order to decide about."""

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Order
from tests.support.shop import Sandbox, settle, start


@pytest.fixture
def order(sandbox: Sandbox, seller: Membership) -> Order:
    """The case: 100 credits for 39.00, paid and delivered."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    return settle(checkout.order)
