"""Idempotency keys: the first answer is kept and given again; a changed request is refused.

The key is claimed in a transaction of its own, so that a second request that arrives meanwhile is
told so (409). The answer is kept in the same transaction as what was done.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.store import Store, Tx

KEY_LIMIT = 255


def fingerprint(method: str, path: str, params: Doc) -> str:
    """What two requests have to share to be the same request."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(store: Store, key: str, print_: str) -> tuple[int, Doc] | None:
    """Claim a key. Returns the kept answer if there is one.

    Raises `Refused`: the key was used for something else, or is being answered right now.
    """
    if len(key) > KEY_LIMIT:
        raise Refused(f"Idempotency keys have up to {KEY_LIMIT} characters.")
    with store.transaction() as tx:
        row = tx.conn.execute(
            "SELECT fingerprint, status, answer FROM idempotency WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            tx.conn.execute(
                "INSERT INTO idempotency (key, fingerprint) VALUES (?, ?)", (key, print_)
            )
            return None
    if row[0] != print_:
        raise Refused(
            "Keys for idempotent requests can only be used with the same parameters they were"
            f" first used with. Try using a key other than '{key}' for a different request.",
            kind="idempotency_error",
        )
    if row[1] is None:
        raise Refused(
            f"Another request with the key '{key}' is being answered now. Try again in a moment.",
            status=409,
            kind="idempotency_error",
            code="idempotency_key_in_use",
        )
    return row[1], json.loads(row[2])


def keep(tx: Tx, key: str, status: int, answer: dict[str, Any]) -> None:
    """Keep the answer for whoever asks again with this key."""
    tx.conn.execute(
        "UPDATE idempotency SET status = ?, answer = ? WHERE key = ?",
        (status, json.dumps(answer), key),
    )


def give_up(store: Store, key: str) -> None:
    """Nothing was done under this key: it can be used again, with other parameters too."""
    with store.transaction() as tx:
        tx.conn.execute("DELETE FROM idempotency WHERE key = ? AND status IS NULL", (key,))
