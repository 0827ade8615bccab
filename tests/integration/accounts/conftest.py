import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _forget_rate_limits(db: None) -> None:
    cache.clear()
