"""A role that was given nothing: each door says what mends it, and none shows a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jewelrymodel.infra.postgres import EmbeddedPostgres

CLI = ("-m", "jewelrymodel.config.cli")
DOORS = {
    "worker": (*CLI, "worker"),
    "web": ("-c", "import jewelrymodel.config.wsgi"),
    "reconcile": (*CLI, "reconcile"),
}


def said(cluster: EmbeddedPostgres, folder: Path, *words: str) -> tuple[int, str]:
    """Exit status and words of a command that speaks as a role without rights."""
    cluster.wait_until_ready()  # makes the role, and gives it nothing
    done = subprocess.run(
        [sys.executable, *words],
        env=os.environ | {"DATABASE_URL": cluster.url, "DATA_DIR": str(folder), "DEMO": "0"},
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
    status, words = said(former_cluster, tmp_path, *DOORS[door])
    assert (status, "Traceback" in words) == (1, False), words
    assert "run `jewelrymodel prepare`" in words


def test_doctor_says_so(former_cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    _, words = said(former_cluster, tmp_path, *CLI, "doctor")
    assert "WRONG  database: The database isn't set up for this version" in words, words


def test_prepare_asks_for_the_owner(former_cluster: EmbeddedPostgres, tmp_path: Path) -> None:
    status, words = said(former_cluster, tmp_path, *CLI, "prepare")
    assert (status, "Traceback" in words) == (1, False), words
    assert "DATABASE_OWNER_URL" in words
