"""Resolving a held order at the desk: delivered, refunded or closed, with a reason, each once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.support import operations
from jewelrymodel.support.statuses import ReviewAct
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.order_review_forms import OrderReviewForm
from jewelrymodel.web.desk.orders import review_form, show_order
from jewelrymodel.web.desk.refusal_messages import (
    CONFLICT,
    NOT_DECIDED,
    UNAVAILABLE,
    refusal_message,
)
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

_REFUSALS = (
    OwnAccount,
    operations.AlreadyConfirmed,
    deciding.AlreadyRemedied,
    deciding.FactsMoved,
    deciding.LessThanPromised,
    deciding.LessThanTheLaw,
    deciding.RemedyUnfit,
    deciding.TermsNotAtHand,
    operations.CaseOver,
    operations.DecisionUnderWay,
    operations.SamePerson,
    operations.SeveralGrounds,
    payments.RefundTooLarge,
    payments.ReviewRefused,
)


@for_staff(Act.HELD_ORDERS)
@form_of("desk_order")
def deliver(request: StaffRequest, order_id: str) -> HttpResponse:
    """Deliver a held order for what was charged."""
    return _resolve(request, order_id, ReviewAct.DELIVER)


@for_staff(Act.HELD_ORDERS)
@form_of("desk_order")
def refund(request: StaffRequest, order_id: str) -> HttpResponse:
    """Refund what is left of a held order's charge, and close it."""
    return _resolve(request, order_id, ReviewAct.REFUND)


@for_staff(Act.HELD_ORDERS)
@form_of("desk_order")
def close(request: StaffRequest, order_id: str) -> HttpResponse:
    """Close a held order on which no payment is left."""
    return _resolve(request, order_id, ReviewAct.CLOSE)


def _resolve(request: StaffRequest, order_id: str, act: ReviewAct) -> HttpResponse:
    or_404(lambda: Order.objects.get(pk=order_id))
    form = review_form(act, request.POST)
    if not form.is_valid():
        return show_order(request, order_id, {act: form}, status=422)
    try:
        if act is ReviewAct.CLOSE:
            messages.success(request, _close(request, order_id, form))
        else:
            _confirm(request, order_id, act, form)
    except _REFUSALS as refusal:
        form.add_error(None, refusal_message(refusal))
        return show_order(request, order_id, {act: form}, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        form.add_error(None, str(NOT_DECIDED))
        return show_order(request, order_id, {act: form}, status=UNAVAILABLE)
    return redirect("desk_order", order_id=order_id)


def _close(request: StaffRequest, order_id: str, form: OrderReviewForm) -> str:
    operations.close_order(
        order_id=order_id,
        reason=form.cleaned_data["reason"],
        user_id=request.user.pk,
        now=clock.now(),
    )
    return _("Order closed. Nothing was charged or refunded.")


def _confirm(request: StaffRequest, order_id: str, act: ReviewAct, form: OrderReviewForm) -> None:
    operations.confirm_order(
        order_id=order_id,
        act=act,
        signature=form.cleaned_data["signature"],
        reason=form.cleaned_data["reason"],
        user_id=request.user.pk,
        now=clock.now(),
        machine_clock=clock.real_now,
    )
