"""The durable confirmation: a mail with the receipt, because a withdrawal right hangs on it."""

from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages, mail
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.payments.tax_text import price_words

_CHARGED_WITHIN = timedelta(days=1)  # a renewal that is charged later had been declined before


def confirm_order(*, order_id: str, now: datetime) -> bool:
    """Mail the receipt of a delivered order and note when; return whether a mail was sent.

    Sent before it is noted: a crash in between repeats the mail rather than losing it; two at once
    send one. Raises what the mail server's connection raises.
    """
    with locked_in_transaction(f"payments.confirm_order:{order_id}"):
        orders = Order.objects.select_related("receipt", "product_version", "terms_edition")
        order = orders.select_related("subscription__product_version").get(pk=order_id)
        if order.delivered_at is None or order.confirmed_at is not None:
            return False
        with languages.speaking(accounts.language_of(account_id=order.account_id)):
            _send(order, now)
        Order.objects.filter(pk=order_id, confirmed_at__isnull=True).update(confirmed_at=now)
    return True


def _send(order: Order, now: datetime) -> None:
    receipt = order.receipt
    email = mail.compose(
        to=order.buyer_email,
        subject=_subject(order),
        text=render_to_string("payments/receipt_mail.txt", _words(order, now)),
        reference=f"receipt-{order.pk}",
    )
    email.attach(f"{receipt.label}.pdf", render_receipt(receipt), "application/pdf")
    email.send()


def _subject(order: Order) -> str:
    subject = _("Receipt %(receipt)s: %(total)s for %(name)s")
    if order.subscription is not None:
        subject = _("Receipt %(receipt)s: %(total)s, your %(name)s subscription was renewed")
        if _begins(order, order.subscription):
            subject = _("Receipt %(receipt)s: %(total)s, your %(name)s subscription has started")
        if order.is_change:
            subject = _("Receipt %(receipt)s: %(total)s, you’ve changed to %(name)s")
    return subject % {
        "receipt": order.receipt.label,
        "total": formats.money(order.receipt.total_minor, order.receipt.currency),
        "name": order.receipt.line["name"],
    }


def _words(order: Order, now: datetime) -> dict[str, object]:
    receipt = order.receipt
    charged_at = datetime.fromisoformat(receipt.payment["charged_at"])
    words = {
        "order": order,
        "receipt": receipt,
        "total": formats.money(receipt.total_minor, receipt.currency),
        "charged_at": charged_at,
        "url": f"{receipt.seller['url']}/billing",
        "withdraw_until": withdrawals.ends_at(order, paid_at=order.paid_at or charged_at),
    }
    return words | (_plan(order, order.subscription, charged_at, now) if order.subscription else {})


def _plan(
    order: Order, plan: Subscription, charged_at: datetime, now: datetime
) -> dict[str, object]:
    """What a month of a plan is: which one, whether paid late, and what it costs next and when."""
    starts_at, version = order.period_starts_at or charged_at, plan.renews_as
    return {
        "plan": plan,
        "begins": _begins(order, plan),
        "was_declined": not order.is_change and charged_at - starts_at > _CHARGED_WITHIN,
        "is_canceled": plan.cancel_requested_at is not None,
        "renews_at": plan.period_ends_at if plan.renews and plan.period_ends_at > now else None,
        "next_price": price_words(version.price_minor, version.currency, order.tax_behavior),
    }


def _begins(order: Order, plan: Subscription) -> bool:
    return order.period_starts_at == plan.started_at and not order.is_change
