"""Deciding a case: at once where records are conclusive, else by the agent who looks at it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog.terms import editions
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.policy.decisions import CLAUSE_OF_REMEDY, Decision, RemedyKind, from_json
from jewelrymodel.policy.explanation import for_customer
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


class SenderUnconfirmed(CodedError):
    """The sender hasn't proven that the account is theirs. Nothing was decided."""


def settle_at_once(*, opening: Opening, request: RequestFacts, actor: Actor, now: datetime) -> Case:
    """Return the case of a request that our records settle, with the machine's decision.

    Raises NotForAMachine, AlreadyRemedied, and what assessing raises; then no case is opened.
    """
    with transaction.atomic():
        decision = remedies.decide_by_machine(request=request, actor=actor, now=now)
        case = open_case(opening=opening, now=now)
        return attach_decision(
            case_id=case.pk, decision=decision, text=decision_email(decision, case), now=now
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
            raise CaseOver
        request = queries.request_facts(case)
        if request is None:
            raise SenderUnconfirmed
        decision = remedies.decide_by_person(
            request=request,
            signature=signature,
            remedies=remedies_chosen,
            reason=reason,
            user_id=user_id,
            now=now,
        )
        attach_decision(
            case_id=case_id, decision=decision, text=decision_email(decision, case), now=now
        )
    return decision


def decision_email(decision: DecisionRecord, case: Case) -> str:
    """Return what the customer is emailed: what was decided, why, and how to object."""
    with languages.speaking(accounts.language_of(account_id=decision.account_id)):
        return _finding(case) + _decision_text(decision)


def _finding(case: Case) -> str:
    """What we found ourselves, for a customer who never wrote to us."""
    if case.channel != Channel.MACHINE:
        return ""
    finding = case.entries.order_by("id").values_list("text", flat=True).first()
    notice = _("We noticed this ourselves, so no action is needed on your part. %(finding)s")
    return f"{notice % {'finding': finding}}\n\n"


def _decision_text(decision: DecisionRecord) -> str:
    body = from_json(decision.body)
    if decision.denied:
        return "\n\n".join(
            (
                _("Thank you for writing. We’ve reviewed your request and can’t approve it."),
                decision.reason,
                _(
                    "This is based on the following clauses of our refund policy: %(clauses)s. You "
                    "can see the facts we used with the decision under Requests."
                )
                % {"clauses": ", ".join(body.cites)},
                _("If anything is missing or wrong, reply to this email. We’ll review it again."),
            )
        )
    if Actor.parse(decision.decided_by).is_user:
        return _approval(decision, body)
    edition = next((one for one in editions() if one.sha256 == body.editions[0].sha256), None)
    return for_customer(body, edition, _) if edition else body.customer_text


def _approval(decision: DecisionRecord, body: Decision) -> str:
    """A team member's approval cites what they gave, and a category only where one holds."""
    rows = list(decision.remedies.order_by("id"))
    given = dict.fromkeys(CLAUSE_OF_REMEDY[RemedyKind(row.kind)] for row in rows)
    clauses = {one.rule_id: one.clause for one in body.held}
    held = dict.fromkeys(clauses[one.rule_id] for one in body.remedies)
    is_pending = queries_of_remedies.awaits_second_approval(decision)
    parts = [
        _(
            "We’ve reviewed your request and recommend approving it. It still needs a second "
            "approval, so it isn’t final yet."
        )
        if is_pending
        else _("Good news: we’ve reviewed your request and approved it."),
        *(queries_of_remedies.remedy_status(row) for row in rows),
        decision.reason,
        _(
            "This is based on the following clauses of our refund policy: %(clauses)s. We’ll email "
            "you about each step."
        )
        % {"clauses": ", ".join({**held, **given})},
    ]
    return "\n\n".join(part for part in parts if part)
