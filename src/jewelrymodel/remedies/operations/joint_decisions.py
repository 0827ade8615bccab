"""Deciding several grounds of one request at once: each its own decision, nothing given twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies.assessments import Assessment, Chosen, RequestFacts
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.operations.assessment import assess
from jewelrymodel.remedies.operations.decision_making import (
    FactsMoved,
    NothingChosen,
    leave_plan,
    recommended,
    record_decision,
    refuse_less,
)
from jewelrymodel.remedies.operations.remedy_eligibility import refuse_unfit
from jewelrymodel.remedies.rules.joint_remedies import joint_remedies, made_good


class GroundAct(StrEnum):
    """What a person says of one ground; *by hand*: they correct it, and say how (8.6); *keep*: it
    stays as it was decided before.
    """

    APPROVE = "approve"
    BY_HAND = "by_hand"
    DECLINE = "decline"
    KEEP = "keep"


@dataclass(frozen=True)
class GroundChoice:
    """One ground, the signature of its assessment that was shown, and what is said of it."""

    request: RequestFacts
    signature: str
    act: GroundAct


def decide_grounds(
    *, choices: Sequence[GroundChoice], reason: str, user_id: int, now: datetime
) -> list[DecisionRecord]:
    """Return the decision of each ground, in order: as recommended, corrected by hand as the
    reason says, or declined with it.

    All are assessed before one is recorded, so that none changes another's facts. Where all that a
    ground gives is given by another one already, it gets that one's decision. Together they count
    for a second approval. Raises OwnAccount, FactsMoved, NothingChosen, RemedyUnfit,
    RefundTooLarge, LessThanTheLaw, LessThanPromised, AlreadyRemedied, and what ``assess`` raises.
    """
    for account_id in {one.request.account_id for one in choices}:
        refuse_own_account(user_id=user_id, account_id=account_id)
    assessed = [(one, assess(request=one.request, now=now)) for one in choices]
    if any(assessment.signature != one.signature for one, assessment in assessed):
        raise FactsMoved
    approved = [_wanted(one, assessment) for one, assessment in assessed]
    joint = joint_remedies(
        [(assessment, wanted) for (_, assessment), wanted in zip(assessed, approved, strict=True)]
    )
    together = made_good(
        [(assessment, given) for (_, assessment), given in zip(assessed, joint.given, strict=True)]
    )
    for number, (choice, assessment) in enumerate(assessed):
        _refuse(choice, assessment, approved[number], joint.given[number], reason)
        is_declined = choice.act is GroundAct.DECLINE
        refuse_less(assessment, together[number], is_declined=is_declined)
    return _record_all(assessed, joint.given, joint.made_good_by, reason, Actor.user(user_id), now)


def _wanted(choice: GroundChoice, assessment: Assessment) -> tuple[Chosen, ...]:
    if choice.act is GroundAct.BY_HAND:
        return (Chosen(RemedyKind.OTHER),)
    return recommended(assessment) if choice.act is GroundAct.APPROVE else ()


def _refuse(
    choice: GroundChoice,
    assessment: Assessment,
    wanted: Sequence[Chosen],
    given: Sequence[Chosen],
    reason: str,
) -> None:
    is_approved = choice.act is not GroundAct.DECLINE
    needs_reason = not is_approved or any(one.kind is RemedyKind.OTHER for one in wanted)
    if (is_approved and not wanted) or (needs_reason and not reason.strip()):
        raise NothingChosen
    refuse_unfit(assessment, given, by_hand=choice.act is GroundAct.BY_HAND)


def _explains(choice: GroundChoice, given: Sequence[Chosen]) -> bool:
    """Whether the reason is about it: a decline's is no word under what was approved beside it."""
    return choice.act is GroundAct.DECLINE or any(one.kind is RemedyKind.OTHER for one in given)


@transaction.atomic
def _record_all(
    assessed: Sequence[tuple[GroundChoice, Assessment]],
    given: Sequence[tuple[Chosen, ...]],
    made_good_by: Mapping[int, int],
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[DecisionRecord]:
    every = [remedy for one in given for remedy in one]
    for number in made_good_by:
        leave_plan(assessed[number][1], now)
    rows = {
        number: record_decision(
            assessment,
            given[number],
            actor=actor,
            reason=reason if _explains(choice, given[number]) else "",
            denied=choice.act is GroundAct.DECLINE,
            now=now,
            together=every,
        )
        for number, (choice, assessment) in enumerate(assessed)
        if number not in made_good_by
    }
    return [rows[made_good_by.get(number, number)] for number in range(len(assessed))]
