"""The buyer's bank."""

import pytest

from jewelrymodel.accounts.models import Membership
from tests.support.bank import Bank
from tests.support.shop import Sandbox


@pytest.fixture
def bank(sandbox: Sandbox, seller: Membership) -> Bank:
    """A buyer and their bank."""
    return Bank(sandbox, seller)
