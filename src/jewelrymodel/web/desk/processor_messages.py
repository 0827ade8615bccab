"""Messages of the payment processor that could not be processed: tried again, or dismissed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, webhook_inbox
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Order
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.processor_message_forms import ProcessorMessageForm
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.form_addresses import form_of


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """List what failed at every attempt, oldest first, each with why and what can be done."""
    return _show(request)


@for_staff(Act.PROCESSOR_MESSAGES)
@form_of("desk_messages")
def retry(request: StaffRequest, message_id: str) -> HttpResponse:
    """Try a message again from the start."""
    form = ProcessorMessageForm(request.POST)
    if not form.is_valid():
        return _show(request, problem=str(form.errors["reason"][0]), status=422)
    reason, user_id, now = form.cleaned_data["reason"], request.user.pk, clock.now()
    try:
        operations.retry_message(message_id=message_id, user_id=user_id, reason=reason, now=now)
    except webhook_inbox.NotParked as refusal:
        return _show(request, problem=refusal_message(refusal), status=CONFLICT)
    messages.success(request, _("The message will be tried again."))
    return redirect("desk_messages")


@for_staff(Act.PROCESSOR_MESSAGES)
@form_of("desk_messages")
def dismiss(request: StaffRequest, message_id: str) -> HttpResponse:
    """Dismiss a message that needs nothing."""
    form = ProcessorMessageForm(request.POST)
    if not form.is_valid():
        return _show(request, problem=str(form.errors["reason"][0]), status=422)
    reason, user_id, now = form.cleaned_data["reason"], request.user.pk, clock.now()
    try:
        operations.dismiss_message(message_id=message_id, user_id=user_id, reason=reason, now=now)
    except webhook_inbox.NotParked as refusal:
        return _show(request, problem=refusal_message(refusal), status=CONFLICT)
    messages.success(request, _("Message dismissed."))
    return redirect("desk_messages")


def _show(request: StaffRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    rows = webhook_inbox.parked(source=operations.INBOX)
    orders = Order.objects.in_bulk([one.payload.get("order_id", "") for one in rows])
    context = {
        "rows": [(one, orders.get(one.payload.get("order_id", ""))) for one in rows],
        "problem": problem,
    }
    return render(request, "desk/processor_messages.html", context, status=status)
