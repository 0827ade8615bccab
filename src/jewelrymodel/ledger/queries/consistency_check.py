"""Recomputing the books from transfers and hold lines, and saying what disagrees."""

from collections.abc import Callable, Mapping

from django.db import connection

from jewelrymodel.ledger.balances import Disagreement
from jewelrymodel.ledger.queries import newest_check

Say = Callable[[str], None]


def unsaid(what: str) -> None:
    """Tell nobody what is looked at."""


# Each check returns rows of: account, subject, what, recorded, computed.
_LOTS = """
WITH sums AS (
  SELECT lot.account_id, lot.id, lot.quantity, lot.available, lot.held,
    (SELECT coalesce(sum(quantity), 0) FROM ledger_transfer
      WHERE to_lot_id = lot.id AND to_kind = 'lot') AS came_in,
    (SELECT coalesce(sum(quantity), 0) FROM ledger_transfer
      WHERE from_lot_id = lot.id AND from_kind = 'lot') AS has_left,
    (SELECT coalesce(sum(line.quantity), 0)
      FROM ledger_hold_line line JOIN ledger_hold hold ON hold.id = line.hold_id
      WHERE line.lot_id = lot.id AND hold.state = 'held') AS reserved
  FROM ledger_lot lot
)
SELECT account_id, id, 'quantity', quantity, came_in FROM sums WHERE quantity <> came_in
UNION ALL
SELECT account_id, id, 'held', held, reserved FROM sums WHERE held <> reserved
UNION ALL
SELECT account_id, id, 'available', available, came_in - has_left - reserved FROM sums
  WHERE available <> came_in - has_left - reserved
"""

_LOT_PRICES = """
SELECT lot.account_id, lot.id, 'paid_minor', lot.paid_minor, t.value_minor
FROM ledger_lot lot JOIN ledger_transfer t ON t.to_lot_id = lot.id AND t.to_kind = 'lot'
WHERE t.value_minor <> lot.paid_minor
"""

_TRANSFERS = """
WITH chain AS (
  SELECT t.*, lot.paid_minor, lot.quantity AS whole,
    coalesce(sum(t.quantity) OVER (
      PARTITION BY t.from_lot_id, t.from_kind ORDER BY t.from_offset
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS started
  FROM ledger_transfer t JOIN ledger_lot lot ON lot.id = t.from_lot_id
), valued AS (
  SELECT *, div(paid_minor::numeric * (started + quantity), whole)
    - div(paid_minor::numeric * started, whole) AS worth
  FROM chain
)
SELECT account_id, id, 'from_offset', from_offset, started FROM valued WHERE from_offset <> started
UNION ALL
SELECT account_id, id, 'value_minor', value_minor, worth FROM valued WHERE value_minor <> worth
"""

_HOLDS = """
WITH sums AS (
  SELECT hold.*,
    (SELECT coalesce(sum(quantity), 0) FROM ledger_hold_line
      WHERE hold_id = hold.id) AS lined,
    (SELECT coalesce(sum(t.quantity), 0)
      FROM ledger_movement m JOIN ledger_transfer t ON t.movement_id = m.id
      WHERE m.hold_id = hold.id AND t.to_kind = 'consumed') AS spent
  FROM ledger_hold hold
)
SELECT account_id, id, 'quantity', quantity, lined FROM sums WHERE quantity <> lined
UNION ALL
SELECT account_id, id, 'captured', captured, spent FROM sums WHERE captured <> spent
"""

_HOLD_LINES = """
WITH used AS (
  SELECT m.hold_id, t.from_lot_id, sum(t.quantity) AS moved
  FROM ledger_movement m JOIN ledger_transfer t ON t.movement_id = m.id
  WHERE m.operation IN ('capture', 'release') AND t.from_kind = 'lot'
  GROUP BY m.hold_id, t.from_lot_id
)
SELECT hold.account_id, hold.id, 'line of ' || used.from_lot_id, coalesce(line.quantity, 0), moved
FROM used JOIN ledger_hold hold ON hold.id = used.hold_id
LEFT JOIN ledger_hold_line line ON line.hold_id = used.hold_id AND line.lot_id = used.from_lot_id
WHERE moved > coalesce(line.quantity, 0)
"""

