"""Movements as records for others to keep: all that was booked, in an order that never changes."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection

_AT_ONCE = 2_000

_MOVEMENTS = """
SELECT id, account_id, operation, cause_kind, cause_id, happened_at, coalesce(hold_id, ''),
  available_after, held_after, suspended_after
FROM ledger_movement WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""
_OF_ACCOUNT = _MOVEMENTS.replace("WHERE", "WHERE account_id = %s AND")
_TRANSFERS = """
SELECT t.movement_id, t.from_kind, t.from_lot_id, t.to_kind, t.to_lot_id, t.quantity, t.value_minor,
  lot.source, lot.paid_minor, lot.currency, lot.expires_at
FROM ledger_transfer t LEFT JOIN ledger_lot lot ON t.to_kind = 'lot' AND lot.id = t.to_lot_id
WHERE t.movement_id = ANY(%s) ORDER BY t.movement_id, t.from_lot_id, t.from_kind, t.from_offset
"""
_LINES = """
SELECT hold_id, lot_id, quantity FROM ledger_hold_line WHERE hold_id = ANY(%s)
ORDER BY hold_id, position
"""


def movement_records(
    *, after: int, until: int, account_id: str | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the account's id and the record of each movement from *after* (not itself) to *until*,
    in the order of their numbers; of *account_id* only, where one is given.

    A record is JSON: what moved from where to where, in credits and minor units, the terms of each
    lot that was filled, the lines of a hold, and the balance after it. The same for ever: no row
    that it is read from may change. A few thousand are in memory at a time.
    """
    while True:
        first: list[Any] = [account_id] if account_id else []
        with connection.cursor() as cursor:
            query = _OF_ACCOUNT if account_id else _MOVEMENTS
            cursor.execute(query, [*first, after, until, _AT_ONCE])
            rows = cursor.fetchall()
            transfers = _transfers(cursor, [row[0] for row in rows])
            lines = _lines(cursor, [row[6] for row in rows if row[2] == "hold"])
        for row in rows:
            yield row[1], _record(row, transfers[row[0]], lines)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]


def _record(
    row: tuple[Any, ...], transfers: list[dict[str, Any]], lines: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    id_, _account, operation, cause_kind, cause_id, happened_at, hold_id, *after = row
    record: dict[str, Any] = {
        "kind": "movement",
        "id": id_,
        "operation": operation,
        "cause": f"{cause_kind}:{cause_id}",
        "at": _instant(happened_at),
        "transfers": transfers,
        "after": dict(zip(("available", "held", "suspended"), after, strict=True)),
    }
    if hold_id:
        record["hold"] = hold_id
    if operation == "hold":
        record["lines"] = lines[hold_id]
    return record


def _transfers(cursor: Any, movement_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    cursor.execute(_TRANSFERS, [movement_ids])
    for movement_id, from_kind, from_lot, to_kind, to_lot, quantity, value, *lot in cursor:
        transfer = {
            "from": from_kind,
            "from_lot": from_lot,
            "to": to_kind,
            "to_lot": to_lot,
            "credits": quantity,
            "value_minor": value,
        }
        if to_kind == "lot":
            source, paid_minor, currency, expires_at = lot
            transfer["lot"] = {
                "source": source,
                "paid_minor": paid_minor,
                "currency": currency,
                "expires_at": _instant(expires_at) if expires_at else None,
            }
        found[movement_id].append(transfer)
    return found


def _lines(cursor: Any, hold_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    cursor.execute(_LINES, [hold_ids])
    for hold_id, lot_id, quantity in cursor:
        found[hold_id].append({"lot": lot_id, "credits": quantity})
    return found


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
