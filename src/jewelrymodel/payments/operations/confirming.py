"""The durable confirmation: a mail with the receipt, because a withdrawal right hangs on it."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.infra import mail
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Order


def confirm_order(*, order_id: str, now: datetime) -> bool:
    """Mail the receipt of a delivered order and note when; return whether a mail was sent.

    Sent before it is noted: a crash in between repeats the mail rather than losing it. Raises what
    the mail server's connection raises.
    """
    order = Order.objects.select_related("receipt", "product_version").get(pk=order_id)
    if order.delivered_at is None or order.confirmed_at is not None:
        return False
    receipt = order.receipt
    letter = mail.compose(
        to=order.buyer_email,
        subject=_("Receipt %(receipt)s: %(credits)s credits were added")
        % {"receipt": receipt.label, "credits": order.product_version.credits},
        text=render_to_string("payments/receipt_mail.txt", {"order": order, "receipt": receipt}),
    )
    letter.attach(f"{receipt.label}.pdf", render_receipt(receipt), "application/pdf")
    letter.send()
    Order.objects.filter(pk=order_id, confirmed_at__isnull=True).update(confirmed_at=now)
    return True
