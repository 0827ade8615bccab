"""The demo and real data never meet, whichever command is asked first."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from jewelrymodel.accounts import operations
from jewelrymodel.config import database_checks, demo_database
from jewelrymodel.config.commands import demo, worker
from jewelrymodel.config.demo_database import DatabaseContent, DemoRefused
from jewelrymodel.infra import clock


@pytest.fixture
def real_accounts(db: None) -> None:
    operations.register(
        email="real@rings.example", password=None, account_name="R", now=clock.real_now()
    )


@pytest.fixture
def demo_world(db: None) -> Iterator[None]:
    demo_database.mark(DatabaseContent.DEMO)
    return


def test_a_demo_is_never_loaded_into_real_accounts(real_accounts: None) -> None:
    with pytest.raises(DemoRefused, match="real accounts"):
        demo.load()
    assert demo_database.content() is DatabaseContent.REAL


def test_a_demo_is_never_loaded_by_real_service(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(DemoRefused, match="no demo"):
        demo.load()
    assert demo_database.content() is DatabaseContent.NOTHING


def test_only_a_demos_database_is_wiped(db: None, settings: Settings) -> None:
    """One that holds nothing of ours may be another program's."""
    with connection.cursor() as cursor:
        cursor.execute("create table of_another_program (id int)")
    kept = settings.MEDIA_ROOT / "a-picture.png"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"of a customer")
    with pytest.raises(DemoRefused):
        demo.clear()
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('of_another_program') is not null")
        assert cursor.fetchone()[0]
    assert kept.exists()


def test_no_process_serves_real_accounts_as_a_demo(real_accounts: None) -> None:
    with pytest.raises(DemoRefused, match="start with DEMO=0"):
        database_checks.require_ours()
    with pytest.raises(DemoRefused, match="start with DEMO=0"):
        worker.run()


def test_no_process_serves_a_demo_as_real(demo_world: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(DemoRefused, match="passwords are public"):
        worker.run()
