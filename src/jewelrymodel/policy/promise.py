"""What the policy says beforehand: decided on supposed facts by what decides real requests.

A promise is what a checkout page adds to the policy (3.4), and only ever in the customer's favor: a
later decision on such facts gives at least what the promise says (``promise_comparison``).
"""

import datetime as dates
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from jewelrymodel.policy.decision import (
    Decision,
    Draft,
    EditionRef,
    Outcome,
    Remedy,
    RemedyKind,
)
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.policy.hypotheses import Hypothesis, Situation
from jewelrymodel.policy.rule_evaluation import decide
from jewelrymodel.policy.rulebook import Effect

_WHO_DECIDES = ("lookup.", "limit.")
_ALWAYS = frozenset(
    (
        "request.ground",
        "purchase.kind",
        "purchase.held",
        "account.closed",
        "charge.currency",
        "charge.dispute",
        "charge.refundable_minor",
    )
)
_HISTORY = ("request.identity_level", "history.decided_by_person")
_SUPPOSED = "supposed"
_TAXED = frozenset(("charge.paid_minor", "charge.refundable_minor"))


@dataclass(frozen=True)
class PromisedLine:
    """What is decided in one situation, and by which edition.

    *facts* are those that this follows from: everything that the rules looked at. *clause* is the
    one that decides: of what is given, of what makes it a person's matter, or of the refusal.
    *is_before_tax*: tax is added to its amounts when they are charged, and nobody knows it yet.
    """

    situation: Situation
    facts: Mapping[str, Value]
    edition: EditionRef
    outcome: Outcome
    draft: Draft
    cites: tuple[str, ...]
    clause: str
    remedies: tuple[Remedy, ...]
    is_before_tax: bool = False

    @property
    def amount_minor(self) -> int:
        """What comes back, in minor units."""
        return sum(one.amount_minor for one in self.remedies)

    @property
    def credits(self) -> int:
        """How many credits come back."""
        return sum(one.credits for one in self.remedies)

    def agrees(self, facts: Mapping[str, Value]) -> bool:
        """Whether *facts* are the situation: the same in all that it follows from.

        Who has to decide, a machine, one person or two, is no part of what was promised. Before
        tax, what was charged is at least what was supposed.
        """
        return all(
            self._is_met(name, value, facts.get(name))
            for name, value in self.facts.items()
            if not name.startswith(_WHO_DECIDES) and name not in _HISTORY
        )

    def with_tax(self, facts: Mapping[str, Value]) -> "PromisedLine":
        """Return it as *facts* that agree make it: all of a charge is with the tax in it."""
        charged = facts.get("charge.refundable_minor")
        if not self.is_before_tax or not isinstance(charged, int):
            return self
        remedies = tuple(
            replace(one, amount_minor=charged) if one.kind is RemedyKind.FULL_REFUND else one
            for one in self.remedies
        )
        return replace(self, remedies=remedies)

    def _is_met(self, name: str, supposed: Value, found: Value | None) -> bool:
        if self.is_before_tax and name in _TAXED:
            return isinstance(found, int) and found >= int(supposed)
        return found == supposed

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON types; what ``line_from_json`` reads."""
        before_tax = {"before_tax": True} if self.is_before_tax else {}
        return {
            **before_tax,
            "situation": self.situation.value,
            "facts": dict(sorted(self.facts.items())),
            "edition": {"date": self.edition.date.isoformat(), "sha256": self.edition.sha256},
            "outcome": self.outcome.value,
            "draft": self.draft.value,
            "cites": list(self.cites),
            "clause": self.clause,
            "remedies": [{**asdict(one), "kind": one.kind.value} for one in self.remedies],
        }


def line_from_json(body: Mapping[str, Any]) -> PromisedLine:
    """Return the line that *body* holds; raises ValueError, KeyError and TypeError."""
    edition = body["edition"]
    return PromisedLine(
        situation=Situation(body["situation"]),
        facts=dict(body["facts"]),
        edition=_ref(dates.date.fromisoformat(edition["date"]), str(edition["sha256"])),
        outcome=Outcome(body["outcome"]),
        draft=Draft(body["draft"]),
        cites=tuple(body["cites"]),
        clause=str(body["clause"]),
        remedies=tuple(
            Remedy(**{**one, "kind": RemedyKind(one["kind"])}) for one in body["remedies"]
        ),
        is_before_tax=body.get("before_tax", False) is True,
    )


def promised_lines(
    hypotheses: Iterable[Hypothesis],
    editions: Sequence[Edition],
    *,
    at: dates.datetime,
    pinned_on: dates.date | None = None,
    pinned_sha256: str = "",
    is_before_tax: bool = False,
) -> tuple[PromisedLine, ...]:
    """Return what is decided *at* this instant in each situation.

    By the edition that the purchase *pinned_on* it, else by the one in force; as ``decide`` chooses
    it for a request. Raises NoEdition and PinnedTextDiffers.
    """
    by_ref = {(one.date, one.sha256): one for one in editions}
    lines = []
    for one in hypotheses:
        decision = decide(
            {name: Fact(value, _SUPPOSED, at) for name, value in one.facts.items()},
            editions,
            purchased_at=at,
            requested_at=at,
            pinned_on=pinned_on,
            pinned_sha256=pinned_sha256,
        )
        substance = decision.editions[0]
        edition = by_ref[substance.date, substance.sha256]
        line = _line(one.situation, one.facts, decision, edition)
        lines.append(replace(line, is_before_tax=is_before_tax))
    return tuple(lines)


def decided_again(line: PromisedLine, edition: Edition) -> PromisedLine:
    """Return what *edition* decides on the line's own facts: the same line, if it is true."""
    noon = dates.time(12, tzinfo=dates.UTC)
    at = dates.datetime.combine(edition.effective_from, noon)
    facts = {name: Fact(value, _SUPPOSED, at) for name, value in line.facts.items()}
    decision = decide(facts, (edition,), purchased_at=at, requested_at=at)
    again = _line(line.situation, line.facts, decision, edition)
    return replace(again, is_before_tax=line.is_before_tax)


def _line(
    situation: Situation, facts: Mapping[str, Value], decision: Decision, edition: Edition
) -> PromisedLine:
    return PromisedLine(
        situation=situation,
        facts=_read_of(facts, decision, edition),
        edition=_ref(edition.date, edition.sha256),
        outcome=decision.outcome,
        draft=decision.draft,
        cites=decision.cites,
        clause=_decisive(decision, edition),
        remedies=decision.remedies,
    )


def _decisive(decision: Decision, edition: Edition) -> str:
    """The clause of the rule that gives; else of the last that calls a person, else the nearest."""
    if decision.remedies:
        given = decision.remedies[0].rule_id
        return next(rule.clause for rule in edition.rules if rule.id == given)
    calling = [one.clause for one in decision.held if one.effect == Effect.PERSON]
    return (*decision.cites, *calling)[-1]


def _ref(day: dates.date, sha256: str) -> EditionRef:
    return EditionRef(day, sha256, "promise")


def _read_of(facts: Mapping[str, Value], decision: Decision, edition: Edition) -> dict[str, Value]:
    """The facts that the rules looked at, and those that every decision looks at."""
    asked = {one.rule_id for one in decision.why_not if not one.missing}
    asked |= {one.rule_id for one in decision.held}
    read = {name for rule in edition.rules if rule.id in asked for name in rule.reads}
    kept = read | _ALWAYS | {*_HISTORY}
    return {
        name: value
        for name, value in facts.items()
        if name in kept or name.startswith(_WHO_DECIDES)
    }
