"""Why a refund or another remedy failed, in sentences; its row keeps only a code."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.rules import LESS_IS_LEFT, NOT_PAYABLE
from jewelrymodel.remedies.operations import DeliveredSince, Undelivered

_SENTENCES = {
    # Ours
    DeliveredSince.code: _("The order was delivered after this decision. Nothing was refunded."),
    Undelivered.NO_ORDER: _("No order was named."),
    Undelivered.PAYMENT_UNKNOWN: _("The payment processor doesn’t know this order’s payment."),
    Undelivered.NOT_DELIVERABLE: _("The order couldn’t be delivered; see its status."),
    payments.RefundTooLarge.code: _("That is more than is left of the charge."),
    payments.NoSuchCharge.code: _("This account has no such charge."),
    payments.NotHeld.code: _("The order is no longer held for review; see its status."),
    payments.NothingKept.code: _("No payment is left on this order, so it can’t be delivered."),
    payments.MoneyKept.code: _("This order still has a payment."),
    payments.BeingRefunded.code: _("A refund of this order is in progress."),
    payments.PeriodOver.code: _("The paid billing period is unknown or over."),
    payments.ChangedElsewhere.code: _(
        "It was charged for a change made at the payment processor, which brings nothing here."
    ),
    payments.TRANSFER_CANCELED: _("The bank transfer was canceled before it was sent."),
    payments.TRANSFER_RETURNED: _("The bank sent the transfer back."),
    # The processor's, for a refund
    NOT_PAYABLE: _("The payment processor can’t move this amount in its currency; round it."),
    LESS_IS_LEFT: _("That is more than is left of the charge."),
    "charge_already_refunded": _("The charge was already refunded in full."),
    "charge_disputed": _("The bank is disputing the charge."),
    "charge_not_refundable": _("The charge can’t be refunded."),
    "refund_disputed_payment": _("The bank is disputing the charge."),
    "charge_for_pending_refund_disputed": _("The bank is disputing the charge."),
    "declined": _("The customer’s bank declined the refund."),
    "expired_or_canceled_card": _("The card has expired or was canceled."),
    "insufficient_funds": _("Our balance at the payment processor was too low."),
    "lost_or_stolen_card": _("The card was reported lost or stolen."),
    "merchant_request": _("We canceled this refund at the payment processor."),
    "unknown": _("The customer’s bank gave no reason."),
}


def failure_message(stored: str) -> str:
    """Return the sentence for a stored code; what a colleague wrote is shown as it is."""
    return str(_SENTENCES.get(stored, stored))
