"""What several grounds of one request give together: nothing twice for the same thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jewelrymodel.policy.decision import REFUNDS
from jewelrymodel.remedies.assessments import Assessment, Chosen
from jewelrymodel.remedies.rules import loss_keys


@dataclass(frozen=True)
class JointRemedies:
    """What each ground gives; *made_good_by* names, for a ground of which nothing is left because
    another one gives it already, that other one.
    """

    given: list[tuple[Chosen, ...]]
    made_good_by: Mapping[int, int]


def joint_remedies(grounds: Sequence[tuple[Assessment, Sequence[Chosen]]]) -> JointRemedies:
    """Return what the grounds give, in their order: of what makes good the same loss, and of the
    refunds of one charge, only the largest (8.7); of equals, that of a right, else that
    of the first ground.
    """
    best: dict[tuple[str, str], tuple[int, Chosen]] = {}

    def worth(number: int, one: Chosen) -> tuple[int, int, bool]:
        return one.amount_minor, one.credits, grounds[number][0].decision.is_of_right

    for number, (assessment, chosen) in enumerate(grounds):
        for one in chosen:
            for key in _keys(assessment, one):
                known = best.get(key)
                if known is None or worth(number, one) > worth(*known):
                    best[key] = (number, one)
    given: list[tuple[Chosen, ...]] = []
    made_good_by = dict[int, int]()
    for number, (assessment, chosen) in enumerate(grounds):
        givers = [[best[key][0] for key in _keys(assessment, one)] for one in chosen]
        kept = [one for one, by in zip(chosen, givers, strict=True) if set(by) == {number}]
        given.append(tuple(kept))
        if chosen and not kept:
            made_good_by[number] = next(by for by in givers[0] if by != number)
    return JointRemedies(given, {one: _last(one, made_good_by) for one in made_good_by})


def made_good(
    grounds: Sequence[tuple[Assessment, Sequence[Chosen]]],
) -> list[tuple[Chosen, ...]]:
    """Return what makes good each ground: of what all of them give, what it gives itself and what
    another one gives of the same loss or the same charge. *grounds* have what each gives, as in
    ``JointRemedies.given``; what is paid for another order makes good nothing of this one (3.4).
    """
    every = [
        (number, one, frozenset(_keys(assessment, one)))
        for number, (assessment, given) in enumerate(grounds)
        for one in given
    ]
    return [
        tuple(one for by, one, keys in every if by == number or keys & _own(assessment))
        for number, (assessment, _given) in enumerate(grounds)
    ]


def _own(assessment: Assessment) -> frozenset[tuple[str, str]]:
    """The charge of a ground, and the losses that are recommended or promised to be made good."""
    subject, keys = assessment.request.subject, set[tuple[str, str]]()
    if assessment.charge_id:
        keys.add(("charge", assessment.charge_id))
    for remedies in (assessment.decision.remedies, *(one.remedies for one in assessment.promised)):
        for one in remedies:
            loss, whose = loss_keys.loss_of(one.kind, remedies, subject, assessment.order_id)
            keys.add(("loss", loss_keys.once_key(loss, whose, one.kind, {})))
    return frozenset(keys)


def _last(number: int, made_good_by: Mapping[int, int]) -> int:
    """The ground that gives it in the end: each gives more than the one before, or as much and is a
    right or named first, so no chain is a circle.
    """
    while number in made_good_by:
        number = made_good_by[number]
    return number


def _keys(assessment: Assessment, one: Chosen) -> list[tuple[str, str]]:
    """As what a remedy may be given once."""
    subject, recommended = assessment.request.subject, assessment.decision.remedies
    loss, whose = loss_keys.loss_of(one.kind, recommended, subject, assessment.order_id)
    keys = [("loss", loss_keys.once_key(loss, whose, one.kind, {}))]
    if one.kind in REFUNDS:
        keys.append(("charge", assessment.charge_id))
    return keys
