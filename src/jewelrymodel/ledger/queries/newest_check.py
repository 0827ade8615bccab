"""Recomputing what was written since books were last found right, from there on.

What was right is taken for right: an earlier movement's totals, how much had left a lot before.
Each question reads what is newer, what that touched, and what is live; nothing else of the past.
"""

# Each check returns rows of: account, subject, what, recorded, computed.
_RECENT = "WITH recent AS (SELECT * FROM ledger_movement WHERE id > %(since)s), "
_LOTS = """moved AS (
  SELECT t.* FROM recent JOIN ledger_transfer t ON t.movement_id = recent.id
), touched AS (
  SELECT from_lot_id AS id FROM moved UNION SELECT to_lot_id FROM moved
  UNION SELECT line.lot_id FROM recent JOIN ledger_hold_line line ON line.hold_id = recent.hold_id
  UNION SELECT id FROM ledger_lot WHERE is_live
), sums AS (
  SELECT lot.account_id, lot.id, lot.quantity, lot.available, lot.held, lot.paid_minor,
    (SELECT quantity FROM ledger_transfer t WHERE to_lot_id = lot.id AND to_kind = 'lot')
      AS came_in,
    (SELECT value_minor FROM ledger_transfer t WHERE to_lot_id = lot.id AND to_kind = 'lot')
      AS worth,
    coalesce((SELECT from_offset + quantity FROM ledger_transfer
      WHERE from_lot_id = lot.id AND from_kind = 'lot' ORDER BY from_offset DESC LIMIT 1), 0)
      AS has_left,
    coalesce((SELECT sum(line.quantity)
      FROM ledger_hold hold JOIN ledger_hold_line line ON line.hold_id = hold.id
      WHERE hold.account_id = lot.account_id AND hold.state = 'held' AND line.lot_id = lot.id), 0)
      AS reserved
  FROM touched JOIN ledger_lot lot ON lot.id = touched.id
)
SELECT account_id, id, 'quantity', quantity, came_in FROM sums
  WHERE quantity IS DISTINCT FROM came_in
UNION ALL
SELECT account_id, id, 'held', held, reserved FROM sums WHERE held <> reserved
UNION ALL
SELECT account_id, id, 'available', available, came_in - has_left - reserved FROM sums
  WHERE available <> came_in - has_left - reserved
UNION ALL
SELECT account_id, id, 'paid_minor', paid_minor, worth FROM sums WHERE worth <> paid_minor
"""

_TRANSFERS = """chain AS (
  SELECT t.*, lot.paid_minor, lot.quantity AS whole, coalesce((
      SELECT before.from_offset + before.quantity FROM ledger_transfer before
      WHERE before.from_lot_id = t.from_lot_id AND before.from_kind = t.from_kind
        AND before.from_offset < t.from_offset ORDER BY before.from_offset DESC LIMIT 1), 0)
    AS started
  FROM recent JOIN ledger_transfer t ON t.movement_id = recent.id
    JOIN ledger_lot lot ON lot.id = t.from_lot_id
), valued AS (
  SELECT *, div(paid_minor::numeric * (started + quantity), whole)
    - div(paid_minor::numeric * started, whole) AS worth
  FROM chain
)
SELECT account_id, id, 'from_offset', from_offset, started FROM valued WHERE from_offset <> started
UNION ALL
SELECT account_id, id, 'value_minor', value_minor, worth FROM valued WHERE value_minor <> worth
"""

_HOLDS = """touched AS (
  SELECT hold_id AS id FROM recent WHERE hold_id IS NOT NULL
  UNION SELECT id FROM ledger_hold WHERE state = 'held'
), sums AS (
  SELECT hold.*,
    (SELECT coalesce(sum(quantity), 0) FROM ledger_hold_line
      WHERE hold_id = hold.id) AS lined,
    (SELECT coalesce(sum(t.quantity), 0)
      FROM ledger_movement m JOIN ledger_transfer t ON t.movement_id = m.id
      WHERE m.hold_id = hold.id AND t.to_kind = 'consumed') AS spent
  FROM touched JOIN ledger_hold hold ON hold.id = touched.id
)
SELECT account_id, id, 'quantity', quantity, lined FROM sums WHERE quantity <> lined
UNION ALL
SELECT account_id, id, 'captured', captured, spent FROM sums WHERE captured <> spent
"""

