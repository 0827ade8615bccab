"""The running sandbox and its buyer, as the payments tests have them, and the buyer's bank."""

import pytest

from jewelrymodel.accounts.models import Membership
from tests.integration.payments.conftest import letter_box, running, sandbox, seller, terms
from tests.integration.payments.shop import Sandbox

from .world import Bank

__all__ = ["letter_box", "running", "sandbox", "seller", "terms"]


@pytest.fixture
def bank(sandbox: Sandbox, seller: Membership) -> Bank:
    """A buyer and their bank."""
    return Bank(sandbox, seller)
