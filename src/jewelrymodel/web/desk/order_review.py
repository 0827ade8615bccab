"""A held order at the desk: delivered, refunded or closed, with a reason, each exactly once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.infra import clock
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.support import operations
from jewelrymodel.support.statuses import ReviewAct
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.case_actions import CONFLICT
from jewelrymodel.web.desk.forms import ReviewForm
from jewelrymodel.web.desk.records import show_order
from jewelrymodel.web.responses import or_404

_REFUSALS = (
    deciding.AlreadyRemedied,
    deciding.FactsMoved,
    deciding.RemedyUnfit,
    operations.CaseOver,
    operations.DecisionUnderWay,
    payments.RefundTooLarge,
    payments.ReviewRefused,
)


@for_staff()
def review(request: StaffRequest, order_id: str) -> HttpResponse:
    """Do what the form says with a held order; whoever opens the address is led to the order."""
    or_404(lambda: Order.objects.get(pk=order_id))
    if request.method != "POST":
        return redirect("desk_order", order_id=order_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return show_order(request, order_id, form, status=422)
    try:
        messages.success(request, _act(request, order_id, form))
    except _REFUSALS as refusal:
        form.add_error(None, " ".join(_(str(refusal)).split()))
        return show_order(request, order_id, form, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        messages.info(request, _("The payment service can't be reached; nothing was lost."))
    return redirect("desk_order", order_id=order_id)


def _act(request: StaffRequest, order_id: str, form: ReviewForm) -> str:
    said, now = form.cleaned_data, clock.now()
    act = ReviewAct(said["do"])
    if act is ReviewAct.CLOSE:
        operations.close_order(
            order_id=order_id, reason=said["reason"], user_id=request.user.pk, now=now
        )
        return _("Closed. Nothing was charged or refunded by that.")
    decision = operations.decide_order(
        order_id=order_id,
        act=act,
        signature=said["signature"],
        reason=said["reason"],
        user_id=request.user.pk,
        now=now,
    )
    deciding.carry_out(decision_id=decision.pk, now=now)
    if remedies.waits_for_second(decision):
        return _("It waits for a colleague now: one person may not give so much.")
    return _("Decided. The customer is told by mail, step by step.")
