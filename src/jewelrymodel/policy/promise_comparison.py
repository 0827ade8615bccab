"""Whether what is given is worse than what was promised. Pure; the same here and offline."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from jewelrymodel.policy.decision import REFUNDS, Decision, PromiseRef, RemedyKind
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.editions_in_force import of_day
from jewelrymodel.policy.promise import PromisedLine
from jewelrymodel.policy.rule_evaluation import decide


class Given(Protocol):
    """A remedy, decided or chosen by a person."""

    @property
    def kind(self) -> RemedyKind: ...
    @property
    def credits(self) -> int: ...
    @property
    def amount_minor(self) -> int: ...


def agreed_lines(lines: Iterable[PromisedLine], decision: Decision) -> tuple[PromisedLine, ...]:
    """Return the lines that promise something for just these facts, with the tax in the charge."""
    values = {name: fact.value for name, fact in decision.facts.items()}
    return tuple(one.with_tax(values) for one in lines if one.remedies and one.agrees(values))


def is_worse(given: Sequence[Given], promised: Sequence[Given], *, paid_minor: int) -> bool:
    """Return whether *given* is less than *promised*: in money, in credits, or in kind.

    What was to be delivered may be paid back whole instead: *paid_minor*, in minor units.
    """
    money = sum(one.amount_minor for one in given if one.kind in REFUNDS)
    if money < sum(one.amount_minor for one in promised):
        return True
    if sum(one.credits for one in given) < sum(one.credits for one in promised):
        return True
    kinds = {one.kind for one in given}
    lacking = {one.kind for one in promised if not one.amount_minor and not one.credits} - kinds
    if 0 < paid_minor <= money:
        lacking.discard(RemedyKind.ACCESS_CORRECTION)
    return bool(lacking)


def worse_lines(
    lines: Iterable[PromisedLine], given: Sequence[Given], decision: Decision
) -> list[PromisedLine]:
    """Return those *lines* that promise more than is *given* on the facts of *decision*."""
    paid_minor = _paid(decision)
    return [one for one in lines if is_worse(given, one.remedies, paid_minor=paid_minor)]


def refs(lines: Iterable[PromisedLine], *, sha256: str) -> tuple[PromiseRef, ...]:
    """Return how a decision names the promise of *lines* with this digest, once per edition."""
    editions = dict.fromkeys(one.edition for one in lines)
    return tuple(PromiseRef(sha256, one.date, one.sha256) for one in editions)


def worse_line(
    decision: Decision, lines: Sequence[PromisedLine], editions: Sequence[Edition]
) -> PromisedLine | None:
    """Return the first line that *decision* falls short of; None where it is as good or better.

    Each line of just these facts counts, and each edition that promised: what it decides on the
    decision's own facts. Raises NoEdition and PinnedTextDiffers.
    """
    for one in worse_lines(agreed_lines(lines, decision), decision.remedies, decision):
        return one
    by_edition = {one.edition: one for one in reversed(lines)}
    for ref, one in by_edition.items():
        alone = _decided_by(of_day(editions, ref.date, ref.sha256), decision)
        if is_worse(decision.remedies, alone.remedies, paid_minor=_paid(decision)):
            return one
    return None


def _paid(decision: Decision) -> int:
    paid = decision.facts.get("charge.paid_minor")
    return int(paid.value) if paid else 0


def _decided_by(edition: Edition, decision: Decision) -> Decision:
    """What one edition alone decides on the decision's facts."""
    at = max(decision.requested_at, edition.starts_at)
    return decide(decision.facts, (edition,), purchased_at=at, requested_at=at)
