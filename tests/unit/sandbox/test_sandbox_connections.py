"""Connections to a stand-in's file are used again, but for those that an error left in use."""

import sqlite3
from pathlib import Path

import pytest

from jewelrymodel.sandbox.connections import Connections


def test_the_next_user_is_given_the_same_one_and_two_at_a_time_are_not(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "file.sqlite")
    with connections.one() as first:
        pass
    with connections.one() as second, connections.one() as beside:
        assert second is first
        assert beside is not first
    connections.close()


def test_what_stands_in_an_open_transaction_is_nobody_elses(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "file.sqlite")
    with connections.one() as broken:
        broken.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.ProgrammingError):
        broken.execute("SELECT 1")
    with connections.one() as sound:
        sound.execute("BEGIN IMMEDIATE")
        sound.execute("ROLLBACK")
    connections.close()
