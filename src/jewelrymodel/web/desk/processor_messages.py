"""Messages of the payment processor that could not be processed: tried again, or set aside."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jewelrymodel.infra import clock, inbox
from jewelrymodel.payments import operations
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.case_actions import CONFLICT
from jewelrymodel.web.desk.forms import MessageForm


@require_safe
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """List what was parked, longest first, each with why and what can be done."""
    return _show(request)


@require_POST
@for_staff()
def message(request: StaffRequest, message_id: str) -> HttpResponse:
    """Try one again from the start, or set it aside."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _show(request, problem=_("Say why: what was mended, or why it needs nothing."))
    acts = {"retry": operations.retry_message, "dismiss": operations.dismiss_message}
    try:
        acts[form.cleaned_data["do"]](
            message_id=message_id,
            user_id=request.user.pk,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except inbox.NotParked as refusal:
        return _show(request, problem=_(str(refusal)), status=CONFLICT)
    messages.success(request, _("Done."))
    return redirect("desk_messages")


def _show(request: StaffRequest, *, problem: str = "", status: int = 0) -> HttpResponse:
    context = {"rows": inbox.parked(source=operations.INBOX), "problem": problem}
    return render(
        request, "desk/processor_messages.html", context, status=status or (422 if problem else 200)
    )
