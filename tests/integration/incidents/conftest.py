"""Vera, at the desk."""

import pytest
from django.test import Client

from tests.support.shop import at_the_desk


@pytest.fixture
def vera() -> Client:
    """Vera, at the desk."""
    return at_the_desk()