_DEBTS = """
WITH sums AS (
  SELECT account_id, to_lot_id,
    coalesce(sum(quantity) FILTER (WHERE to_kind = 'debt'), 0) AS owed,
    coalesce(sum(quantity) FILTER (WHERE to_kind = 'consumed'), 0) AS spent
  FROM ledger_transfer GROUP BY account_id, to_lot_id
)
SELECT account_id, to_lot_id, 'debt', owed, spent FROM sums WHERE owed > spent
"""

_MOVEMENTS = """
WITH effects AS (
  SELECT m.id, m.account_id, m.available_after + m.held_after + m.suspended_after AS total,
    m.held_after,
    coalesce((SELECT sum(CASE WHEN from_kind = 'issued' THEN quantity
        WHEN from_kind = 'lot' AND to_kind <> 'lot' THEN -quantity ELSE 0 END)
      FROM ledger_transfer WHERE movement_id = m.id), 0) AS total_change,
    coalesce((SELECT sum(CASE m.operation WHEN 'hold' THEN quantity ELSE -quantity END)
      FROM ledger_hold_line WHERE hold_id = m.hold_id), 0) AS held_change
  FROM ledger_movement m
), running AS (
  SELECT *, sum(total_change) OVER w AS total_now, sum(held_change) OVER w AS held_now
  FROM effects WINDOW w AS (PARTITION BY account_id ORDER BY id)
)
SELECT account_id, 'movement ' || id, 'credits after it', total, total_now FROM running
  WHERE total <> total_now
UNION ALL
SELECT account_id, 'movement ' || id, 'held after it', held_after, held_now FROM running
  WHERE held_after <> held_now
"""

_CHECKS = {
    "lots": _LOTS,
    "prices of lots": _LOT_PRICES,
    "transfers": _TRANSFERS,
    "holds": _HOLDS,
    "lines of holds": _HOLD_LINES,
    "debts": _DEBTS,
    "movements": _MOVEMENTS,
}


_TOTALS = """
SELECT
  (SELECT coalesce(sum(available), 0) FROM ledger_lot) AS available,
  (SELECT coalesce(sum(held), 0) FROM ledger_lot) AS held,
  (SELECT coalesce(sum(paid_minor), 0) FROM ledger_lot) AS paid_minor,
  (SELECT coalesce(sum(quantity), 0) FROM ledger_transfer) AS moved,
  (SELECT coalesce(sum(value_minor), 0) FROM ledger_transfer) AS moved_minor
"""


def totals() -> dict[str, int]:
    """Return sums over the whole books, in credits and minor units of whatever currency: two books
    with the same history have the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        names = [column.name for column in cursor.description]
        return dict(zip(names, map(int, cursor.fetchone()), strict=True))


def held_credits() -> int:
    """Return how many credits generations hold now, over all accounts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(held), 0) FROM ledger_lot WHERE is_live")
        return int(cursor.fetchone()[0])


def verify(*, say: Say = unsaid) -> list[Disagreement]:
    """Recompute every balance, hold, price share and running total; return what disagrees.

    Everything follows from transfers and hold lines alone; an empty list means that the books are
    right. *say* is told what is looked at next.
    """
    return _disagreements(_CHECKS, {}, say)


def verify_since(movement_id: int, *, say: Say = unsaid) -> list[Disagreement]:
    """Return what disagrees in what came after a movement up to which the books were right."""
    return _disagreements(newest_check.CHECKS, {"since": movement_id}, say)


def _disagreements(
    checks: Mapping[str, str], values: Mapping[str, int], say: Say
) -> list[Disagreement]:
    disagreements = []
    with connection.cursor() as cursor:
        for name, check in checks.items():
            say(name)
            cursor.execute(check, values or None)
            disagreements += [Disagreement(*map(str, row)) for row in cursor.fetchall()]
    return sorted(disagreements, key=lambda each: (each.account_id, each.subject, each.what))
