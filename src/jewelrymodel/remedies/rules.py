"""Small rules of the facts: what repeats what, what a job still owes, what is given once."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.decisions import REFUNDS, Remedy, RemedyKind, family
from jewelrymodel.policy.facts import Fact, Value
from jewelrymodel.remedies.assessments import Chosen, Subject, SubjectKind

CHOSEN = "chosen"
"""The loss of what a person gives and no rule does."""


def owed_credits(
    *, ended: bool, held: int, is_open: bool, captured: int, delivered: int, given: int
) -> int:
    """Return the credits that a job took, or still holds, for what it did not deliver (5.3).

    *delivered* is the price of what can be fetched; what came late was free and isn't in it.
    *given* was put back already.
    """
    if not ended:
        return 0
    return held if is_open else max(0, captured - delivered - given)


def overused(*, used: tuple[int, int], granted: int) -> int:
    """Return what two purchases used together beyond what the surviving one held (edge 5)."""
    return max(0, sum(used) - granted)


def known(
    values: Mapping[str, Value], *, record: str, at: datetime, sha256: str = ""
) -> dict[str, Fact]:
    """Return *values* as facts of one record; without a hash of its own, that of the values."""
    text = json.dumps([record, *sorted(values.items())], default=str)
    digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
    return {name: Fact(value, record, at, digest) for name, value in values.items()}


def signature(values: Mapping[str, Value], said: object) -> str:
    """Return a digest of what an assessment rests on and says; instants don't count."""
    moving = {"purchase.age_minutes"}
    told = [sorted((k, v) for k, v in values.items() if k not in moving), said]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def gives_what_it_says(one: Chosen) -> bool:
    """Return whether a remedy gives what its kind does, and only that: money, credits, or neither.

    An approval of nothing would be mailed as one of something; the database says the same.
    """
    if one.kind in REFUNDS:
        return one.amount_minor > 0 and bool(one.currency) and not one.credits
    if one.kind in (RemedyKind.RESTORED_CREDITS, RemedyKind.REPLACEMENT_CREDITS):
        return one.credits > 0 and not one.amount_minor
    return not one.credits and not one.amount_minor


def once_key(loss: str, subject: Subject, kind: RemedyKind, done: Mapping[str, int]) -> str:
    """Return what the database lets live once: a loss, whose it is, a remedy, and its round.

    *loss* is what is made good, whatever category was picked and whatever an edition calls the rule
    that gives it; *done* as ``rounds`` counts.
    """
    key = f"{loss}:{subject.kind}:{subject.id}:{family(kind)}"
    return f"{key}:{done.get(key, 0)}"


def loss_of(
    kind: RemedyKind, given: Sequence[Remedy], subject: Subject, order_id: str
) -> tuple[str, Subject]:
    """Return what a remedy makes good, and whose loss it is: the purchase's or the request's.

    What a person changes still makes good what the remedy *given* of its kind, or of its family,
    does; without one it is their own choice.
    """
    alike = [one for one in given if one.kind is kind]
    alike += [one for one in given if family(one.kind) == family(kind)]
    if not alike:
        return CHOSEN, subject
    loss = FORMULAS[alike[0].formula].loss
    if loss.is_of_purchase and order_id:
        return loss, Subject(SubjectKind.ORDER, order_id)
    return loss, subject


def loss(key: str) -> str:
    """Return the loss that a key was made with."""
    return key.partition(":")[0]


def rounds(done: Iterable[str]) -> dict[str, int]:
    """Return the next round of each key without its round, from the keys of what is *done*."""
    found: dict[str, int] = {}
    for key in done:
        name, _, number = key.rpartition(":")
        found[name] = max(found.get(name, 0), int(number) + 1)
    return found
