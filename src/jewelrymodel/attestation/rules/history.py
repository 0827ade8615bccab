"""An account's records as a chain: each record's digest is in all heads that follow.

Whoever kept an earlier head finds it again on the way to a later one, or something was rewritten.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.policy.decision import canonical

Record = Mapping[str, Any]
"""One record as a proof shows it: JSON with the key ``kind``."""


class HistoryDisagrees(CodedError):
    """What a movement says of the balance doesn't follow from the records until there."""


@dataclass(frozen=True, slots=True)
class History:
    """Where an account's chain has come to: how many records, their head, and the credits.

    *available*, *held* and *suspended* are those after the last movement.
    """

    count: int = 0
    head: bytes = hashlib.sha256(b"jewelrymodel account history 1").digest()
    available: int = 0
    held: int = 0
    suspended: int = 0

    @property
    def credits(self) -> int:
        """All credits that the account has, whatever they may be used for now."""
        return self.available + self.held + self.suspended

    def followed_by(self, record: Record) -> "History":
        """Return the history with one record more."""
        digest = hashlib.sha256(canonical(record)).digest()
        after = replace(
            self, count=self.count + 1, head=hashlib.sha256(self.head + digest).digest()
        )
        if record["kind"] != "movement":
            return after
        balance = record["after"]
        return replace(
            after,
            available=balance["available"],
            held=balance["held"],
            suspended=balance["suspended"],
        )


def follow(records: Iterable[Record], history: History) -> History:
    """Return *history* with all *records* after it."""
    for record in records:
        history = history.followed_by(record)
    return history


def require_sums(records: Iterable[Record]) -> None:
    """Recompute credits and held credits from what moved; raises HistoryDisagrees.

    Credits come from what was issued and go by what left a lot; a hold holds its lines until it is
    captured or released.
    """
    owned = held = 0
    lines: dict[str, int] = {}
    for record in records:
        if record["kind"] != "movement":
            continue
        owned += sum(_change(one) for one in record["transfers"])
        if record["operation"] == "hold":
            lines[record["hold"]] = sum(one["credits"] for one in record["lines"])
            held += lines[record["hold"]]
        elif record["operation"] in ("capture", "release"):
            held -= lines.pop(record["hold"], held + 1)  # of no hold: never the balance
        after = record["after"]
        said = after["available"] + after["held"] + after["suspended"]
        if (owned, held) != (said, after["held"]):
            raise HistoryDisagrees(movement=record["id"])


def _change(transfer: Mapping[str, Any]) -> int:
    if transfer["from"] == "issued":
        return int(transfer["credits"])
    is_gone = transfer["from"] == "lot" and transfer["to"] != "lot"
    return -int(transfer["credits"]) if is_gone else 0
