"""A stored decision whole, and the second person's word on what is large."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.policy.decisions import from_json
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import queries as support
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.case_actions import CONFLICT
from jewelrymodel.web.desk.forms import SecondForm
from jewelrymodel.web.responses import or_404

_REFUSALS = (deciding.SecondPersonNeeded, deciding.WaitFirst, deciding.NothingWaits)


@require_safe
@for_staff()
def decision(request: StaffRequest, decision_id: str) -> HttpResponse:
    """Show a decision with why-not and what defeated what."""
    return _show(request, _found(decision_id), SecondForm())


@require_POST
@for_staff()
def second(request: StaffRequest, decision_id: str) -> HttpResponse:
    """Release what waits for a second person, or send it back to be decided anew."""
    row, form = _found(decision_id), SecondForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    acts = {"release": _release, "send_back": _send_back}
    try:
        told = acts[form.cleaned_data["do"]](
            decision_id, request.user.pk, form.cleaned_data["reason"], clock.now()
        )
        messages.success(request, told)
    except _REFUSALS as refusal:
        form.add_error(None, _(str(refusal)))
        return _show(request, _found(decision_id), form, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        messages.info(request, _("The payment service can't be reached; it goes on by itself."))
    return redirect("desk_decision", decision_id=decision_id)


def _release(decision_id: str, user_id: int, reason: str, now: datetime) -> str:
    deciding.release_second(decision_id=decision_id, user_id=user_id, reason=reason, now=now)
    deciding.carry_out(decision_id=decision_id, now=now)
    return _("Released. It is carried out now.")


def _send_back(decision_id: str, user_id: int, reason: str, now: datetime) -> str:
    deciding.send_back(decision_id=decision_id, user_id=user_id, reason=reason, now=now)
    return _("Sent back. Nothing was paid; its request waits in the queue again.")


def _found(decision_id: str) -> DecisionRecord:
    return or_404(lambda: remedies.decision(decision_id=decision_id))


def _show(
    request: StaffRequest, row: DecisionRecord, form: SecondForm, *, status: int = 200
) -> HttpResponse:
    owed = list(row.remedies.all())
    names = actor_names.names([row.decided_by, *(one.seconded_by for one in owed)])
    context = {
        "row": row,
        "case": support.case_of_decision(decision_id=row.pk),
        "shown": DecisionDisplay(from_json(row.body)),
        "decider": names[row.decided_by],
        "remedies": [(one, remedies.words(one), names[one.seconded_by]) for one in owed],
        "waits": any(one.state == RemedyState.AWAITING_SECOND for one in owed),
        "own": row.decided_by == str(Actor.user(request.user.pk)),
        "own_from": deciding.own_release_from(row),
        "form": form,
    }
    return render(request, "desk/decision.html", context, status=status)
