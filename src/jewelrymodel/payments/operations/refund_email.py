"""Telling a customer of money that went back to them without a decision of ours."""

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages, mail
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.payments import queries
from jewelrymodel.payments.credit_note_text import credit_note_words
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.refund_status import refund_words, took_credits
from jewelrymodel.payments.statuses import OrderState, RefundState


def tell_refunded(*, refund_id: str) -> bool:
    """Mail how a refund that was made at the processor ended; return whether a mail was sent.

    Each end once: it may fail after it succeeded. Quiet about a refund that a decision made, and
    about the last one of an order that a person reviews: their customers are told by the case. Sent
    before it is noted: a crash in between repeats the mail rather than losing it.
    """
    with locked_in_transaction(f"payments.tell_refunded:{refund_id}"):
        refund = Refund.objects.select_related("charge__order__product_version").get(pk=refund_id)
        if not refund.is_adopted or refund.is_open or refund.told_state == refund.state:
            return False
        if _is_told_by_case(refund.charge.order):
            return False
        with languages.speaking(accounts.language_of(account_id=refund.account_id)):
            _send(refund)
        Refund.objects.filter(pk=refund_id).update(told_state=refund.state)
    return True


def _is_told_by_case(order: Order) -> bool:
    """Whether all that a held order was charged went back: its case says so, once (support)."""
    is_held = order.state == OrderState.REQUIRES_REVIEW
    left = Charge.objects.filter(Q(kept_minor__gt=0) | Q(lost_minor__gt=0), order=order)
    return is_held and not left.exists()


def _send(refund: Refund) -> None:
    order = refund.charge.order
    subject = _("Refund of %(amount)s for order %(order)s")
    if refund.state != RefundState.SUCCEEDED:
        subject = _("Your refund of %(amount)s for order %(order)s failed")
    note = queries.credit_note_of_refund(refund_id=refund.pk)
    amount = formats.money(refund.amount_minor, refund.currency)
    words = {
        "refund": refund,
        "order": order,
        "status": refund_words(refund),
        "took_credits": took_credits(refund),
        "credit_note": credit_note_words(note) if note else "",
        "url": f"{settings.PUBLIC_URL}/billing",
    }
    mail.compose(
        to=order.buyer_email,
        subject=subject % {"amount": amount, "order": order.label},
        text=render_to_string("payments/refund_mail.txt", words),
        reference=f"refund-{refund.pk}",
    ).send()
