"""The processor's payment page for an order: asked for under the order's own key, then noted."""

from django.db import connection

from jewelrymodel.catalog.products import ProductKind
from jewelrymodel.payments.adapters.stripe_processor import processor
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.processor_objects import CheckoutRequest
from jewelrymodel.payments.statuses import OrderState

_STATES = {"draft": OrderState.DRAFT, "awaiting": OrderState.AWAITING_PAYMENT}
_NOTE_PAGE = """
UPDATE payments_order SET
    session_id = coalesce(session_id, %(page)s),
    session_url = CASE WHEN session_id IS NULL THEN %(url)s ELSE session_url END,
    state = CASE WHEN state = %(draft)s THEN %(awaiting)s ELSE state END
WHERE id = %(order)s RETURNING session_id, session_url, state
"""
"""Two may have asked under the same key: the page that was noted first stays."""


def open_payment_page(order: Order) -> Order:
    """Return the order with its payment page, asking the processor where it has none yet.

    A crash or a lost answer in between is healed by repeating: the request is built from the row
    alone and goes under the row's key. Raises ProcessorDown and ProcessorRefused.
    """
    if order.session_id is None:
        opened = processor().create_checkout(_request(order))
        with connection.cursor() as cursor:
            cursor.execute(
                _NOTE_PAGE,
                {"page": opened.session_id, "url": opened.url, "order": order.pk, **_STATES},
            )
            order.session_id, order.session_url, order.state = cursor.fetchone()
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
        customer_id=order.processor_customer_id,
        tax_behavior=order.tax_behavior,
        renews_monthly=order.product_version.kind == ProductKind.SUBSCRIPTION,
    )
