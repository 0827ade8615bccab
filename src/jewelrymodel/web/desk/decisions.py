"""A stored decision whole, and its second approval where it is above an agent's limit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.policy.decision import from_json
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import queries as support
from jewelrymodel.web.decision_display import DecisionDisplay
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.category_labels import category_label
from jewelrymodel.web.desk.decision_forms import SecondApprovalForm
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

_REFUSALS = (
    OwnAccount,
    deciding.SecondApproverNeeded,
    deciding.ApprovalTooEarly,
    deciding.NothingToApprove,
)


@require_safe
@for_staff(Act.DESK)
def decision(request: StaffRequest, decision_id: str) -> HttpResponse:
    """Show a decision with the rules that applied, and why the others didn't."""
    return _show(request, _decision_or_404(decision_id), SecondApprovalForm())


@for_staff(Act.APPROVE)
@form_of("desk_decision")
def approve(request: StaffRequest, decision_id: str) -> HttpResponse:
    """Give second approval; the decision is carried out at once."""
    row, form = _decision_or_404(decision_id), SecondApprovalForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    reason, user_id, now = form.cleaned_data["reason"], request.user.pk, clock.now()
    try:
        deciding.give_second_approval(
            decision_id=decision_id, user_id=user_id, reason=reason, now=now
        )
        deciding.carry_out(decision_id=decision_id, now=now)
        messages.success(request, _("Approved. The decision is being carried out."))
    except _REFUSALS as refusal:
        return _refused(request, decision_id, form, refusal)
    except (ProcessorDown, ProcessorRefused):
        sentence = _("Approved. The payment processor can’t be reached; we’ll retry automatically.")
        messages.info(request, sentence)
    return redirect("desk_decision", decision_id=decision_id)


@for_staff(Act.APPROVE)
@form_of("desk_decision")
def reject(request: StaffRequest, decision_id: str) -> HttpResponse:
    """Refuse second approval; its request is open again."""
    row, form = _decision_or_404(decision_id), SecondApprovalForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    reason, user_id, now = form.cleaned_data["reason"], request.user.pk, clock.now()
    try:
        deciding.reject_decision(decision_id=decision_id, user_id=user_id, reason=reason, now=now)
        messages.success(request, _("Rejected. Nothing was paid; the request is open again."))
    except _REFUSALS as refusal:
        return _refused(request, decision_id, form, refusal)
    return redirect("desk_decision", decision_id=decision_id)


def _refused(
    request: StaffRequest, decision_id: str, form: SecondApprovalForm, refusal: CodedError
) -> HttpResponse:
    form.add_error(None, refusal_message(refusal))
    return _show(request, _decision_or_404(decision_id), form, status=CONFLICT)


def _decision_or_404(decision_id: str) -> DecisionRecord:
    return or_404(lambda: remedies.decision(decision_id=decision_id))


def _show(
    request: StaffRequest, row: DecisionRecord, form: SecondApprovalForm, *, status: int = 200
) -> HttpResponse:
    owed = list(row.remedies.all())
    names = actor_names.names([row.decided_by, *(one.second_approver for one in owed)])
    context = {
        "row": row,
        "case": support.case_of_decision(decision_id=row.pk),
        "category": category_label(row.category),
        "shown": DecisionDisplay(from_json(row.body)),
        "decider": names[row.decided_by],
        "remedies": [
            (one, remedies.remedy_status(one), names[one.second_approver]) for one in owed
        ],
        "needs_approval": any(one.state == RemedyState.PENDING_APPROVAL for one in owed),
        "is_decider": row.decided_by == str(Actor.user(request.user.pk)),
        "decider_may_approve_from": deciding.self_approval_from(row),
        "form": form,
    }
    return render(request, "desk/decision.html", context, status=status)
