"""What the stand-in does wrong on purpose, kept in its file so that a restart keeps it too."""

import sqlite3
from enum import StrEnum
from typing import Any


class Behaviour(StrEnum):
    """What becomes of a job. `late` is an honest job that takes `seconds`, however long."""

    HONEST = "honest"
    HANG = "hang"
    FAIL = "fail"
    PART = "part"
    LATE = "late"
    BLANK = "blank"
    ALTERED = "altered"
    BROKEN = "broken"
    BLOCK = "block"


_FIELDS = ("behaviour", "times", "seconds", "down", "lose_answers")


def read(conn: sqlite3.Connection) -> dict[str, Any]:
    """The faults as they are set now."""
    row = conn.execute("SELECT * FROM faults").fetchone()
    return {name: row[name] for name in _FIELDS}


def change(conn: sqlite3.Connection, changes: dict[str, Any]) -> dict[str, Any]:
    """Set some faults and keep the rest; raises ValueError on an unknown name or value."""
    for name, value in changes.items():
        if name not in _FIELDS:
            raise ValueError(f"there is no fault called {name}")
        if name == "behaviour":
            value = Behaviour(value)
        elif isinstance(value, str) or value is None:
            raise ValueError(f"{name} is a number, not {value!r}")
        # the column's name comes from the tuple above, the value is bound
        conn.execute(f"UPDATE faults SET {name} = ?", (value,))  # noqa: S608
    return read(conn)


def take(conn: sqlite3.Connection) -> Behaviour:
    """How the next job goes; uses up one of its count."""
    now = read(conn)
    if now["times"] == 0:
        return Behaviour.HONEST
    if now["times"] > 0:
        change(conn, {"times": now["times"] - 1})
    return Behaviour(now["behaviour"])
