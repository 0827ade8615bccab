"""A customer who reads the pseudo-language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.operations import choose_language
from tests.support import pseudo
from tests.support.pseudo_pages import Walk


@pytest.fixture
def buyer(seller: Membership, files: Path) -> Iterator[Walk]:
    """A customer who reads the pseudo-language."""
    choose_language(user_id=seller.user_id, language=pseudo.LANGUAGE)
    walk = Walk()
    walk.client.force_login(seller.user)
    with pseudo.spoken(), translation.override(pseudo.LANGUAGE):
        yield walk
