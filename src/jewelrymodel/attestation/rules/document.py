"""What is published once a day, and signed: how many credits all accounts have, and the root."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jewelrymodel.policy.decision import canonical

FORMAT = 1


def write(
    *,
    number: int,
    made_at: datetime,
    accounts: int,
    total: int,
    root: bytes,
    editions: Sequence[tuple[str, str]],
    previous_sha256: str,
) -> str:
    """Return the document, the same bytes for the same facts.

    *total* is in credits; *editions* are the published refund policies by date and digest;
    *previous_sha256* is the digest of the document before, "" for the first.
    """
    body: Mapping[str, Any] = {
        "format": FORMAT,
        "number": number,
        "made_at": made_at.isoformat(),
        "accounts": accounts,
        "credits": total,
        "root": root.hex(),
        "editions": [{"date": date, "sha256": sha256} for date, sha256 in editions],
        "previous_sha256": previous_sha256,
    }
    return canonical(body).decode()
