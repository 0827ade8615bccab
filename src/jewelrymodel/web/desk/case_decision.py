"""Deciding a request at the desk: the recommendation, another remedy, or a decline; each once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.operations import RefundTooLarge
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.support import operations
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.case_assessment import assessed
from jewelrymodel.web.desk.cases import case_or_404, decision_form, kept_form, show
from jewelrymodel.web.desk.refusal_messages import (
    CONFLICT,
    FACTS_UNAVAILABLE,
    NOT_DECIDED,
    UNAVAILABLE,
    refusal_message,
)
from jewelrymodel.web.form_addresses import form_of

_REFUSALS = (
    OwnAccount,
    operations.AlreadyConfirmed,
    operations.NewMessage,
    deciding.FactsMoved,
    deciding.AlreadyRemedied,
    deciding.NothingChosen,
    deciding.LessThanPromised,
    deciding.LessThanTheLaw,
    deciding.RemedyUnfit,
    operations.SamePerson,
    operations.SenderUnconfirmed,
    operations.SeveralGrounds,
    RefundTooLarge,
    deciding.TermsNotAtHand,
)


@for_staff(Act.DECIDE)
@form_of("desk_case")
def approve_recommendation(request: StaffRequest, case_id: str) -> HttpResponse:
    """Approve what the policy recommends."""
    return _decide(request, case_id, "recommendation")


@for_staff(Act.DECIDE)
@form_of("desk_case")
def approve_remedy(request: StaffRequest, case_id: str) -> HttpResponse:
    """Approve another remedy than the recommended one."""
    return _decide(request, case_id, "remedy")


@for_staff(Act.DECIDE)
@form_of("desk_case")
def decline(request: StaffRequest, case_id: str) -> HttpResponse:
    """Decline the request."""
    return _decide(request, case_id, "decline")


@for_staff(Act.DECIDE)
@form_of("desk_case")
def undo(request: StaffRequest, case_id: str) -> HttpResponse:
    """Undo what was confirmed and isn't carried out yet."""
    case_or_404(case_id)
    try:
        operations.undo_confirmed(case_id=case_id, user_id=request.user.pk, now=clock.now())
        messages.success(request, _("Undone. Nothing was decided, paid or emailed."))
    except (operations.NothingConfirmed, OwnAccount) as refusal:
        messages.error(request, refusal_message(refusal))
    return redirect("desk_case", case_id=case_id)


def _decide(request: StaffRequest, case_id: str, name: str) -> HttpResponse:
    case = case_or_404(case_id)
    assessment, why_not = assessed(case)
    form = decision_form(name, assessment, request.POST)
    if why_not == str(FACTS_UNAVAILABLE) and case.is_open:
        return show(request, case, {name: kept_form(name, request.POST)}, status=UNAVAILABLE)
    if not form.is_valid():
        return show(request, case, {name: form}, status=422)
    try:
        operations.confirm_decision(
            case_id=case_id,
            signature=form.cleaned_data["signature"],
            remedies_chosen=form.chosen(),
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
            machine_clock=clock.real_now,
            read_up_to=form.cleaned_data["read_up_to"] or 0,
        )
        operations.end_draft(case_id=case_id, user_id=request.user.pk, form=name)
    except operations.CaseOver as refusal:  # its form is gone: a colleague's decision is there
        messages.error(request, refusal_message(refusal))
    except _REFUSALS as refusal:
        form.add_error(None, refusal_message(refusal))
        return show(request, case_or_404(case_id), {name: form}, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        form.add_error(None, str(NOT_DECIDED))
        return show(request, case_or_404(case_id), {name: form}, status=UNAVAILABLE)
    return redirect("desk_case", case_id=case_id)
