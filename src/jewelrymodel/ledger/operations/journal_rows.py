"""What an operation on credits writes: one statement, of the parts that it needs."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jewelrymodel.ledger.models import Hold, HoldLine, Lot, Transfer

_LOTS = """
changed AS (
    UPDATE ledger_lot AS lot SET available = now.available, held = now.held
    FROM unnest(%(lots)s::text[], %(available)s::int[], %(held)s::int[])
        AS now (id, available, held)
    WHERE lot.id = now.id
)
"""
_HELD = """
held AS (
    INSERT INTO ledger_hold (id, account_id, subject, quantity, state, captured, created_at)
    VALUES (%(hold_id)s, %(account_id)s, %(subject)s, %(quantity)s, 'held', 0, %(created_at)s)
), lines AS (
    INSERT INTO ledger_hold_line (account_id, hold_id, position, lot_id, quantity, remaining_life)
    SELECT %(account_id)s, %(hold_id)s, line.position - 1, line.lot_id, line.quantity, line.life
    FROM unnest(%(line_lots)s::text[], %(line_quantities)s::int[], %(line_lives)s::interval[])
        WITH ORDINALITY AS line (lot_id, quantity, life, position)
)
"""
_RESOLVED = """
resolved AS (
    UPDATE ledger_hold
    SET state = %(state)s, captured = %(captured)s, resolved_at = %(resolved_at)s
    WHERE id = %(hold_id)s
)
"""
_MOVEMENT = """
movement AS (
    INSERT INTO ledger_movement (
        account_id, operation, idempotency_key, fingerprint, cause_kind, cause_id, happened_at,
        hold_id, lot_id, available_after, held_after, suspended_after
    ) VALUES (
        %(account_id)s, %(operation)s, %(idempotency_key)s, %(fingerprint)s, %(cause_kind)s,
        %(cause_id)s, %(happened_at)s, %(hold_id)s, %(lot_id)s, %(available_after)s,
        %(held_after)s, %(suspended_after)s
    ) RETURNING id
)
"""
_TRANSFERS = """
moved AS (
    INSERT INTO ledger_transfer (
        id, account_id, movement_id, from_kind, from_lot_id, to_kind, to_lot_id, quantity,
        from_offset, value_minor
    )
    SELECT t.id, %(account_id)s, movement.id, t.from_kind, t.from_lot, t.to_kind, t.to_lot,
        t.quantity, t.from_offset, t.value_minor
    FROM movement, unnest(
        %(ids)s::text[], %(from_kinds)s::text[], %(from_lots)s::text[], %(to_kinds)s::text[],
        %(to_lots)s::text[], %(quantities)s::int[], %(offsets)s::int[], %(values)s::bigint[]
    ) AS t (id, from_kind, from_lot, to_kind, to_lot, quantity, from_offset, value_minor)
)
"""


def writing(
    movement: Mapping[str, Any],
    *,
    lots: Sequence[Lot],
    transfers: Sequence[Transfer],
    hold: Hold | None,
    lines: Sequence[HoldLine],
) -> tuple[str, dict[str, Any]]:
    """Return the statement that writes a *movement* with all that it changes, and its values.

    It answers the movement's id. A *hold* is new where it has *lines*, else it was resolved.
    """
    values = {**movement, **_balances(lots), **_moved(transfers)}
    if hold:
        values |= _held(hold, lines) if lines else _resolution(hold)
    is_resolved = hold is not None and not lines
    return _statement(bool(lots), bool(transfers), bool(lines), is_resolved), values


@cache
def _statement(has_lots: bool, has_transfers: bool, has_lines: bool, is_resolved: bool) -> str:
    parts = (
        (_LOTS, has_lots),
        (_HELD, has_lines),
        (_RESOLVED, is_resolved),
        (_MOVEMENT, True),
        (_TRANSFERS, has_transfers),
    )
    chosen = ", ".join(text for text, is_needed in parts if is_needed)
    return f"WITH {chosen} SELECT id FROM movement"  # noqa: S608  # every text is from here


def _balances(lots: Sequence[Lot]) -> dict[str, Any]:
    return {
        "lots": [lot.pk for lot in lots],
        "available": [lot.available for lot in lots],
        "held": [lot.held for lot in lots],
    }


def _held(hold: Hold, lines: Sequence[HoldLine]) -> dict[str, Any]:
    return {
        "subject": hold.subject,
        "quantity": hold.quantity,
        "created_at": hold.created_at,
        "line_lots": [line.lot_id for line in lines],
        "line_quantities": [line.quantity for line in lines],
        "line_lives": [line.remaining_life for line in lines],
    }


def _resolution(hold: Hold) -> dict[str, Any]:
    return {
        "state": str(hold.state),
        "captured": hold.captured,
        "resolved_at": hold.resolved_at,
    }


def _moved(transfers: Sequence[Transfer]) -> dict[str, Any]:
    return {
        "ids": [one.id for one in transfers],
        "from_kinds": [str(one.from_kind) for one in transfers],
        "from_lots": [one.from_lot_id for one in transfers],
        "to_kinds": [str(one.to_kind) for one in transfers],
        "to_lots": [one.to_lot_id for one in transfers],
        "quantities": [one.quantity for one in transfers],
        "offsets": [one.from_offset for one in transfers],
        "values": [one.value_minor for one in transfers],
    }
