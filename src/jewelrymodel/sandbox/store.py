"""The sandbox's only store: documents in one SQLite file, changed in one transaction at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, cast

from jewelrymodel.sandbox import clock
from jewelrymodel.sandbox.connections import Connections
from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import no_such


@dataclass
class Tx:
    """One transaction: reads and writes documents at one instant of the sandbox's time."""

    conn: sqlite3.Connection
    now: int
    public_url: str = ""
    request_id: str | None = None
    idempotency_key: str | None = None

    def insert(self, doc: Doc) -> Doc:
        """Keep a new document; its `created`, if it has one, is when it was made."""
        self.conn.execute(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)",
            (doc["id"], doc["object"], doc.get("created", self.now), json.dumps(doc)),
        )
        return doc

    def save(self, doc: Doc) -> Doc:
        """Replace a document that is kept already."""
        self.conn.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(doc), doc["id"]))
        return doc

    def get(self, object_id: str) -> Doc | None:
        """The document with this id, or None."""
        row = self.conn.execute("SELECT body FROM objects WHERE id = ?", (object_id,)).fetchone()
        return cast(Doc, json.loads(row[0])) if row else None

    def need(self, kind: str, object_id: str, *, param: str = "id", status: int = 404) -> Doc:
        """The document of this kind; raises `Refused` (`resource_missing`) when there is none."""
        doc = self.get(object_id)
        if doc is None or doc["object"] != kind:
            raise no_such(kind, object_id, param=param, status=status)
        return doc

    def find(self, kind: str, **equal: Any) -> list[Doc]:
        """All documents of a kind whose fields have these values, newest first."""
        clauses, values = where(kind, equal)
        rows = self.conn.execute(
            f"SELECT body FROM objects WHERE {clauses} ORDER BY seq DESC",  # noqa: S608 - see where()
            values,
        )
        return [json.loads(row[0]) for row in rows]

    def recent(self, kind: str, count: int) -> list[Doc]:
        """The newest documents of a kind."""
        rows = self.conn.execute(
            "SELECT body FROM objects WHERE kind = ? ORDER BY seq DESC LIMIT ?", (kind, count)
        )
        return [json.loads(row[0]) for row in rows]

    def schedule(self, due: int, name: str, subject: str) -> None:
        """Have the sandbox itself do something at an instant of its own time."""
        self.conn.execute(
            "INSERT INTO jobs (due, name, subject) VALUES (?, ?, ?)", (due, name, subject)
        )


def where(kind: str, equal: dict[str, Any]) -> tuple[str, list[Any]]:
    """A condition over the documents. Field names come from the code, values are always bound."""
    clauses, values = ["kind = ?"], [kind]
    for field, value in equal.items():
        clauses.append("json_extract(body, ?) IS ?")
        values += [f"$.{field}", value]
    return " AND ".join(clauses), values


class Store:
    """Opens the file, makes its tables, and hands out transactions.

    `last_write` is another object after each transaction that changed a row: who keeps it knows
    without asking the file whether anything has changed since.
    """

    def __init__(self, path: Path, public_url: str = "") -> None:
        self.last_write = object()
        self._connections = Connections(path)
        self._public_url = public_url
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = resources.files("jewelrymodel.sandbox").joinpath("schema.sql").read_text()
        with self._connections.one() as conn:
            conn.execute("PRAGMA journal_mode = WAL")
            conn.executescript(schema)
            # Whoever was being answered when the last process died was not acted for.
            conn.execute("DELETE FROM idempotency WHERE status IS NULL")

    def close(self) -> None:
        """Let go of the file."""
        self._connections.close()

    @contextmanager
    def transaction(self, *, request_id: str | None = None, key: str | None = None) -> Iterator[Tx]:
        """All of it or nothing; writers wait for each other from the first line on."""
        with self._connections.one() as conn:
            conn.execute("BEGIN IMMEDIATE")
            changes = conn.total_changes
            try:
                now = int(clock.sandbox_time(conn))
                yield Tx(conn, now, self._public_url, request_id, key)
            except BaseException:
                conn.execute("ROLLBACK")
                raise
            conn.execute("COMMIT")
            if conn.total_changes != changes:
                self.last_write = object()


TABLES: Sequence[str] = ("objects", "idempotency", "deliveries", "jobs", "state")


def erase(conn: sqlite3.Connection) -> None:
    """Forget everything, the clock's offset and the faults included."""
    for table in TABLES:
        conn.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the tuple above


def save(conn: sqlite3.Connection) -> None:
    """Keep all of it beside itself, once: what was kept before is forgotten."""
    forget_saved(conn)
    for table in TABLES:
        conn.execute(f"CREATE TABLE saved_{table} AS SELECT * FROM {table}")  # noqa: S608 - as above


def forget_saved(conn: sqlite3.Connection) -> None:
    """Forget what was kept."""
    for table in TABLES:
        conn.execute(f"DROP TABLE IF EXISTS saved_{table}")


def restore(conn: sqlite3.Connection) -> bool:
    """Make everything as it was when it was kept, as often as wanted; False where nothing was."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'saved_objects'").fetchone():
        return False
    erase(conn)
    for table in TABLES:
        conn.execute(f"INSERT INTO {table} SELECT * FROM saved_{table}")  # noqa: S608 - as above
    return True