_HOLD_LINES = """used AS (
  SELECT recent.hold_id, t.from_lot_id, sum(t.quantity) AS moved
  FROM recent JOIN ledger_transfer t ON t.movement_id = recent.id
  WHERE recent.operation IN ('capture', 'release') AND t.from_kind = 'lot'
  GROUP BY recent.hold_id, t.from_lot_id
)
SELECT hold.account_id, hold.id, 'line of ' || used.from_lot_id, coalesce(line.quantity, 0), moved
FROM used JOIN ledger_hold hold ON hold.id = used.hold_id
LEFT JOIN ledger_hold_line line ON line.hold_id = used.hold_id AND line.lot_id = used.from_lot_id
WHERE moved > coalesce(line.quantity, 0)
"""

_DEBTS = """owing AS (
  SELECT DISTINCT t.account_id, t.to_lot_id
  FROM recent JOIN ledger_transfer t ON t.movement_id = recent.id WHERE t.to_kind = 'debt'
), sums AS (
  SELECT owing.*,
    (SELECT coalesce(sum(quantity), 0) FROM ledger_transfer
      WHERE to_lot_id = owing.to_lot_id AND to_kind = 'debt') AS owed,
    (SELECT coalesce(sum(quantity), 0) FROM ledger_transfer
      WHERE to_lot_id = owing.to_lot_id AND to_kind = 'consumed') AS spent
  FROM owing
)
SELECT account_id, to_lot_id, 'debt', owed, spent FROM sums WHERE owed > spent
"""

_MOVEMENTS = """stood AS (
  SELECT account_id, coalesce(before.total, 0) AS total, coalesce(before.held_after, 0) AS held
  FROM (SELECT DISTINCT account_id FROM recent) AS theirs LEFT JOIN LATERAL (
    SELECT available_after + held_after + suspended_after AS total, held_after
    FROM ledger_movement m WHERE m.account_id = theirs.account_id AND m.id <= %(since)s
    ORDER BY m.id DESC LIMIT 1) AS before ON true
), effects AS (
  SELECT m.id, m.account_id, m.available_after + m.held_after + m.suspended_after AS total,
    m.held_after,
    coalesce((SELECT sum(CASE WHEN from_kind = 'issued' THEN quantity
        WHEN from_kind = 'lot' AND to_kind <> 'lot' THEN -quantity ELSE 0 END)
      FROM ledger_transfer WHERE movement_id = m.id), 0) AS total_change,
    coalesce((SELECT sum(CASE m.operation WHEN 'hold' THEN quantity ELSE -quantity END)
      FROM ledger_hold_line WHERE hold_id = m.hold_id), 0) AS held_change
  FROM recent m
), running AS (
  SELECT effects.*, stood.total + sum(total_change) OVER w AS total_now,
    stood.held + sum(held_change) OVER w AS held_now
  FROM effects JOIN stood ON stood.account_id = effects.account_id
  WINDOW w AS (PARTITION BY effects.account_id ORDER BY id)
)
SELECT account_id, 'movement ' || id, 'credits after it', total, total_now FROM running
  WHERE total <> total_now
UNION ALL
SELECT account_id, 'movement ' || id, 'held after it', held_after, held_now FROM running
  WHERE held_after <> held_now
"""

CHECKS = {
    "lots": _RECENT + _LOTS,
    "transfers": _RECENT + _TRANSFERS,
    "holds": _RECENT + _HOLDS,
    "lines of holds": _RECENT + _HOLD_LINES,
    "debts": _RECENT + _DEBTS,
    "movements": _RECENT + _MOVEMENTS,
}
