"""Fixtures: the migrated test database, and a clone of it for a test that commits."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.shop import register_terms


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The migrated test database as ``prepare`` leaves one: the shipped policy is published."""
    from django.db import connections

    default = connections["default"]
    if default.settings_dict["NAME"] == default.creation._get_test_db_name():
        with django_db_blocker.unblock():
            register_terms()
            _spare_small_ids()


def _spare_small_ids() -> None:
    """Tests that need no more of a colleague than an id name 1 or 7: nobody in a database is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('accounts_user', 'id')")
        cursor.execute("SELECT setval(%s, 1000)", cursor.fetchone())


@pytest.fixture(scope="session")
def template_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The migrated test database, also where only tests that commit were asked for."""
    from django.db import connections

    default = connections["default"]
    before = default.settings_dict["NAME"]
    is_made = before == default.creation._get_test_db_name()
    with django_db_blocker.unblock():
        if not is_made:
            default.creation.create_test_db(verbosity=0, autoclobber=True)
            register_terms()
            _spare_small_ids()
        default.close()
    yield
    if not is_made:
        with django_db_blocker.unblock():
            default.creation.destroy_test_db(before, verbosity=0)


@pytest.fixture
def committing_db(template_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clone the migrated test database, use the clone for this test, drop it.

    The ledger refuses TRUNCATE, so a test that commits can't be cleaned up by emptying tables
    (``django_db(transaction=True)``); a clone takes a tenth of a second and leaves nothing.
    """
    from django.db import connections

    default = connections["default"]
    template = default.settings_dict["NAME"]
    clone = f"{template}_clone"
    with django_db_blocker.unblock():
        default.close()
        with default._nodb_cursor() as cursor:
            copy = f'CREATE DATABASE "{clone}" TEMPLATE "{template}" STRATEGY FILE_COPY'
            cursor.execute(copy)  # by files: a fifth less work than through buffers and the log
        default.settings_dict["NAME"] = clone
        try:
            yield
        finally:
            default.close()
            default.settings_dict["NAME"] = template
            with default._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{clone}" WITH (FORCE)')
