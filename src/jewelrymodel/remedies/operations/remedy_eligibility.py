"""What a person may choose: a remedy has to fit what the request is about, and its size."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.operations import RefundTooLarge
from jewelrymodel.policy.decision import REFUNDS, RemedyKind
from jewelrymodel.policy.facts import Value
from jewelrymodel.remedies.assessments import Assessment, Chosen, SubjectKind
from jewelrymodel.remedies.queries.running_outages import rests_on_running_outage
from jewelrymodel.remedies.rules import remedy_amounts

MOST_CREDITS = 10_000
"""More at once is a slip of the finger."""


class Unfit(StrEnum):
    """Why a remedy doesn't fit; the pages that show it have its sentence."""

    NO_ORDER = "no_order"
    ALREADY_DELIVERED = "already_delivered"
    UNPAID = "unpaid"
    EMPTY = "empty"
    NO_CHARGE = "no_charge"
    DISPUTED = "disputed"
    LOST = "lost"
    REFUNDED = "refunded"
    NOT_REFUNDABLE_NOW = "not_refundable_now"
    MORE_THAN_USED = "more_than_used"
    TOO_MANY_CREDITS = "too_many_credits"
    OUTAGE_RUNS = "outage_runs"


class RemedyUnfit(CodedError):
    """This remedy doesn't fit what the request is about. Nothing was done."""

    codes = Unfit


def refuse_unfit(assessment: Assessment, chosen: Sequence[Chosen], *, by_hand: bool) -> None:
    """Return where every remedy fits and gives something; raises RemedyUnfit and RefundTooLarge.

    Each has its why. Of what a person chose *by_hand* credits are *restored* (8.1) up to what the
    task or the purchase used; what is kind beyond that is a *replacement* (8.2). What the policy
    computes of an outage waits until its incident is over.
    """
    facts = {name: fact.value for name, fact in assessment.decision.facts.items()}
    money = any(one.kind in REFUNDS for one in chosen)
    if money and (unfit := why_no_refund(facts)):
        raise unfit
    if not by_hand and rests_on_running_outage(assessment.decision):
        raise RemedyUnfit(Unfit.OUTAGE_RUNS)
    if sum(one.amount_minor for one in chosen) > _number(facts, "charge.refundable_minor"):
        raise RefundTooLarge
    for one in chosen:
        if not remedy_amounts.has_its_amount(one):
            raise RemedyUnfit(Unfit.EMPTY)
        if one.kind is RemedyKind.ACCESS_CORRECTION:
            _refuse_delivery(assessment, facts)
        if not by_hand:  # computed from records: no slip of a finger
            continue
        if one.credits > MOST_CREDITS:
            raise RemedyUnfit(Unfit.TOO_MANY_CREDITS, n=MOST_CREDITS)
        if one.kind is RemedyKind.RESTORED_CREDITS and one.credits > (used := _used(facts)):
            raise RemedyUnfit(Unfit.MORE_THAN_USED, n=used)


def why_no_refund(facts: Mapping[str, Value]) -> RemedyUnfit | None:
    """Return why nothing of the charge can be refunded now; None where something can.

    *facts* are an assessment's, by name.
    """
    if not facts.get("charge.currency"):
        return RemedyUnfit(Unfit.NO_CHARGE)
    if _number(facts, "charge.refundable_minor") > 0:
        return None
    if facts.get("charge.dispute") in ("open", "inquiry"):
        return RemedyUnfit(Unfit.DISPUTED)
    if _number(facts, "charge.lost_minor") > 0:
        return RemedyUnfit(Unfit.LOST)
    refunded, currency = _number(facts, "charge.refunded_minor"), str(facts["charge.currency"])
    if refunded >= _number(facts, "charge.paid_minor"):
        return RemedyUnfit(Unfit.REFUNDED, amount_minor=refunded, currency=currency)
    return RemedyUnfit(Unfit.NOT_REFUNDABLE_NOW)


def _refuse_delivery(assessment: Assessment, facts: Mapping[str, Value]) -> None:
    if assessment.request.subject.kind is not SubjectKind.ORDER:
        raise RemedyUnfit(Unfit.NO_ORDER)
    if facts.get("purchase.delivered"):
        raise RemedyUnfit(Unfit.ALREADY_DELIVERED)
    if not facts.get("purchase.paid"):
        raise RemedyUnfit(Unfit.UNPAID)


def _used(facts: Mapping[str, Value]) -> int:
    """What the task cost or still keeps, else what was spent of the purchase."""
    names = ("task.captured_credits", "task.owed_credits", "lot.used_credits")
    return max(_number(facts, name) for name in names)


def _number(facts: Mapping[str, Value], name: str) -> int:
    return int(facts.get(name, 0))
