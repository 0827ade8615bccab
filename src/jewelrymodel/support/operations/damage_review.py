"""A person looks at images that are called visibly damaged, and says of each whether it is."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.generation import operations as generation
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.categories import DamageKind
from jewelrymodel.support.models import Case, DamageReport
from jewelrymodel.support.operations.case_decisions import SenderUnconfirmed, attach_decision
from jewelrymodel.support.operations.damage_claims import NotItsImage
from jewelrymodel.support.operations.decision_email import decision_email
from jewelrymodel.support.operations.timeline import note_act, undecided
from jewelrymodel.support.statuses import DamageVerdict


class ReviewIncomplete(CodedError):
    """Every image that the request is about needs an answer. Nothing was changed."""


class RemedyUnderWay(CodedError):
    """What was decided about another image of this generation isn't carried out yet, so what is
    owed for this one can't be told. Nothing was changed.
    """


def review_damage(
    *, case_id: str, damaged: Mapping[str, bool], reason: str, user_id: int, now: datetime
) -> DecisionRecord | None:
    """Return the decision that follows from what a person saw of each image, by its id.

    A confirmed image was not delivered: its credits are owed, and what the policy then recommends
    is decided in the same moment (5.3). Where none is confirmed the request is declined, with the
    *reason* that its customer reads. None where nothing is owed for what was confirmed, because it
    was free or made good before: the request stays open for an answer in words. What was confirmed
    once stays so.

    Raises CaseOver, SenderUnconfirmed, OwnAccount, ReviewIncomplete, NotItsImage, RemedyUnderWay,
    and what ``remedies.decide_by_person`` raises.
    """
    with transaction.atomic():
        case = undecided(case_id)
        if case.account_id is None:
            raise SenderUnconfirmed
        refuse_own_account(user_id=user_id, account_id=case.account_id)
        confirmed = _note_verdicts(case, damaged, user_id=user_id, reason=reason, now=now)
        generation.confirm_damage(
            account_id=case.account_id,
            asset_ids=confirmed,
            user_id=user_id,
            reason=reason,
            now=now,
        )
        return _decide(case, bool(confirmed), reason=reason, user_id=user_id, now=now)


def _note_verdicts(
    case: Case, damaged: Mapping[str, bool], *, user_id: int, reason: str, now: datetime
) -> list[str]:
    """Write down what was seen; return the images that are damaged, in this review or before."""
    images = {one.image.pk: one for one in queries.images_to_review(case)}
    if unknown := damaged.keys() - images.keys():
        raise NotItsImage(image=min(unknown))
    reported = {pk for pk, one in images.items() if one.report is not None}
    if not damaged or reported - damaged.keys():
        raise ReviewIncomplete
    confirmed = []
    for image_id, is_damaged in damaged.items():
        report = images[image_id].report or DamageReport(
            case=case, image_id=image_id, kind=DamageKind.OTHER, created_at=now
        )
        if is_damaged or images[image_id].image.damage_confirmed_at:
            confirmed.append(image_id)
        verdict = DamageVerdict.CONFIRMED if image_id in confirmed else DamageVerdict.NOT_FOUND
        report.verdict, report.reviewed_at = verdict, now
        report.reviewed_by = str(Actor.user(user_id))
        report.save()
    note_act(case, "case.damage_reviewed", user_id, reason, now)
    return confirmed


def _decide(
    case: Case, is_confirmed: bool, *, reason: str, user_id: int, now: datetime
) -> DecisionRecord | None:
    request = queries.request_facts(case)
    if request is None:
        raise SenderUnconfirmed
    assessment = remedies.assess(request=request, now=now)
    if is_confirmed and not assessment.decision.remedies:
        return None
    if is_confirmed and queries.is_remedy_under_way(case):
        raise RemedyUnderWay
    decision = remedies.decide_by_person(
        request=request,
        signature=assessment.signature,
        remedies=None if is_confirmed else (),
        reason=reason,
        user_id=user_id,
        now=now,
    )
    text = decision_email(decision, case)
    attach_decision(case_id=case.pk, decision=decision, text=text, now=now)
    return decision
