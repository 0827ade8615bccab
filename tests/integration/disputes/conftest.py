"""The buyer's bank."""

import pytest

from jewelrymodel.accounts.models import Membership
from tests.integration.payments.shop import Sandbox

from .world import Bank


@pytest.fixture
def bank(sandbox: Sandbox, seller: Membership) -> Bank:
    """A buyer and their bank."""
    return Bank(sandbox, seller)
