"""Deciding: by the machine where records are conclusive, else by a person, who alone denies."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.audit import operations as audit
from jewelrymodel.catalog import law
from jewelrymodel.infra import queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.payments.operations import RefundTooLarge, leave_withdrawn_plan
from jewelrymodel.policy.amounts import FORMULAS, amounts_of, remaining
from jewelrymodel.policy.decision import Decision, Outcome, RemedyKind, digest, to_json
from jewelrymodel.policy.law import WITHDRAWAL
from jewelrymodel.policy.promise_comparison import worse_lines
from jewelrymodel.remedies.assessments import Assessment, Chosen, RequestFacts
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.operations.assessment import assess
from jewelrymodel.remedies.operations.remedy_eligibility import RemedyUnfit, refuse_unfit
from jewelrymodel.remedies.operations.second_approval import needs_second_approval
from jewelrymodel.remedies.rules import loss_keys, remedy_amounts
from jewelrymodel.remedies.statuses import RemedyState

_ONCE = "remedies_remedy_once"
"""The constraint that a second remedy for the same thing meets."""


class NotForAMachine(CodedError):
    """Our records alone don't settle this; a person decides. Nothing was changed."""


class AlreadyRemedied(CodedError):
    """This was already put right by another decision. Nothing was done twice."""


class FactsMoved(CodedError):
    """What this rests on has changed since it was shown. Nothing was done; please look again."""


class Short(StrEnum):
    """Of what a decision gives less than was promised; the page has its sentence."""

    MONEY = "less_money_than_promised"
    CREDITS = "fewer_credits_than_promised"
    KIND = "not_what_was_promised"


class LessThanPromised(CodedError):
    """This is less than what was promised before it was paid (3.4). Nothing was done."""

    codes = Short


class LessThanTheLaw(CodedError):
    """Mandatory law gives more than this: it is carried out, and nobody considers it. Nothing was
    done.
    """


class NothingChosen(CodedError):
    """An approval needs a remedy; a change, a denial and another correction need a reason. Nothing
    was done.
    """


def decide_by_machine(*, request: RequestFacts, actor: Actor, now: datetime) -> DecisionRecord:
    """Return the machine's decision, stored whole; its remedies are then carried out.

    Raises NotForAMachine, AlreadyRemedied, and what ``assess`` raises.
    """
    assessment = assess(request=request, now=now)
    chosen = recommended(assessment)
    if assessment.decision.outcome not in (Outcome.APPROVE, Outcome.RESTORE):
        raise NotForAMachine
    try:
        refuse_unfit(assessment, chosen, by_hand=False)
        refuse_less(assessment, chosen)
    except (RemedyUnfit, RefundTooLarge, LessThanPromised):
        raise NotForAMachine from None
    return record_decision(assessment, chosen, actor=actor, reason="", denied=False, now=now)


def decide_by_person(
    *,
    request: RequestFacts,
    signature: str,
    remedies: Sequence[Chosen] | None,
    reason: str,
    user_id: int,
    now: datetime,
) -> DecisionRecord:
    """Return a person's decision: what was recommended (None), chosen *remedies*, or a denial ([]).

    *signature* is that of the assessment they looked at. What is neither money nor credits is done
    by people alone, so it has a reason, recommended or not: what was corrected (8.6). Raises
    OwnAccount where they belong to the account, FactsMoved, NothingChosen, RemedyUnfit,
    RefundTooLarge, LessThanTheLaw, LessThanPromised, AlreadyRemedied, and what ``assess`` raises.
    """
    refuse_own_account(user_id=user_id, account_id=request.account_id)
    assessment = assess(request=request, now=now)
    if assessment.signature != signature:
        raise FactsMoved
    chosen = recommended(assessment) if remedies is None else tuple(remedies)
    words_needed = remedies is not None or any(one.kind is RemedyKind.OTHER for one in chosen)
    if not (reason.strip() if words_needed else chosen):
        raise NothingChosen
    refuse_unfit(assessment, chosen, by_hand=remedies is not None)
    refuse_less(assessment, chosen)
    return record_decision(
        assessment, chosen, actor=Actor.user(user_id), reason=reason, denied=not chosen, now=now
    )


def refuse_less(
    assessment: Assessment, chosen: Sequence[Chosen], *, is_declined: bool = False
) -> None:
    """Return where *chosen* is no less than a right gives and than was promised; raises
    LessThanTheLaw and LessThanPromised.

    A right that *is_declined* gives nothing, whatever else gives as much. What a checkout promised
    counts (3.4), also where a person would decide otherwise.
    """
    _refuse_less_than_law(assessment, () if is_declined else chosen)
    short = worse_lines(assessment.promised, chosen, assessment.decision)
    if not short:
        return
    worse = short[0]
    if worse.amount_minor:
        currency = worse.remedies[0].currency
        raise LessThanPromised(Short.MONEY, amount_minor=worse.amount_minor, currency=currency)
    if worse.credits:
        raise LessThanPromised(Short.CREDITS, n=worse.credits)
    raise LessThanPromised(Short.KIND)


