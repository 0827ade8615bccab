"""Deciding a case, at once where records are conclusive, else by an agent; and what follows."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies import queries as queries_of_remedies
from jewelrymodel.remedies.assessments import Chosen, RequestFacts
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import NOT_DONE
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.case_states import mark_decided, reopen_decided
from jewelrymodel.support.operations.decision_email import decision_email
from jewelrymodel.support.operations.timeline import CaseOver, add_entry, locked
from jewelrymodel.support.statuses import EntryKind


class SenderUnconfirmed(CodedError):
    """The sender hasn't proven that the account is theirs. Nothing was decided."""


class SamePerson(CodedError):
    """Who declined a request neither decides nor closes the appeal. Nothing was decided."""


class SeveralGrounds(CodedError):
    """The request has several grounds, and they are decided together. Nothing was decided."""


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
    Raises CaseOver, SenderUnconfirmed, SamePerson, SeveralGrounds, and what
    ``remedies.decide_by_person`` raises.
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


def attach_decision(*, case_id: str, decision: DecisionRecord, text: str, now: datetime) -> Case:
    """Return the case, decided: the customer is mailed what was decided, with its clauses.

    Raises SamePerson where whoever decided had declined it before, and SeveralGrounds where this
    would answer only one of them.
    """
    with transaction.atomic():
        case = locked(case_id)
        if case.decision_id == decision.pk:
            return case
        if case.further_grounds.exists():
            raise SeveralGrounds
        refuse_who_declined(case, decision.decided_by)
        mark_decided(case, decision_id=decision.pk, now=now)
        author = Actor.parse(decision.decided_by)
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=author, mail=True, now=now)
    return case


def refuse_who_declined(case: Case, actor: str) -> None:
    """Return where *actor* may end the case; raises SamePerson where they declined it and its
    customer objected.

    An appeal is another person's, unless only one works here (SINGLE_OPERATOR).
    """
    if actor == queries.appealed_from(case) and not settings.SINGLE_OPERATOR:
        raise SamePerson


def notify_progress(*, case_id: str, decision: DecisionRecord, now: datetime) -> Case:
    """Return the case after its customer was told how far the remedies are; said once each."""
    with transaction.atomic():
        case = locked(case_id)
        with languages.speaking(accounts.language_of(account_id=decision.account_id)):
            statuses = map(queries_of_remedies.remedy_status, decision.remedies.order_by("id"))
            documents = queries_of_remedies.remedy_documents(decision)
            progress = "\n\n".join((*statuses, *documents))
        if not case.entries.filter(text=progress).exists():
            add_entry(
                case,
                EntryKind.MESSAGE_OUT,
                progress,
                author=Actor.system("remedies"),
                mail=True,
                now=now,
            )
        if decision.remedies.filter(state__in=NOT_DONE).exists():
            reopen_decided(case)
    return case
