"""The sandbox's clock: real time plus an offset that the panel sets.

Only this module reads the machine's clock; everything else is handed an instant.
"""

from __future__ import annotations

import sqlite3
import time


def real_time() -> float:
    """Seconds since the epoch, as the machine has them. Signatures of webhooks use these."""
    return time.time_ns() / 1_000_000_000


def offset_s(conn: sqlite3.Connection) -> int:
    """How many seconds the sandbox runs ahead of (or behind) real time."""
    row = conn.execute("SELECT value FROM state WHERE key = 'clock_offset_s'").fetchone()
    return int(row[0]) if row else 0


def sandbox_time(conn: sqlite3.Connection) -> float:
    """Seconds since the epoch as the sandbox sees them."""
    return real_time() + offset_s(conn)


def set_offset(conn: sqlite3.Connection, seconds: int) -> None:
    """Move the clock. A step back takes what waits to be sent along, or it would wait for ages."""
    step = seconds - offset_s(conn)
    conn.execute(
        "INSERT INTO state (key, value) VALUES ('clock_offset_s', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (str(seconds),),
    )
    if step < 0:
        conn.execute("UPDATE deliveries SET due = due + ? WHERE state = 'pending'", (step,))
