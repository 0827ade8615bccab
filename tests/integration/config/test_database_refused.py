"""A database that takes no connection of ours: who begins says what it said, and doesn't wait."""

import logging
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection

from jewelrymodel.config import database_checks, database_wait, first_look
from tests.support.service import COMMAND, free_ports

AWAY = psycopg.OperationalError("connection failed: Connection refused")
OPEN = {"PATH_INFO": "/", "REQUEST_METHOD": "GET"}


@pytest.fixture
def wrong_name(django_db_setup: None) -> psycopg.OperationalError:
    """What our own server says to who asks for a database that it doesn't have."""
    ours = connection.get_connection_params() | {"dbname": "nobodys"}
    ours = {name: ours[name] for name in ("dbname", "user", "host", "port") if ours.get(name)}
    with pytest.raises(psycopg.OperationalError) as said:
        psycopg.connect(**ours)
    return said.value


@pytest.fixture
def meets(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Have whoever asks whether the database is ours meet this."""

    def meet(cause: Exception) -> None:
        def ask() -> None:
            raise OperationalError(str(cause)) from cause

        monkeypatch.setattr(database_checks, "require_ours", ask)

    return meet


def application(environ: object, start_response: object) -> list[bytes]:
    return [b"a page"]


def test_who_works_ends_and_says_what_the_server_said(
    wrong_name: psycopg.OperationalError, meets: Callable[[Exception], None]
) -> None:
    meets(wrong_name)
    with pytest.raises(database_wait.DatabaseRefused, match=r'"nobodys" does not exist') as said:
        database_wait.require_ours()
    assert "DATABASE_URL" in str(said.value)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("part", ["worker", "web"])
def test_a_part_that_begins_ends_in_one_sentence(
    wrong_name: psycopg.OperationalError, part: str, tmp_path: Path
) -> None:
    params = connection.get_connection_params()
    address = f"postgresql:///nobodys?host={params['host']}&user={params['user']}"
    told = {
        "DATABASE_URL": address,
        "DATA_DIR": str(tmp_path),
        "DEMO": "1",
        "PORT": f"{free_ports(1)}",
    }
    ended = subprocess.run(
        [COMMAND, part],
        env={"PATH": os.environ["PATH"]} | told,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    said = [line for line in ended.stderr.splitlines() if line.startswith("jewelrymodel: ")]
    assert len(said) == 1, ended.stderr
    assert '"nobodys" does not exist' in said[0]
    assert "Traceback" not in ended.stderr


def test_pages_do_not_begin(
    wrong_name: psycopg.OperationalError, meets: Callable[[Exception], None]
) -> None:
    meets(wrong_name)
    with pytest.raises(SystemExit, match=r'"nobodys" does not exist'):
        first_look.once_ours(application)


def test_pages_say_what_they_wait_for_and_end_where_it_then_refuses(
    wrong_name: psycopg.OperationalError,
    meets: Callable[[Exception], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    meets(AWAY)
    answers: list[str] = []
    with caplog.at_level(logging.WARNING):
        pages = first_look.once_ours(application)
        for _ in range(3):
            pages(OPEN, lambda status, _head: answers.append(status))
    assert answers == ["503 Service Unavailable"] * 3
    assert [one.getMessage() for one in caplog.records] == [f"waiting for the database: {AWAY}"]

    def end(status: int) -> None:
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", end)
    meets(wrong_name)
    with pytest.raises(SystemExit):
        pages(OPEN, lambda status, _head: answers.append(status))
    assert '"nobodys" does not exist' in capsys.readouterr().err
