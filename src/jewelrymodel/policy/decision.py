"""What a decision is: stored whole, replayed bit for bit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from jewelrymodel.policy.facts import Fact, Facts


class Outcome(StrEnum):
    """What happens now. A machine approves, restores or asks; there is no denial here."""

    APPROVE = "approve"
    RESTORE = "restore"
    ASK = "ask"
    PERSON = "person"


class Draft(StrEnum):
    """What a person finds drafted."""

    NONE = "none"
    APPROVAL = "approval"
    DENIAL = "denial"


class RemedyKind(StrEnum):
    """The remedies of 8.1 to 8.6."""

    RESTORED_CREDITS = "restored_credits"
    REPLACEMENT_CREDITS = "replacement_credits"
    ACCESS_CORRECTION = "access_correction"
    PARTIAL_REFUND = "partial_refund"
    FULL_REFUND = "full_refund"
    OTHER = "other"


CLAUSE_OF_REMEDY = dict(zip(RemedyKind, ("8.1", "8.2", "8.3", "8.4", "8.5", "8.6"), strict=True))
REFUNDS = frozenset({RemedyKind.PARTIAL_REFUND, RemedyKind.FULL_REFUND})
CREDITS = frozenset({RemedyKind.RESTORED_CREDITS, RemedyKind.REPLACEMENT_CREDITS})


def family(kind: RemedyKind) -> str:
    """Return what counts as the same remedy: a full refund and a part; credits of either kind."""
    if kind in REFUNDS:
        return "refund"
    return "credits" if kind in CREDITS else kind.value


@dataclass(frozen=True)
class Remedy:
    """One remedy with its amount, in whole credits or minor units, and how that was computed."""

    kind: RemedyKind
    clause: str
    rule_id: str
    formula: str
    credits: int = 0
    amount_minor: int = 0
    currency: str = ""


@dataclass(frozen=True)
class Held:
    """A rule that held, in which layer, with the facts that it read."""

    rule_id: str
    clause: str
    layer: str
    effect: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class WhyNot:
    """A rule that did not hold: the conjunct that failed, or the fact that is missing."""

    rule_id: str
    clause: str
    condition: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Defeat:
    """A rule that held and doesn't count, because a stronger one does."""

    rule_id: str
    by: str
    reason: str


@dataclass(frozen=True)
class Question:
    """What would settle it, as it is mailed to the customer."""

    about: str
    text: str


@dataclass(frozen=True)
class EditionRef:
    """An edition that governed: its substance (by purchase) or the procedure (by request)."""

    date: date
    sha256: str
    role: str


@dataclass(frozen=True)
class PromiseRef:
    """A promise that counted: its digest, and the edition that it was made by."""

    sha256: str
    edition_on: date
    edition_sha256: str


@dataclass(frozen=True)
class Decision:
    """Outcome, remedies, reasons, and everything that they were derived from.

    *pinned_on* is the edition that the purchase recorded and *pinned_sha256* the hash of its text,
    as recorded; without them, *purchased_at* tells which. *promised*: what was promised before it
    was paid or held, and by which editions.
    """

    outcome: Outcome
    draft: Draft
    remedies: tuple[Remedy, ...]
    cites: tuple[str, ...]
    held: tuple[Held, ...]
    why_not: tuple[WhyNot, ...]
    defeated: tuple[Defeat, ...]
    questions: tuple[Question, ...]
    editions: tuple[EditionRef, ...]
    facts: Facts
    needs_second_approval: bool
    purchased_at: datetime | None
    requested_at: datetime
    customer_text: str
    internal_text: str
    pinned_on: date | None = None
    pinned_sha256: str = ""
    promised: tuple[PromiseRef, ...] = ()

    @property
    def is_of_right(self) -> bool:
        """Whether mandatory law gives all that it gives: that is carried out, not considered."""
        rights = {one.rule_id for one in self.held if one.layer == "law"}
        return bool(self.remedies) and all(one.rule_id in rights for one in self.remedies)

    @property
    def amount_minor(self) -> int:
        """What would be refunded, in minor units."""
        return sum(one.amount_minor for one in self.remedies)

    @property
    def credits(self) -> int:
        """How many credits would be added."""
        return sum(one.credits for one in self.remedies)


_SECOND_APPROVAL = "needs_second_person"
"""The name in stored decisions: their digests are of it, so it stays."""


def to_json(decision: Decision) -> dict[str, Any]:
    """Return the whole decision as JSON types; instants in ISO 8601."""
    body = asdict(decision)
    body["facts"] = {name: asdict(fact) for name, fact in sorted(decision.facts.items())}
    body[_SECOND_APPROVAL] = body.pop("needs_second_approval")
    if decision.pinned_on is None:
        del body["pinned_on"]  # as those were stored that were decided before there was one
    if not decision.pinned_sha256:
        del body["pinned_sha256"]  # so were these
    if not decision.promised:
        del body["promised"]  # and these
    return dict(json.loads(json.dumps(body, default=_iso)))


def from_json(body: Mapping[str, Any]) -> Decision:
    """Return the decision that *body* holds; the inverse of ``to_json``."""
    purchased_at, pinned = body["purchased_at"], body.get("pinned_on")
    return Decision(
        outcome=Outcome(body["outcome"]),
        draft=Draft(body["draft"]),
        remedies=tuple(
            Remedy(**{**one, "kind": RemedyKind(one["kind"])}) for one in body["remedies"]
        ),
        cites=tuple(body["cites"]),
        held=tuple(Held(**{**one, "reads": tuple(one["reads"])}) for one in body["held"]),
        why_not=tuple(
            WhyNot(**{**one, "missing": tuple(one["missing"])}) for one in body["why_not"]
        ),
        defeated=tuple(Defeat(**one) for one in body["defeated"]),
        questions=tuple(Question(**one) for one in body["questions"]),
        editions=tuple(
            EditionRef(**{**one, "date": date.fromisoformat(one["date"])})
            for one in body["editions"]
        ),
        facts=facts_from_json(body["facts"]),
        needs_second_approval=body[_SECOND_APPROVAL],
        purchased_at=datetime.fromisoformat(purchased_at) if purchased_at else None,
        requested_at=datetime.fromisoformat(body["requested_at"]),
        customer_text=body["customer_text"],
        internal_text=body["internal_text"],
        pinned_on=date.fromisoformat(pinned) if pinned else None,
        pinned_sha256=body.get("pinned_sha256", ""),
        promised=tuple(
            PromiseRef(**{**one, "edition_on": date.fromisoformat(one["edition_on"])})
            for one in body.get("promised", ())
        ),
    )


def facts_from_json(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """Return facts from their JSON form: value, record, fetched_at and sha256 under each name."""
    return {
        name: Fact(
            value=row["value"],
            record=row.get("record", ""),
            fetched_at=datetime.fromisoformat(row["fetched_at"]),
            sha256=row.get("sha256", ""),
        )
        for name, row in rows.items()
    }


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the one way in which *body* is written as JSON: the bytes that its digest is of."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(decision: Decision) -> str:
    """Return the SHA-256 of the decision's canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(to_json(decision))).hexdigest()


def _iso(value: date | datetime) -> str:
    return value.isoformat()
