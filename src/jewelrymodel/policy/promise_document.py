"""A promise as it is signed and kept: whose it is, since when, and each line with what it says."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from jewelrymodel.policy.decision import canonical
from jewelrymodel.policy.promise import PromisedLine, line_from_json

FORMAT = 1


class PromiseKind(StrEnum):
    """Where a promise is made."""

    CHECKOUT = "checkout"
    GENERATION = "generation"
    CANCELLATION = "cancellation"


class PromiseUnreadable(ValueError):
    """This holds no promise; keep the file that the order's page hands out."""


@dataclass(frozen=True)
class PromiseDocument:
    """What was promised, to which account, about what, and when.

    *subject*: the order, the plan or the sort of generation. *kept_until*: of a cancellation, until
    when access and credits stay (3.5).
    """

    kind: PromiseKind
    account_id: str
    subject: str
    made_at: datetime
    lines: tuple[PromisedLine, ...]
    kept_until: datetime | None = None


def write(promise: PromiseDocument) -> str:
    """Return the document, the same bytes for the same promise."""
    body: dict[str, Any] = {
        "format": FORMAT,
        "kind": promise.kind.value,
        "account": promise.account_id,
        "subject": promise.subject,
        "made_at": promise.made_at.isoformat(),
        "lines": [one.to_json() for one in promise.lines],
    }
    if promise.kept_until:
        body["kept_until"] = promise.kept_until.isoformat()
    return canonical(body).decode()


def read(body: Mapping[str, Any]) -> PromiseDocument:
    """Return the promise that a document's *body* says; raises PromiseUnreadable."""
    try:
        if body["format"] != FORMAT:
            raise PromiseUnreadable(f"It has the format {body['format']}, not {FORMAT}.")
        until = body.get("kept_until")
        return PromiseDocument(
            kind=PromiseKind(body["kind"]),
            account_id=str(body["account"]),
            subject=str(body["subject"]),
            made_at=datetime.fromisoformat(body["made_at"]),
            lines=tuple(line_from_json(one) for one in body["lines"]),
            kept_until=datetime.fromisoformat(until) if until else None,
        )
    except (KeyError, TypeError, AttributeError):
        raise PromiseUnreadable("It is not written as a promise is.") from None


def sha256(document: str) -> str:
    """Return the digest of a document's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def shown_sha256(lines: Sequence[PromisedLine]) -> str:
    """Return one digest of what a page showed, without the instant: what its form sends back."""
    body = {"lines": [one.to_json() for one in lines]}
    return hashlib.sha256(canonical(body)).hexdigest()
