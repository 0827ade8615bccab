"""What the stand-ins of providers do wrong on purpose, and the jobs that they took."""

import json
import secrets
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """One way to go wrong, each seen at a real provider. Those from BLACK to BROKEN are in the
    picture; NONE is an honest answer.
    """

    NONE = "none"
    BLACK = "black"
    OTHER_SIZE = "other_size"
    OTHER_SHAPE = "other_shape"
    SHIFTED = "shifted"
    ZOOMED = "zoomed"
    REDRAWN = "redrawn"
    EXPANDED = "expanded"
    EXTRA_RING = "extra_ring"
    BROKEN = "broken"
    NO_IMAGE = "no_image"
    WITHHELD = "withheld"
    MODERATED = "moderated"
    INVALID = "invalid"
    RETIRED = "retired"
    BAD_KEY = "bad_key"
    NO_CREDIT = "no_credit"
    BUSY = "busy"
    BUSY_UNTIL = "busy_until"
    OVERLOADED = "overloaded"
    DISCONNECT = "disconnect"
    LOST = "lost"
    LATE = "late"
    URL_GONE = "url_gone"
    FOREIGN_URL = "foreign_url"
    FAILED = "failed"


AN_HOUR_S = 3600.0
RETRY_AFTER_S = 7


@dataclass(frozen=True)
class Job:
    """One job of a provider's stand-in."""

    id: str
    provider: str
    fault: Fault
    due: float
    picture: bytes | None
    note: dict[str, Any]


def set_fault(conn: sqlite3.Connection, fault: str, times: int) -> None:
    """Let the next *times* requests go wrong so; raises ValueError for an unknown fault."""
    conn.execute("UPDATE provider_faults SET fault = ?, times = ?", (Fault(fault), int(times)))


def take(conn: sqlite3.Connection) -> Fault:
    """How the next request goes; uses up one of its count."""
    row = conn.execute("SELECT fault, times FROM provider_faults").fetchone()
    if row["times"] == 0:
        return Fault.NONE
    if row["times"] > 0:
        conn.execute("UPDATE provider_faults SET times = times - 1")
    return Fault(row["fault"])


def keep(
    conn: sqlite3.Connection,
    provider: str,
    fault: Fault,
    *,
    now: float,
    seconds: float,
    billed: int,
    picture: bytes | None,
    note: dict[str, Any],
    job_id: str = "",
) -> str:
    """Keep a job that was accepted, and return its id."""
    job_id = job_id or secrets.token_hex(16)
    due = now + (AN_HOUR_S if fault is Fault.LATE else seconds)
    conn.execute(
        "INSERT INTO provider_jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (job_id, provider, now, fault, due, billed, picture, json.dumps(note)),
    )
    return job_id


def find(conn: sqlite3.Connection, job_id: str) -> Job | None:
    """The job with this id, or None."""
    row = conn.execute("SELECT * FROM provider_jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        return None
    fault, note = Fault(row["fault"]), json.loads(row["note"])
    return Job(row["id"], row["provider"], fault, row["due"], row["picture"], note)


def finish(conn: sqlite3.Connection) -> None:
    """End every job that is under way, now."""
    conn.execute("UPDATE provider_jobs SET due = 0")


def bill(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """What was taken and what it costs, oldest first: a provider's invoice."""
    rows = conn.execute("SELECT id, provider, billed FROM provider_jobs ORDER BY created")
    return [dict(row) for row in rows]


def forget(conn: sqlite3.Connection) -> None:
    """Be as new."""
    conn.execute("DELETE FROM provider_jobs")
    conn.execute("UPDATE provider_faults SET fault = 'none', times = 0")
