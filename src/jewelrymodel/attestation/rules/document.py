"""What is published once a day, and signed: how many credits all accounts have, and the root."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jewelrymodel.attestation.rules import signing
from jewelrymodel.policy.decision import canonical

FORMAT = 1


@dataclass(frozen=True)
class Signed:
    """A document as it was written, and who signed it."""

    document: str
    signature: str
    public_key: str

    @property
    def sha256(self) -> str:
        """The digest of the document, which the next one names."""
        return hashlib.sha256(self.document.encode()).hexdigest()

    @property
    def body(self) -> dict[str, Any]:
        """What the document says."""
        return dict(json.loads(self.document))

    @property
    def is_authentic(self) -> bool:
        """Whether its signature is that of its bytes; raises ValueError where it can't be read."""
        content = self.document.encode()
        return signing.is_signed(content, signature=self.signature, public_key=self.public_key)

    def to_json(self) -> dict[str, str]:
        """Return it as a file shows it."""
        return {
            "document": self.document,
            "signature": self.signature,
            "public_key": self.public_key,
        }


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
