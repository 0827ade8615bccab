"""The shop of the payments tests, and Vera at the desk."""

import pytest
from django.test import Client

from tests.integration.payments.conftest import letter_box, running, sandbox, seller, terms
from tests.integration.payments.shop import at_the_desk

__all__ = ["letter_box", "running", "sandbox", "seller", "terms"]


@pytest.fixture
def vera() -> Client:
    """Vera, at the desk."""
    return at_the_desk()
