"""A seller with everything: a piece, an image, a purchase and a request."""

from pathlib import Path

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account, User
from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.statuses import GeneratorName
from tests.support import generation as world


@pytest.fixture(autouse=True)
def _files_apart(files: Path) -> None:
    """Nothing that a test stores is seen by another."""


@pytest.fixture
def asset(account: Account) -> Asset:
    """An image that was made of an approved photo."""
    photo = world.approve(world.approved_photo(account))
    world.work(world.order(photo, generator=GeneratorName.EMBEDDED), world.Hands())
    return Asset.objects.get()


@pytest.fixture
def user(account: Account) -> User:
    user: User = account.memberships.get().user
    user.set_password("a-long-enough-one")
    user.save()
    return user


@pytest.fixture
def client(user: User) -> Client:
    """Their browser: signed in, and asked for the password once more a moment ago."""
    client = Client()
    client.force_login(user)
    again = {"password": "a-long-enough-one", "next": "/settings"}
    assert client.post("/account/reauthenticate/", again)["Location"] == "/settings"
    return client