def _refuse_less_than_law(assessment: Assessment, chosen: Sequence[Chosen]) -> None:
    """Nobody declines, or lessens, what a right gives; but what the law's file leaves to a person
    is theirs to decide, with a reason.
    """
    decision = assessment.decision
    given = sum(one.amount_minor for one in chosen)
    if law.left_to_person(decision):
        return
    if decision.is_of_right and given < _refundable(decision):
        currency = decision.remedies[0].currency
        raise LessThanTheLaw(amount_minor=decision.amount_minor, currency=currency)


def _refundable(decision: Decision) -> int:
    """What the law gives, in minor units; less what the processor never refunds, as of a charge
    whose dispute was won: that is paid in another way. While a dispute runs, nobody decides.
    """
    facts = {name: fact.value for name, fact in decision.facts.items()}
    if facts.get("charge.dispute") in ("open", "inquiry"):
        return decision.amount_minor
    return min(decision.amount_minor, int(facts.get("charge.refundable_minor", 0)))


def recommended(assessment: Assessment) -> tuple[Chosen, ...]:
    """Return what is recommended and gives something; all of it where nothing does, to say why
    not.
    """
    every = tuple(
        Chosen(one.kind, one.credits, one.amount_minor, one.currency)
        for one in assessment.decision.remedies
    )
    return tuple(filter(remedy_amounts.has_its_amount, every)) or every


@transaction.atomic
def record_decision(
    assessment: Assessment,
    chosen: Sequence[Chosen],
    *,
    actor: Actor,
    reason: str,
    denied: bool,
    now: datetime,
    together: Sequence[Chosen] = (),
) -> DecisionRecord:
    """Return the decision, stored with the remedies that it owes; a task carries them out.

    *together* is all that is decided with it: so much counts for a second approval. Raises
    AlreadyRemedied.
    """
    request = assessment.request
    row = DecisionRecord.objects.create(
        id=new_id("dec", now=now),
        account_id=request.account_id,
        category=request.category,
        subject_kind=request.subject.kind,
        subject_id=request.subject.id,
        charge_id=assessment.charge_id,
        revokes_credits=assessment.revokes_credits and _revokes_credits(assessment, chosen),
        outcome=assessment.decision.outcome,
        denied=denied,
        reason=reason,
        body=to_json(assessment.decision),
        sha256=digest(assessment.decision),
        decided_by=str(actor),
        decided_at=now,
    )
    by_right = assessment.decision.is_of_right and not actor.is_user
    second = not by_right and needs_second_approval(together or chosen, by_person=actor.is_user)
    for one in chosen:
        _owe(row, one, once=_once(assessment, one), second=second, now=now)
    audit.record(
        actor=actor,
        action="decision.denied" if denied else "decision.recorded",
        subject=f"decision:{row.pk}",
        reason=reason or f"cites {', '.join(assessment.decision.cites)}",
        account_id=row.account_id,
        now=now,
    )
    leave_plan(assessment, now)
    queue.defer("remedies.carry_out", decision_id=row.pk)
    return row


def leave_plan(assessment: Assessment, now: datetime) -> None:
    """Let the plan renew no more that a request withdraws from, whatever its refund is.

    In the caller's transaction. Of every other request nothing is changed.
    """
    if assessment.request.category == WITHDRAWAL:
        leave_withdrawn_plan(order_id=assessment.order_id, now=now)


def _revokes_credits(assessment: Assessment, chosen: Sequence[Chosen]) -> bool:
    """Whether the money is for the credits: all that is left of it, or a formula that says so."""
    if any(one.revokes_credits or one.kind is RemedyKind.FULL_REFUND for one in chosen):
        return True
    facts = {name: fact.value for name, fact in assessment.decision.facts.items()}
    money = sum(one.amount_minor for one in chosen)
    everything = money > 0 and money >= remaining(amounts_of(facts))
    decided = {(one.kind, one.amount_minor) for one in chosen}
    by_formula = any(
        FORMULAS[one.formula].revokes_credits and (one.kind, one.amount_minor) in decided
        for one in assessment.decision.remedies
    )
    return everything or by_formula


def _once(assessment: Assessment, one: Chosen) -> str:
    given, subject = assessment.decision.remedies, assessment.request.subject
    loss, whose = loss_keys.loss_of(one.kind, given, subject, assessment.order_id)
    return loss_keys.once_key(loss, whose, one.kind, assessment.rounds)


def _owe(row: DecisionRecord, one: Chosen, *, once: str, second: bool, now: datetime) -> None:
    try:
        with transaction.atomic():
            RemedyRow.objects.create(
                id=new_id("rem", now=now),
                decision=row,
                once_key=once,
                kind=one.kind,
                credits=one.credits,
                amount_minor=one.amount_minor,
                currency=one.currency,
                state=RemedyState.PENDING_APPROVAL if second else RemedyState.PLANNED,
                created_at=now,
            )
    except IntegrityError as refusal:
        if _ONCE not in str(refusal):
            raise
        raise AlreadyRemedied from None
