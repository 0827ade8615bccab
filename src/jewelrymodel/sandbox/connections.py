"""The connections to a stand-in's SQLite file, kept from one transaction to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Connections:
    """Those to one file that no transaction has now, whichever thread asks for one.

    Opening one costs twenty times what a small transaction does, and closing the last one writes
    everything back to the file (30 ms).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        """One for a single user; whoever begins a transaction on it also ends it."""
        try:
            conn = self._idle.pop()
        except IndexError:
            conn = self._opened()
        try:
            yield conn
        finally:
            if conn.in_transaction:  # an error left it so: nobody else is given it
                conn.close()
            else:
                self._idle.append(conn)

    def _opened(self) -> sqlite3.Connection:
        conn = sqlite3.connect(
            self._path, timeout=15, isolation_level=None, check_same_thread=False
        )
        conn.execute("PRAGMA synchronous = NORMAL")
        return conn

    def close(self) -> None:
        """Let go of the file."""
        while self._idle:
            self._idle.pop().close()
