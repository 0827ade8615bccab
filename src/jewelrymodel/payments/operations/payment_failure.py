"""A bank debit that was returned: its plan ends at the processor, and its buyer is told."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.infra import formats, languages, mail
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.operations.order_settlement import settle_order
from jewelrymodel.payments.statuses import OrderState


def end_failed_order(*, order_id: str, now: datetime) -> bool:
    """Cancel what the order's payment had begun, look once more, and mail that it failed; return
    whether a mail was sent.

    The processor would try the debit again for a plan. What was paid meanwhile all the same is
    delivered, and nothing is mailed. Raises ProcessorDown and ProcessorRefused; it may be repeated.
    """
    order = Order.objects.get(pk=order_id)
    if order.state != OrderState.PAYMENT_FAILED:
        return False
    if order.processor_subscription_id:
        _end(order.processor_subscription_id)
        order = settle_order(order_id=order_id, now=now)
    if order.state != OrderState.PAYMENT_FAILED:
        return False
    with languages.speaking(accounts.language_of(account_id=order.account_id)):
        _send(order)
    return True


def _end(processor_subscription_id: str) -> None:
    """What has ended there already is missing there."""
    try:
        subscriptions().cancel(processor_subscription_id)
    except ProcessorRefused as refusal:
        if not refusal.is_missing:
            raise


def _send(order: Order) -> None:
    words = {
        "order": order,
        "is_plan": order.product_version.kind == ProductKind.SUBSCRIPTION,
        "total": formats.money(order.total_minor, order.currency),
        "url": f"{settings.PUBLIC_URL}/billing/orders/{order.pk}",
        "again": f"{settings.PUBLIC_URL}/checkout/{order.product_version.sku}",
    }
    mail.compose(
        to=order.buyer_email,
        subject=gettext("Your payment for order %(label)s didn’t go through")
        % {"label": order.label},
        text=render_to_string("payments/payment_failed_mail.txt", words),
        reference=f"payment-failed-{order.pk}",
    ).send()
