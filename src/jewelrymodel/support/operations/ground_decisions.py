"""Deciding a case that has several grounds: all at once, and one letter that says each."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies import queries as remedies_queries
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.operations import GroundAct, GroundChoice
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_decisions import SenderUnconfirmed, refuse_who_declined
from jewelrymodel.support.operations.case_states import mark_decided
from jewelrymodel.support.operations.grounds_email import GroundLetter, grounds_email
from jewelrymodel.support.operations.timeline import CaseOver, add_entry, locked
from jewelrymodel.support.queries import Ground
from jewelrymodel.support.statuses import EntryKind


class GroundsChanged(CodedError):
    """The request's grounds are others than those that were shown. Nothing was decided."""


def decide_case_grounds(
    *,
    case_id: str,
    acts: Mapping[str, tuple[str, GroundAct]],
    reason: str,
    user_id: int,
    now: datetime,
) -> DecisionRecord:
    """Return the first new decision of the case, whose grounds are all decided in one transaction.

    *acts* has, by the ground's key, the signature that was shown and what is said of it. A ground
    is kept as it is only where ``queries.may_be_kept``, and corrected by hand only where what was
    decided of it has failed. Raises CaseOver, GroundsChanged,
    SenderUnconfirmed, SamePerson, and what ``remedies.decide_grounds`` raises.
    """
    with transaction.atomic():
        case = locked(case_id)
        if not case.is_open:
            raise CaseOver
        refuse_who_declined(case, str(Actor.user(user_id)))
        grounds = queries.grounds(case)
        kept = _kept(case, grounds, acts)
        undecided = [one for one in grounds if one.key not in kept]
        if not undecided:
            raise remedies.NothingChosen
        decisions = remedies.decide_grounds(
            choices=[_choice(case, one, *acts[one.key]) for one in undecided],
            reason=reason,
            user_id=user_id,
            now=now,
        )
        decided = dict(zip((one.key for one in undecided), decisions, strict=True))
        _attach(case, grounds, {**kept, **decided}, kept, now)
    return decisions[0]


def _kept(
    case: Case, grounds: list[Ground], acts: Mapping[str, tuple[str, GroundAct]]
) -> dict[str, DecisionRecord]:
    """What stays as it was decided; raises GroundsChanged where others were shown, or where what
    was answered isn't possible now.
    """
    if {one.key for one in grounds} != set(acts):
        raise GroundsChanged
    kept = {}
    for one in grounds:
        act = acts[one.key][1]
        if act is GroundAct.BY_HAND and not queries.has_failed(one):
            raise GroundsChanged
        if act is GroundAct.KEEP:
            if not queries.may_be_kept(case, one):
                raise GroundsChanged
            kept[one.key] = remedies_queries.decision(decision_id=one.decision_id)
    return kept


def _choice(case: Case, ground: Ground, signature: str, act: GroundAct) -> GroundChoice:
    request = queries.facts_of_ground(case, ground)
    if request is None:
        raise SenderUnconfirmed
    return GroundChoice(request, signature, act)


def _attach(
    case: Case,
    grounds: list[Ground],
    decisions: Mapping[str, DecisionRecord],
    kept: Mapping[str, DecisionRecord],
    now: datetime,
) -> None:
    """Answer the case: each ground has its decision, and its customer gets one letter."""
    letters = [GroundLetter(one, decisions[one.key], one.key in kept) for one in grounds]
    author = next(one for key, one in decisions.items() if key not in kept).decided_by
    with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
        text = grounds_email(case, letters)
    for one in grounds:
        if one.row is not None:
            one.row.decision_id = decisions[one.key].pk
            one.row.save(update_fields=["decision_id"])
    mark_decided(case, decision_id=decisions[grounds[0].key].pk, now=now)
    add_entry(case, EntryKind.MESSAGE_OUT, text, author=Actor.parse(author), mail=True, now=now)
