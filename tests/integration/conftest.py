"""What the rooms' tests share: the stand-ins, each started once, and a database that commits."""

from importlib import import_module

import pytest
from django.conf import settings

from tests.support.cloned_database import committing_db, django_db_setup, template_db
from tests.support.generation_fixtures import account, files, generator, generator_url, hands, photo
from tests.support.kept_pictures import kept_pictures
from tests.support.shop_fixtures import letter_box, running, sandbox, seller, terms

__all__ = [
    "account",
    "committing_db",
    "django_db_setup",
    "files",
    "generator",
    "generator_url",
    "hands",
    "kept_pictures",
    "letter_box",
    "photo",
    "running",
    "sandbox",
    "seller",
    "template_db",
    "terms",
]


@pytest.fixture(scope="session", autouse=True)
def every_address() -> None:
    """The demo's addresses, which are there when they are first asked for: by a test that is no
    demo, they would be missing for all that come after it.
    """
    import_module(settings.ROOT_URLCONF)
