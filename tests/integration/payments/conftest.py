"""A charge to ask refunds of."""

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Charge
from tests.support.shop import Sandbox, settle, start


@pytest.fixture
def charge(sandbox: Sandbox, seller: Membership) -> Charge:
    """Somebody bought the case: 100 credits for 39.00."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    settle(checkout.order)
    return Charge.objects.get()
