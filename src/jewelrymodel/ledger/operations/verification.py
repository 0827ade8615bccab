"""Proving the books, all of them or what is newer, and noting up to where they were right."""

import time
from datetime import datetime

from django.db import connection

from jewelrymodel.ledger import queries
from jewelrymodel.ledger.balances import Disagreement
from jewelrymodel.ledger.models import Verification

_NEWEST = "SELECT coalesce(max(id), 0), pg_current_xact_id()::text FROM ledger_movement"
_ARE_OVER = "SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8"
_WAIT_S, _PAUSE_S = 10.0, 0.05


def verify(*, machine_now: datetime, say: queries.Say = queries.unsaid) -> list[Disagreement]:
    """Recompute the whole books and return what disagrees; where nothing does, that is noted.

    *say* is told what is looked at next.
    """
    until = settled_movement()
    found = queries.verify(say=say)
    return _noted(found, until, machine_now, is_whole=True)


def verify_newest(
    *, machine_now: datetime, say: queries.Say = queries.unsaid
) -> list[Disagreement]:
    """Return what disagrees in what was written since the books were last found right: without a
    time when they were, in all of them.
    """
    last = Verification.objects.order_by("-movement_id").first()
    if last is None:
        return verify(machine_now=machine_now, say=say)
    until = settled_movement()
    found = queries.verify_since(last.movement_id, say=say)
    return _noted(found, until, machine_now, is_whole=False)


def _noted(
    found: list[Disagreement], until: int | None, machine_now: datetime, *, is_whole: bool
) -> list[Disagreement]:
    if not found and until is not None:
        Verification.objects.create(movement_id=until, is_whole=is_whole, began_at=machine_now)
    return found


def settled_movement() -> int | None:
    """The newest movement up to which none can come any more; None where that isn't so in time, and
    inside a transaction, which is itself one that runs.

    A transaction that began before may still write a movement with a smaller number: all that run
    now are waited for. The wallet's lock gave each its own number, before the movement got one.
    """
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        newest, mine = cursor.fetchone()
        deadline = time.monotonic() + _WAIT_S
        while True:
            cursor.execute(_ARE_OVER, [mine])
            if cursor.fetchone()[0]:
                return int(newest)
            if time.monotonic() > deadline:
                return None
            time.sleep(_PAUSE_S)
