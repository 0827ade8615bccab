"""Jobs: accepted once per key, their state worked out from the row and the time."""

import hashlib
import json
import secrets
import sqlite3
from typing import Any

from jewelrymodel.sandbox.generator import faults
from jewelrymodel.sandbox.generator.faults import Behaviour

COST_MICROS = 12_000  # for each picture made


class KeyReused(Exception):
    """This idempotency key belongs to another job."""


def accept(
    conn: sqlite3.Connection, *, key: str, body: dict[str, Any], cutout: bytes, now: float
) -> str:
    """Keep a job and return its id; the same key with the same body gives the first one's.

    `behaviour` and `seconds` in the body go before the panel. Raises KeyReused, ValueError.
    """
    fingerprint = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    row = conn.execute("SELECT id, fingerprint FROM jobs WHERE key = ?", (key,)).fetchone()
    if row:
        if row["fingerprint"] != fingerprint:
            raise KeyReused
        return str(row["id"])
    named = body.get("behaviour")
    behaviour = Behaviour(named) if named else faults.take(conn)
    seconds = float(body.get("seconds") or faults.read(conn)["seconds"])
    job_id = f"job_{secrets.token_hex(8)}"
    conn.execute(
        "INSERT INTO jobs (id, key, fingerprint, created, behaviour, seconds, cutout, images)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (job_id, key, fingerprint, now, behaviour, seconds, cutout, json.dumps(body["images"])),
    )
    return job_id


def find(conn: sqlite3.Connection, job_id: str) -> sqlite3.Row | None:
    """The job with this id, or None."""
    row: sqlite3.Row | None = conn.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return row


def under_key(conn: sqlite3.Connection, key: str) -> list[str]:
    """The ids of the jobs with this idempotency key: one at most, or the stand-in is broken."""
    return [row["id"] for row in conn.execute("SELECT id FROM jobs WHERE key = ?", (key,))]


def cancel(conn: sqlite3.Connection, job: sqlite3.Row, now: float) -> None:
    """Stop a job; one that is over stays as it ended."""
    if state(job, now)["status"] in ("queued", "running"):
        conn.execute("UPDATE jobs SET canceled = 1, finish_at = ? WHERE id = ?", (now, job["id"]))


def finish(conn: sqlite3.Connection, job_id: str | None, now: float) -> int:
    """End one job, or all, now, as it would have ended (one that hangs ends honestly)."""
    done = conn.execute(
        "UPDATE jobs SET finish_at = ? WHERE finish_at IS NULL AND id = coalesce(?, id)",
        (now, job_id),
    )
    return done.rowcount


def state(job: sqlite3.Row, now: float) -> dict[str, Any]:
    """What a client is told about a job at *now*."""
    images = json.loads(job["images"])
    ready = _ready(job, images, now)
    over = _over(job, now)
    doc: dict[str, Any] = {
        "id": job["id"],
        "status": _status(job, over, ready, now),
        "step": "queued at the generator" if not _share(job, now) else "generating",
        "outputs": [{"ref": ref, "cost_micros": COST_MICROS} for ref in ready],
        "refused": [],
        "error": None,
    }
    if over and job["behaviour"] == Behaviour.BLOCK:
        doc["refused"] = [{"ref": i["ref"], "code": "content_blocked"} for i in images]
    if doc["status"] == "failed":
        doc["error"] = {"code": "internal", "message": "The model crashed."}
    return doc


def _status(job: sqlite3.Row, over: bool, ready: list[int], now: float) -> str:
    if job["canceled"]:
        return "canceled"
    if not over:
        return "running" if _share(job, now) else "queued"
    return "failed" if job["behaviour"] == Behaviour.FAIL else "completed"


def _share(job: sqlite3.Row, now: float) -> float:
    """How much of a job is done, 0 to 1."""
    created, finish_at = float(job["created"]), job["finish_at"]
    if job["behaviour"] == Behaviour.HANG and finish_at is None:
        return min(0.4, (now - created) / 10)
    if finish_at is not None and not job["canceled"]:
        return 1.0
    until = now if finish_at is None else min(float(finish_at), now)
    return min(1.0, max(0.0, until - created) / max(float(job["seconds"]), 0.001))


def _over(job: sqlite3.Row, now: float) -> bool:
    return _share(job, now) >= 1 or bool(job["canceled"])


def _ready(job: sqlite3.Row, images: list[dict[str, Any]], now: float) -> list[int]:
    """The pictures that can be fetched: one after the other while it runs."""
    if job["behaviour"] in (Behaviour.FAIL, Behaviour.BLOCK):
        return []
    if job["behaviour"] == Behaviour.HANG and not job["finish_at"]:
        return []
    refs = [int(image["ref"]) for image in images]
    if job["behaviour"] == Behaviour.PART:
        refs = refs[:-1]
    return refs[: int(len(images) * _share(job, now))]
