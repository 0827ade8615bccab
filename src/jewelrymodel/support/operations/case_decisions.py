"""Deciding a case: at once where records are conclusive, else by the agent who looks at it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.decisions import CLAUSE_OF_REMEDY, Decision, RemedyKind, from_json
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies import queries as queries_of_remedies
from jewelrymodel.remedies.assessments import Chosen, RequestFacts
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.conversation import attach_decision
from jewelrymodel.support.operations.timeline import CaseOver
from jewelrymodel.support.statuses import Channel


class SenderUnconfirmed(Exception):
    """The sender hasn't proven that the account is theirs. Nothing was decided."""


def settle_at_once(*, opening: Opening, request: RequestFacts, actor: Actor, now: datetime) -> Case:
    """Return the case of a request that our records settle, with the machine's decision.

    Raises NotForAMachine, AlreadyRemedied, and what assessing raises; then no case is opened.
    """
    with transaction.atomic():
        decision = remedies.decide_by_machine(request=request, actor=actor, now=now)
        case = open_case(opening=opening, now=now)
        return attach_decision(
            case_id=case.pk, decision=decision, text=_found(case) + letter_text(decision), now=now
        )


def decide_case(
    *,
    case_id: str,
    signature: str,
    remedies_chosen: Sequence[Chosen] | None,
    reason: str,
    user_id: int,
    now: datetime,
) -> DecisionRecord:
    """Return an agent's decision of a case: as recommended (None), changed, or denied ([]).

    Two agents, or a double click, make one: the case's row is held, and a decided case refuses.
    Raises CaseOver, SenderUnconfirmed, and what ``remedies.decide_by_person`` raises.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        if not case.is_open:
            raise CaseOver("This case was decided meanwhile. Nothing was done twice.")
        request = queries.request_facts(case)
        if request is None:
            raise SenderUnconfirmed(SenderUnconfirmed.__doc__)
        decision = remedies.decide_by_person(
            request=request,
            signature=signature,
            remedies=remedies_chosen,
            reason=reason,
            user_id=user_id,
            now=now,
        )
        attach_decision(case_id=case_id, decision=decision, text=letter_text(decision), now=now)
    return decision


def _found(case: Case) -> str:
    """Who never wrote to us is told first what we found."""
    if case.channel != Channel.MACHINE:
        return ""
    found = case.entries.order_by("id").values_list("text", flat=True).first()
    return f"We found this ourselves; no action is needed. {found}\n\n"


def letter_text(decision: DecisionRecord) -> str:
    """Return what the customer is mailed: what was decided, why, and how to object."""
    body = from_json(decision.body)
    if decision.denied:
        return (
            "A person has looked at your request, and we can't grant it.\n\n"
            f"{decision.reason}\n\n"
            f"It rests on {', '.join(body.cites)} of our refund policy, and on the facts shown "
            "with the decision under Requests.\n\n"
            "If something is missing or wrong, answer this mail: a person looks again."
        )
    if Actor.parse(decision.decided_by).is_user:
        return _approval(decision, body)
    return body.customer_text


_UNCERTAIN = (
    "A person has looked at this and would grant it. A second person has to agree first, so it is "
    "not certain yet."
)


def _approval(decision: DecisionRecord, body: Decision) -> str:
    """A person's approval rests on what they gave, and on a ground only where one holds."""
    rows = list(decision.remedies.order_by("id"))
    given = dict.fromkeys(CLAUSE_OF_REMEDY[RemedyKind(row.kind)] for row in rows)
    grounds = {one.rule_id: one.clause for one in body.held}
    held = dict.fromkeys(grounds[one.rule_id] for one in body.remedies)
    waits = queries_of_remedies.awaits_second_approval(decision)
    parts = [
        _UNCERTAIN if waits else "A person has looked at this and approved it.",
        *(queries_of_remedies.remedy_status(row) for row in rows),
        decision.reason,
        f"It rests on {', '.join({**held, **given})} of our refund policy. We write again with "
        "each step that is done.",
    ]
    return "\n\n".join(part for part in parts if part)
