"""How far a refund has got, for its buyer, by the way it was paid."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jewelrymodel.infra import formats
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.payment_methods import CARD
from jewelrymodel.payments.statuses import PayoutWay, RefundState

_RESTORED = gettext_lazy("The credits that it took are back in your account")


def refund_words(refund: Refund) -> str:
    """Return how far money is on its way back; "refunded" only once it is (edge 15)."""
    amount, charge = formats.money(refund.amount_minor, refund.currency), refund.charge
    if refund.is_transfer:
        return _transfer_words(refund, amount)
    match refund.state:
        case RefundState.SUCCEEDED:
            day = formats.day(refund.settled_at) if refund.settled_at else ""
            return _succeeded(charge) % {"amount": amount, "day": day, "method": charge.paid_with}
        case RefundState.FAILED | RefundState.CANCELED:
            words = _failed(charge) % {"amount": amount, "method": charge.paid_with}
            return f"{words}. {_RESTORED}" if _gave_credits_back(refund) else words
        case RefundState.REQUIRES_ACTION:
            words = _(
                "Refund of %(amount)s waiting for your bank details; please follow the email from "
                "our payment processor"
            )
        case _open if refund.refusal:
            words = _("Refund of %(amount)s delayed; we’re sorry, our team is working on it")
        case RefundState.INTENDED:
            return intended_words(amount, charge)
        case _submitted if charge.method == CARD:
            words = _("Refund of %(amount)s sent; your bank hasn’t confirmed it yet")
        case _submitted:
            words = _("Refund of %(amount)s sent; it hasn’t been confirmed yet")
    return words % {"amount": amount}


def _transfer_words(refund: Refund, amount: str) -> str:
    match refund.state:
        case RefundState.SUCCEEDED:
            day = formats.day(refund.transferred_on) if refund.transferred_on else ""
            words = _(
                "%(amount)s sent to your bank account on %(day)s (reference %(reference)s); it may "
                "take a few days to appear"
            )
            return words % {"amount": amount, "day": day, "reference": refund.transfer_reference}
        case RefundState.FAILED:
            words = _("%(amount)s came back from your bank; we’ll contact you") % {"amount": amount}
            return f"{words}. {_RESTORED}" if _gave_credits_back(refund) else words
        case RefundState.CANCELED:
            return _("The bank transfer of %(amount)s was canceled; we’ll contact you") % {
                "amount": amount
            }
        case _open:
            words = _("%(amount)s will be sent to your bank account; we’ll email you once it is")
            return words % {"amount": amount}


def _gave_credits_back(refund: Refund) -> bool:
    """Whether it had succeeded, and taken credits, before it failed."""
    return refund.revokes_credits and ledger.was_restored(refund.account_id, refund.pk)


def took_credits(refund: Refund) -> bool:
    """Return whether a refund that was made took credits, or is going to once no task holds any."""
    if not refund.revokes_credits or refund.state != RefundState.SUCCEEDED:
        return False
    cause = Cause(CauseKind.REFUND, refund.pk)
    return ledger.was_revoked(refund.account_id, refund.pk) or ledger.is_suspended_for(
        refund.account_id, cause
    )


def intended_words(amount: str, charge: Charge | None) -> str:
    """Return that *amount* will be sent back the way that *charge* was paid."""
    if charge is not None and charge.payout_way == PayoutWay.TRANSFER:
        return _("%(amount)s will be refunded to you by bank transfer") % {"amount": amount}
    if charge is None or not charge.paid_with:
        return _("%(amount)s will be refunded to you") % {"amount": amount}
    if charge.method == CARD:
        return _("%(amount)s will be refunded to your card") % {"amount": amount}
    words = _("%(amount)s will be refunded to you through %(method)s")
    return words % {"amount": amount, "method": charge.paid_with}


def _succeeded(charge: Charge) -> str:
    if charge.method == CARD:
        return _(
            "%(amount)s refunded to your card on %(day)s; allow 5–10 days for your bank to show it"
        )
    if charge.paid_with:
        return _(
            "%(amount)s refunded through %(method)s on %(day)s; it may take a few days to appear"
        )
    return _("%(amount)s refunded on %(day)s; it may take a few days to appear")


def _failed(charge: Charge) -> str:
    if charge.method == CARD:
        return _("%(amount)s couldn’t be refunded to your card; we’ll contact you")
    if charge.paid_with:
        return _("%(amount)s couldn’t be refunded through %(method)s; we’ll contact you")
    return _("%(amount)s couldn’t be refunded; we’ll contact you")
