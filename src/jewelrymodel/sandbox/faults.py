"""What the sandbox does wrong on purpose, kept in its file so that a restart keeps it too."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from jewelrymodel.sandbox.errors import invalid

UNTIL_CLEARED = -1
LONGEST_WORD = 60
KEYS = ("", "expired", "invalid")


@dataclass(frozen=True)
class Faults:
    """Counts say how many times more; -1 goes on until it is cleared; by default all is off.

    drop_webhooks: events that are never sent · repeat_webhooks: extra copies of each event ·
    reorder_webhooks: events within `reorder_window_s` arrive newest first · delay_webhooks_s: wait
    before the first attempt · forge_webhooks: attempts signed with a wrong secret (and retried) ·
    server_errors: API requests answered 500 before acting · timeouts_after_acting: POSTs that act,
    keep the answer, and leave the caller waiting `timeout_s` · fail_refunds: refunds that read
    succeeded and fail `refund_delay_s` later · pending_refunds: refunds that stay pending so long ·
    decline_renewals: off-session charges that are declined · tax_percent, discount_percent: what
    the payment page adds to a price or takes from it, and a plan's renewals after it ·
    tax_pending: the account isn't set up to calculate tax by itself ·
    debit_delay_s: when a bank debit is paid or returned ·
    draft_invoice_s: how long a renewal's invoice stays a draft before it is collected ·
    key: `expired` or `invalid`, then every API request is answered 401 · missing_right: what the
    key may not do (403), such as `charge_write` · refuse_refunds: the code that every refund is
    refused with, whatever the charge · down: nothing but the panel answers.
    """

    drop_webhooks: int = 0
    repeat_webhooks: int = 0
    reorder_webhooks: bool = False
    reorder_window_s: float = 1.0
    delay_webhooks_s: float = 0.0
    forge_webhooks: int = 0
    server_errors: int = 0
    timeouts_after_acting: int = 0
    timeout_s: float = 30.0
    fail_refunds: int = 0
    pending_refunds: int = 0
    refund_delay_s: int = 60
    decline_renewals: int = 0
    draft_invoice_s: int = 3_600
    debit_delay_s: int = 5 * 86_400
    tax_percent: int = 0
    tax_pending: bool = False
    discount_percent: int = 0
    key: str = ""
    missing_right: str = ""
    refuse_refunds: str = ""
    down: bool = False


def read(conn: sqlite3.Connection) -> Faults:
    """The faults as they are set now."""
    row = conn.execute("SELECT value FROM state WHERE key = 'faults'").fetchone()
    return Faults(**json.loads(row[0])) if row else Faults()


def change(conn: sqlite3.Connection, changes: dict[str, Any]) -> Faults:
    """Set some faults and keep the rest; raises `Refused` on an unknown name or wrong value."""
    settings = asdict(read(conn))
    for name, value in changes.items():
        settings[name] = _checked(name, value)
    conn.execute(
        "INSERT INTO state (key, value) VALUES ('faults', ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (json.dumps(settings),),
    )
    return Faults(**settings)


def take(conn: sqlite3.Connection, name: str) -> bool:
    """Whether this fault strikes now; uses up one of its count."""
    left: int = getattr(read(conn), name)
    if left > 0:
        change(conn, {name: left - 1})
    return left != 0


def _checked(name: str, value: Any) -> Any:
    default = asdict(Faults()).get(name)
    if default is None:
        raise invalid(name, f"There is no fault called {name}.")
    if isinstance(default, str) or isinstance(value, str):
        if isinstance(default, str) and isinstance(value, str) and _is_fit(name, value):
            return value
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif not isinstance(value, bool) and isinstance(value, (int, type(default))):
        least = UNTIL_CLEARED if isinstance(default, int) else 0
        if value >= least:
            return value
    raise invalid(name, f"{name} cannot be {value!r}.")


def _is_fit(name: str, word: str) -> bool:
    return len(word) <= LONGEST_WORD and (name != "key" or word in KEYS)
