"""Merging two requests of a customer, and splitting one, or a message, off again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.support import operations
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.case_merge_forms import MergeForm
from jewelrymodel.web.desk.cases import case_or_404
from jewelrymodel.web.desk.refusal_messages import refusal_message
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404


@for_staff(Act.CASES)
@form_of("desk_case")
def merge(request: StaffRequest, case_id: str) -> HttpResponse:
    """Merge the request into another one of the same customer, and lead there."""
    case = case_or_404(case_id)
    form = MergeForm(case, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a request of this customer to merge into."))
        return redirect("desk_case", case_id=case_id)
    try:
        into = operations.merge_cases(
            case_id=case_id,
            into_id=form.cleaned_data["into"],
            user_id=request.user.pk,
            now=clock.now(),
        )
    except operations.CannotMerge as refusal:
        messages.error(request, refusal_message(refusal))
        return redirect("desk_case", case_id=case_id)
    text = _("%(label)s is merged into this request. You can split it again below.")
    messages.success(request, text % {"label": case.label})
    return redirect("desk_case", case_id=into.pk)


@for_staff(Act.CASES)
@form_of("desk_case")
def split(request: StaffRequest, case_id: str) -> HttpResponse:
    """Split a merged request off again."""
    case = case_or_404(case_id)
    try:
        operations.split_case(case_id=case_id, user_id=request.user.pk, now=clock.now())
        messages.success(
            request, _("%(label)s is a request of its own again.") % {"label": case.label}
        )
    except operations.CannotMerge as refusal:
        messages.error(request, refusal_message(refusal))
    return redirect("desk_case", case_id=case_id)


@for_staff(Act.CASES)
@form_of("desk_case")
def split_off(request: StaffRequest, case_id: str, entry_id: int) -> HttpResponse:
    """Make a request of its own of one message."""
    case_or_404(case_id)
    try:
        new = or_404(
            lambda: operations.split_message(
                case_id=case_id, entry_id=entry_id, user_id=request.user.pk, now=clock.now()
            )
        )
    except operations.CannotSplit as refusal:
        messages.error(request, refusal_message(refusal))
        return redirect("desk_case", case_id=case_id)
    text = _("This message is a request of its own now. Merge it back to undo.")
    messages.success(request, text)
    return redirect("desk_case", case_id=new.pk)
