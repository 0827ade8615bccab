"""Bank transfers on the page of their order: refunds that are sent, payments that came."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import PayoutWay
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.bank_transfer_forms import PaymentForm, PayoutReasonForm, TransferForm
from jewelrymodel.web.desk.order_transfers import Filled
from jewelrymodel.web.desk.orders import show_order
from jewelrymodel.web.desk.refusal_messages import (
    CONFLICT,
    NOT_DECIDED,
    UNAVAILABLE,
    refusal_message,
)
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

_REFUSALS = (OwnAccount, payments.TransferRefused, payments.ReviewRefused)


@for_staff(Act.BANK_TRANSFERS)
@form_of("desk_order")
def choose(request: StaffRequest, order_id: str) -> HttpResponse:
    """Let the refunds of one of the order's charges go by bank transfer, or as it was paid."""
    charge = _charge(order_id, request.POST.get("charge", ""))
    way = PayoutWay.PROCESSOR if request.POST.get("way") == "processor" else PayoutWay.TRANSFER
    form = PayoutReasonForm(request.POST, auto_id=f"choose-{charge.pk}_%s")

    def act() -> None:
        payments.choose_payout(
            charge_id=charge.pk,
            way=way,
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
        )

    said = _(
        "Further refunds of this charge go by bank transfer. Decide the refund on its request."
    )
    if way is PayoutWay.PROCESSOR:
        said = _("Further refunds of this charge go to the original payment method.")
    return _done(request, order_id, Filled("choose", charge.pk, form), act, said)


@for_staff(Act.BANK_TRANSFERS)
@form_of("desk_order")
def record_payment(request: StaffRequest, order_id: str) -> HttpResponse:
    """Record that a held renewal was paid to us directly."""
    or_404(lambda: Order.objects.get(pk=order_id))
    form = PaymentForm(request.POST, auto_id=f"payment-{order_id}_%s")

    def act() -> None:
        payments.record_payment(
            order_id=order_id,
            reference=form.cleaned_data["reference"],
            paid_on=form.cleaned_data["paid_on"],
            user_id=request.user.pk,
            now=clock.now(),
        )

    said = _("Payment recorded. Deliver the order now, or refund it.")
    return _done(request, order_id, Filled("payment", order_id, form), act, said)


@for_staff(Act.BANK_TRANSFERS)
@form_of("desk_order")
def record(request: StaffRequest, order_id: str) -> HttpResponse:
    """Record that a refund was sent by bank transfer; *anyway*, where it should not have been."""
    refund = _refund(order_id, request.POST.get("refund", ""))
    form = TransferForm(request.POST, auto_id=f"record-{refund.pk}_%s")

    def act() -> None:
        payments.record_transfer(
            refund_id=refund.pk,
            amount_minor=form.amount_minor(refund.currency),
            reference=form.cleaned_data["reference"],
            sent_on=form.cleaned_data["sent_on"],
            user_id=request.user.pk,
            now=clock.now(),
            is_sent_anyway="anyway" in request.POST,
        )

    said = _("Transfer recorded. The customer is emailed.")
    return _done(request, order_id, Filled("record", refund.pk, form), act, said)


@for_staff(Act.BANK_TRANSFERS)
@form_of("desk_order")
def cancel(request: StaffRequest, order_id: str) -> HttpResponse:
    """Cancel a bank transfer that wasn't sent; its request is open again."""
    said = _("Transfer canceled. Nothing was sent, and the request is open again.")
    return _end(request, order_id, "cancel", payments.cancel_transfer, said)


@for_staff(Act.BANK_TRANSFERS)
@form_of("desk_order")
def send_back(request: StaffRequest, order_id: str) -> HttpResponse:
    """Record that the bank sent a transfer back; its request is open again."""
    said = _("Recorded. The money is booked as kept again, and the request is open again.")
    return _end(request, order_id, "return", payments.return_transfer, said)


def _end(
    request: StaffRequest, order_id: str, name: str, operation: Callable[..., Refund], said: str
) -> HttpResponse:
    refund = _refund(order_id, request.POST.get("refund", ""))
    form = PayoutReasonForm(request.POST, auto_id=f"{name}-{refund.pk}_%s")

    def act() -> None:
        operation(
            refund_id=refund.pk,
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
        )

    return _done(request, order_id, Filled(name, refund.pk, form), act, said)


def _done(
    request: StaffRequest, order_id: str, filled: Filled, act: Callable[[], None], said: str
) -> HttpResponse:
    """Do what a valid form says; what is refused is shown in it, with what was typed."""
    form = filled.form
    if not form.is_valid():
        return show_order(request, order_id, transfer=filled, status=422)
    try:
        act()
    except _REFUSALS as refusal:
        form.add_error(None, refusal_message(refusal))
        return show_order(request, order_id, transfer=filled, status=CONFLICT)
    except (ProcessorDown, ProcessorRefused):
        form.add_error(None, str(NOT_DECIDED))
        return show_order(request, order_id, transfer=filled, status=UNAVAILABLE)
    messages.success(request, said)
    return redirect("desk_order", order_id=order_id)


def _charge(order_id: str, charge_id: str) -> Charge:
    return or_404(lambda: Charge.objects.get(order=order_id, pk=charge_id))


def _refund(order_id: str, refund_id: str) -> Refund:
    return or_404(lambda: Refund.objects.get(charge__order=order_id, pk=refund_id))
