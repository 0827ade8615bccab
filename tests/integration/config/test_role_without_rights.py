"""A role that was given nothing: each door says what mends it, and none shows a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from jewelrymodel.infra.postgres import EmbeddedPostgres

CLI = ("-m", "jewelrymodel.config.cli")
DOORS = {
    "worker": (*CLI, "worker"),
    "web": ("-c", "import jewelrymodel.config.wsgi"),
    "reconcile": (*CLI, "reconcile"),
    "mailbox": (*CLI, "mail", "fetch"),
    "listener": (*CLI, "mail", "listen"),
}
MAIL_IN = {
    "MAIL_IN_HOST": "127.0.0.1",
    "MAIL_IN_SECURITY": "none",
    "MAIL_IN_USER": "support",
    "MAIL_IN_PASSWORD": "secret",
    "MAIL_IN_LISTEN": "lmtp:127.0.0.1:1",
}


def said(cluster: EmbeddedPostgres, folder: Path, *words: str, **more: str) -> tuple[int, str]:
    """Exit status and words of a command that speaks as a role without rights."""
    cluster.wait_until_ready()  # makes the role, and gives it nothing
    done = subprocess.run(
        [sys.executable, *words],
        env=os.environ | {"DATABASE_URL": cluster.url, "DATA_DIR": str(folder), "DEMO": "0"} | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("door", DOORS)
def test_what_serves_asks_for_prepare(
    former_cluster: EmbeddedPostgres, tmp_path: Path, door: str
) -> None:
    status, words = said(former_cluster, tmp_path, *DOORS[door], **MAIL_IN)
    assert (status, "Traceback" in words) == (1, False), words
    assert "run `jewelrymodel prepare`" in words


def test_doctor_says_so(former_cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    _, words = said(former_cluster, tmp_path, *CLI, "doctor")
    assert "WRONG  database: The database isn't set up for this version" in words, words


def test_prepare_asks_for_the_owner(former_cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    status, words = said(former_cluster, tmp_path, *CLI, "prepare")
    assert (status, "Traceback" in words) == (1, False), words
    assert "DATABASE_OWNER_URL" in words


def test_prepare_refuses_two_databases(former_cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    """Asked of the servers: behind a pooler one database has two addresses."""
    former_cluster.wait_until_ready()
    with psycopg.connect(former_cluster.owner_url, autocommit=True) as opened:
        opened.execute("CREATE DATABASE other")
    others = former_cluster.owner_url.replace("///jewelrymodel", "///other")
    status, words = said(former_cluster, tmp_path, *CLI, "prepare", DATABASE_OWNER_URL=others)
    assert (status, "Traceback" in words) == (1, False), words
    assert "DATABASE_URL and DATABASE_OWNER_URL lead to different databases" in words
    with psycopg.connect(others) as opened:
        assert opened.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,)
    own = {"DATABASE_OWNER_URL": former_cluster.owner_url}
    status, words = said(former_cluster, tmp_path, *CLI, "prepare", **own)
    assert (status, "the rights of the role that serves" in words) == (0, True), words
