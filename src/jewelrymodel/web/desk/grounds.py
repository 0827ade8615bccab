"""Adding a ground to a request, removing one, and deciding all of them together."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.operations import RefundTooLarge
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.support import operations
from jewelrymodel.support.models import CaseGround
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.cases import case_or_404, show
from jewelrymodel.web.desk.ground_forms import grounds_form, kept_grounds_form
from jewelrymodel.web.desk.refusal_messages import (
    CONFLICT,
    FACTS_UNAVAILABLE,
    NOT_DECIDED,
    UNAVAILABLE,
    refusal_message,
)
from jewelrymodel.web.desk.request_forms import SubjectForm
from jewelrymodel.web.form_addresses import form_of

_REFUSALS = (
    OwnAccount,
    operations.AlreadyConfirmed,
    operations.GroundsChanged,
    operations.NewMessage,
    operations.SamePerson,
    operations.SenderUnconfirmed,
    deciding.AlreadyRemedied,
    deciding.FactsMoved,
    deciding.LessThanPromised,
    deciding.LessThanTheLaw,
    deciding.NothingChosen,
    deciding.RemedyUnfit,
    deciding.TermsNotAtHand,
    RefundTooLarge,
)


@for_staff(Act.CASES)
@form_of("desk_case")
def add(request: StaffRequest, case_id: str) -> HttpResponse:
    """Add a ground, which is decided together with the others."""
    case = case_or_404(case_id)
    form = SubjectForm(request.POST, account_id=case.account_id or "", auto_id="ground_%s")
    if not form.is_valid():
        return show(request, case, {"ground": form}, status=422)
    try:
        operations.add_ground(
            case_id=case_id,
            category=form.cleaned_data["category"],
            subject=form.cleaned_data["about"],
            verified_records=form.cleaned_data["records"],
            user_id=request.user.pk,
            now=clock.now(),
        )
    except (operations.CaseOver, operations.GroundRefused, operations.UnknownRecord) as refusal:
        form.add_error(None, refusal_message(refusal))
        return show(request, case_or_404(case_id), {"ground": form}, status=CONFLICT)
    messages.success(request, _("Category added. All categories are decided together."))
    return redirect("desk_case", case_id=case_id)


@for_staff(Act.CASES)
@form_of("desk_case")
def remove(request: StaffRequest, case_id: str, ground_id: int) -> HttpResponse:
    """Remove a ground that nobody has decided about."""
    case_or_404(case_id)
    try:
        operations.remove_ground(
            case_id=case_id, ground_id=ground_id, user_id=request.user.pk, now=clock.now()
        )
        messages.success(request, _("Category removed."))
    except CaseGround.DoesNotExist:
        raise Http404 from None
    except (operations.CaseOver, operations.GroundRefused) as refusal:
        messages.error(request, refusal_message(refusal))
    return redirect("desk_case", case_id=case_id)


@for_staff(Act.DECIDE)
@form_of("desk_case")
def decide(request: StaffRequest, case_id: str) -> HttpResponse:
    """Decide all grounds of the request; each is a decision, and the customer gets one email."""
    case = case_or_404(case_id)
    form = grounds_form(case, request.POST)
    if case.is_open and any(one.problem == str(FACTS_UNAVAILABLE) for one in form.grounds):
        kept = kept_grounds_form(case, request.POST)
        return show(request, case, {"grounds": kept}, status=UNAVAILABLE)
    if not form.is_valid():
        return show(request, case, {"grounds": form}, status=422)
    try:
        operations.confirm_grounds(
            case_id=case_id,
            acts=form.acts(),
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
            machine_clock=clock.real_now,
            read_up_to=form.cleaned_data["read_up_to"] or 0,
        )
        operations.end_draft(case_id=case_id, user_id=request.user.pk, form="grounds")
    except operations.CaseOver as refusal:
        messages.error(request, refusal_message(refusal))
    except _REFUSALS as refusal:
        form.add_error(None, refusal_message(refusal))
        return show(request, case_or_404(case_id), {"grounds": form}, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        form.add_error(None, str(NOT_DECIDED))
        return show(request, case_or_404(case_id), {"grounds": form}, status=UNAVAILABLE)
    return redirect("desk_case", case_id=case_id)
