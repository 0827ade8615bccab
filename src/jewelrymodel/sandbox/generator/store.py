"""The stand-in's file: jobs, and what it does wrong on purpose."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from jewelrymodel.sandbox.connections import Connections


class Store:
    """Opens the file, makes its tables, and hands out transactions."""

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = resources.files("jewelrymodel.sandbox.generator").joinpath("schema.sql")
        with self._connections.one() as conn:
            conn.execute("PRAGMA journal_mode = WAL")
            conn.executescript(schema.read_text())

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; writers wait for each other from the first line on."""
        with self._connections.one() as conn:
            conn.row_factory = sqlite3.Row
            conn.execute("BEGIN IMMEDIATE")
            try:
                yield conn
            except BaseException:
                conn.execute("ROLLBACK")
                raise
            conn.execute("COMMIT")
