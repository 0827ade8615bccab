"""The processor's payment page for an order: asked for under the order's own key, then noted."""

from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.processor_objects import CheckoutRequest
from jewelrymodel.payments.statuses import OrderState


def open_payment_page(order: Order) -> Order:
    """Return the order with its payment page, asking the processor where it has none yet.

    A crash or a lost answer in between is healed by repeating: the request is built from the row
    alone and goes under the row's key. Raises ProcessorDown and ProcessorRefused.
    """
    if order.session_id is None:
        opened = processor().create_checkout(_request(order))
        Order.objects.filter(pk=order.pk, session_id__isnull=True).update(
            session_id=opened.session_id, session_url=opened.url
        )
        Order.objects.filter(pk=order.pk, state=OrderState.DRAFT).update(
            state=OrderState.AWAITING_PAYMENT
        )
        order.refresh_from_db()
    return order


def _request(order: Order) -> CheckoutRequest:
    back = f"{order.return_origin}/billing/orders/{order.pk}/return"
    return CheckoutRequest(
        order_id=order.pk,
        order_label=order.label,
        product_name=order.product_version.name,
        amount_minor=order.total_minor,
        currency=order.currency,
        buyer_email=order.buyer_email,
        success_url=back,
        cancel_url=back,
        expires_at=order.payable_until_at,
        renews_monthly=order.product_version.kind == ProductKind.SUBSCRIPTION,
    )
