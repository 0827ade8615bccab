"""What an agent confirmed, on its page: what it does, until when it can be undone, what is kept."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.kernel.money import in_words, minor_digits
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.support import queries
from jewelrymodel.support.models import ConfirmedDecision
from jewelrymodel.support.statuses import ConfirmationState, ConfirmedAct
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.decision_forms import REMEDY_LABELS
from jewelrymodel.web.desk.refusal_messages import sentence_of


@dataclass(frozen=True)
class PendingDecision:
    """What was confirmed and can still be undone; *seconds_left* is 0 where its time has come."""

    row: ConfirmedDecision
    what: str
    who: str
    seconds_left: int


@dataclass(frozen=True)
class KeptDecision:
    """What was undone or refused: why, and what was typed, for the form that it was typed in."""

    why: str
    form: str
    typed: dict[str, Any]


def pending_decision(case_id: str, now: datetime) -> PendingDecision | None:
    """Return what can still be undone of a case; None where nothing can."""
    row = queries.pending_decision(case_id=case_id)
    if row is None:
        return None
    who = actor_names.names([row.confirmed_by])[row.confirmed_by]
    left = ceil((row.due_at - now).total_seconds())
    return PendingDecision(row, _what(row), who, max(left, 0))


def kept_decision(case_id: str) -> KeptDecision | None:
    """Return what was typed for the decision that was undone or refused last; None where none was.

    Its why is empty where somebody undid it.
    """
    row = queries.decision_to_redo(case_id=case_id)
    if row is None:
        return None
    is_refused = row.state == ConfirmationState.REFUSED
    why = sentence_of(row.failure, row.failure_params) if is_refused else ""
    return KeptDecision(why, _form_of(row), {"reason": row.reason, **_typed(row)})


def _form_of(row: ConfirmedDecision) -> str:
    if row.act == ConfirmedAct.REVIEW_DAMAGE:
        return "damage"
    if row.details.get("grounds"):
        return "grounds"
    chosen = row.details["chosen"]
    return "recommendation" if chosen is None else "remedy" if chosen else "decline"


def _typed(row: ConfirmedDecision) -> dict[str, Any]:
    if row.act == ConfirmedAct.REVIEW_DAMAGE:
        seen = row.details["damaged"].items()
        return {f"seen_{pk}": "damaged" if is_damaged else "whole" for pk, is_damaged in seen}
    if grounds := row.details.get("grounds"):
        return {f"act_{key}": act for key, (_signature, act) in grounds.items()}
    for one in row.details["chosen"] or ():
        money = Decimal(one["amount_minor"]).scaleb(-minor_digits(one["currency"]))
        amount = money if one["currency"] else one["credits"] or None
        revokes = {"revokes_credits": one["revokes_credits"]}
        return {"kind": one["kind"], "amount": amount, **revokes}
    return {}


def _what(row: ConfirmedDecision) -> str:
    if row.act == ConfirmedAct.REVIEW_DAMAGE:
        return _("Save and decide what you saw")
    if row.details.get("grounds"):
        return _("Decide all categories")
    chosen = row.details["chosen"]
    if chosen is None:
        return _("Approve recommendation")
    return " · ".join(map(_remedy, chosen)) if chosen else _("Decline request")


def _remedy(one: dict[str, Any]) -> str:
    label = str(REMEDY_LABELS[RemedyKind(one["kind"])])
    if one["amount_minor"]:
        return f"{label}: {in_words(one['amount_minor'], one['currency'])}"
    if one["credits"]:
        count = ngettext("%(n)s credit", "%(n)s credits", one["credits"]) % {"n": one["credits"]}
        return f"{label}: {count}"
    return label
