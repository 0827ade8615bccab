"""What counts as the same loss, so that it is made good only once."""

from collections.abc import Iterable, Mapping, Sequence

from jewelrymodel.policy.amounts import FORMULAS
from jewelrymodel.policy.decision import Remedy, RemedyKind, family
from jewelrymodel.remedies.assessments import Subject, SubjectKind

CHOSEN = "chosen"
"""The loss of what a person gives and no rule does."""


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


def loss_of_key(key: str) -> str:
    """Return the loss that a key was made with."""
    return key.partition(":")[0]


def next_rounds(done: Iterable[str]) -> dict[str, int]:
    """Return the next round of each key without its round, from the keys of what is *done*."""
    rounds: dict[str, int] = {}
    for key in done:
        name, _, number = key.rpartition(":")
        rounds[name] = max(rounds.get(name, 0), int(number) + 1)
    return rounds
