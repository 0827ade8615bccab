"""The shop of the payments tests, and Vera at the desk."""

from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.values import StaffRole
from tests.integration.payments.conftest import letter_box, running, sandbox, seller, terms
from tests.integration.payments.shop import now

__all__ = ["letter_box", "running", "sandbox", "seller", "terms"]


@pytest.fixture
def vera() -> Client:
    """Vera, at the desk."""
    hired = accounts.hire(
        email="vera@desk.example",
        password="not-a-common-one",
        name="Vera Example",
        role=StaffRole.AGENT,
        actor="system:test",
        now=now() - timedelta(days=1),
    )
    client = Client()
    client.force_login(hired.user)
    return client
