"""What an order's page offers about refunds by bank transfer, as its records stand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import (
    HoldReason,
    OrderState,
    PayoutWay,
    RefundState,
    TransferObstacle,
)
from jewelrymodel.web.desk.bank_transfer_forms import PaymentForm, PayoutReasonForm, TransferForm


@dataclass(frozen=True)
class Filled:
    """A form as it was sent: of which act, and about which charge or refund."""

    act: str
    about: str
    form: forms.Form


@dataclass(frozen=True)
class TransferAction:
    """An act that is offered: its address, title, what follows, its form, and what is sent with it.

    *amount_minor* with *currency* is what it is about.
    """

    name: str
    page: str
    title: str | Promise
    hint: str | Promise
    button: str | Promise
    hidden: dict[str, str]
    form: forms.Form
    amount_minor: int
    currency: str


def transfer_actions(
    order: Order, charges: Iterable[Charge], refunds: Iterable[Refund], filled: Filled | None
) -> list[TransferAction]:
    """Return what can be done now: recording a renewal's payment, choosing the way where a refund
    failed, recording a transfer that waits or canceling it, and that one came back. With what was
    *filled* in.
    """
    charges, refunds = list(charges), list(refunds)
    is_without = order.held_code == HoldReason.INVOICE_WITHOUT_CHARGE and not charges
    if order.state == OrderState.REQUIRES_REVIEW and is_without:
        form, about = PaymentForm(auto_id=f"payment-{order.pk}_%s"), {"order": order.pk}
        paid = about, order.total_minor, order.currency
        return [_with(_action("payment", "desk_record_payment", _PAID, form, *paid), filled)]
    of_id = {charge.pk: charge for charge in charges}
    chosen = [one for charge in charges for one in _choices(charge, refunds)]
    ends = [one for refund in refunds for one in _ends(refund, of_id[refund.charge_id])]
    return [_with(one, filled) for one in (*chosen, *ends)]


def _choices(charge: Charge, refunds: list[Refund]) -> list[TransferAction]:
    of_it = [one for one in refunds if one.charge_id == charge.pk]
    is_fixed = charge.is_elsewhere or not charge.kept_minor
    if is_fixed or any(one.is_open for one in of_it):
        return []
    hidden = {"charge": charge.pk}
    form = PayoutReasonForm(auto_id=f"choose-{charge.pk}_%s")
    about = form, hidden, charge.kept_minor, charge.currency
    if charge.payout_way == PayoutWay.TRANSFER:
        hidden["way"] = PayoutWay.PROCESSOR.value
        return [_action("choose", "desk_choose_payout", _BACK, *about)]
    if not queries.a_refund_failed(charge_id=charge.pk):
        return []
    hidden["way"] = PayoutWay.TRANSFER.value
    return [_action("choose", "desk_choose_payout", _CHOOSE, *about)]


def _ends(refund: Refund, charge: Charge) -> list[TransferAction]:
    """How a transfer ends; one that must not be sent is canceled, or was sent anyway."""
    if not refund.is_transfer:
        return []
    sent = {"refund": refund.pk}, refund.amount_minor, refund.currency
    if refund.is_open:
        obstacle = queries.transfer_obstacle(refund, charge)
        if obstacle is not None:
            return _ends_of_obstructed(refund, obstacle)
        record = TransferForm(auto_id=f"record-{refund.pk}_%s")
        cancel = PayoutReasonForm(auto_id=f"cancel-{refund.pk}_%s")
        return [
            _action("record", "desk_record_transfer", _RECORD, record, *sent),
            _action("cancel", "desk_cancel_transfer", _CANCEL, cancel, *sent),
        ]
    if refund.state != RefundState.SUCCEEDED:
        return []
    form = PayoutReasonForm(auto_id=f"return-{refund.pk}_%s")
    return [_action("return", "desk_return_transfer", _RETURN, form, *sent)]


def _ends_of_obstructed(refund: Refund, obstacle: TransferObstacle) -> list[TransferAction]:
    why = _OBSTACLES[obstacle]
    cancel = PayoutReasonForm(auto_id=f"cancel-{refund.pk}_%s")
    record = TransferForm(auto_id=f"record-{refund.pk}_%s")
    title, hint, button = _CANCEL
    words = title, format_lazy("{} {}", why, hint), button
    about, sent = {"refund": refund.pk}, (refund.amount_minor, refund.currency)
    return [
        _action("cancel", "desk_cancel_transfer", words, cancel, about, *sent),
        _action("record", "desk_record_transfer", _ANYWAY, record, about | {"anyway": "1"}, *sent),
    ]


_Words = tuple[str | Promise, str | Promise, str | Promise]


def _action(
    name: str,
    page: str,
    words: _Words,
    form: forms.Form,
    hidden: dict[str, str],
    amount_minor: int,
    currency: str,
) -> TransferAction:
    return TransferAction(name, page, *words, hidden, form, amount_minor, currency)


def _with(action: TransferAction, filled: Filled | None) -> TransferAction:
    is_it = filled and filled.act == action.name and filled.about in action.hidden.values()
    return replace(action, form=filled.form) if filled and is_it else action


_PAID: _Words = (
    _("Record a payment made to us directly"),
    _(
        "For a renewal whose invoice was noted as paid outside the payment processor. Its amount "
        "is the invoice’s. Then deliver the order; a refund of it goes by bank transfer."
    ),
    _("Record payment"),
)
_CHOOSE: _Words = (
    _("Refund by bank transfer instead"),
    _(
        "A refund of this charge failed. Ask the customer for their bank details in the request, "
        "choose this, then decide the refund on the request as usual. Don’t keep bank details here."
    ),
    _("Use bank transfer"),
)
_BACK: _Words = (
    _("Refund to the original payment method again"),
    _("Refunds of this charge go by bank transfer now."),
    _("Use original payment method"),
)
_RECORD: _Words = (
    _("Record the bank transfer"),
    _("Send it first. The refund is then booked once, and the customer is emailed."),
    _("Record transfer"),
)
_OBSTACLES = {
    TransferObstacle.DISPUTED: _(
        "Don’t send it: the bank is disputing this charge and may take the money itself. You can "
        "wait until the bank decides."
    ),
    TransferObstacle.LESS_KEPT: _(
        "Don’t send it: this charge no longer keeps that much. It was refunded at the payment "
        "processor, or lost in a dispute."
    ),
}
_ANYWAY: _Words = (
    _("It was sent already"),
    _(
        "Record it only if the money has left our bank. The customer is emailed. What was paid "
        "back beyond the payment is shown here, and a request is opened about it."
    ),
    _("Record transfer sent"),
)
_CANCEL: _Words = (
    _("Cancel: it won’t be sent"),
    _("Nothing is booked. Suspended credits are free again, and the request is open again."),
    _("Cancel transfer"),
)
_RETURN: _Words = (
    _("The bank sent the transfer back"),
    _("The refund counts as not paid again, and credits that it removed are restored."),
    _("Record the return"),
)
