"""Subscriptions at the processor: looked at, told to renew or to stop."""

from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.adapters.stripe_charges import seen_charge
from jewelrymodel.payments.adapters.stripe_client import asked, client, id_of
from jewelrymodel.payments.gateway import Subscriptions
from jewelrymodel.payments.values import SeenCharge, SeenInvoice, SeenSubscription, Standing

ORDER_ID = "order_id"
_EXPANDED_INTENT = ["data.payment.payment_intent.latest_charge"]
_FIRST = "subscription_create"


def subscriptions() -> Subscriptions:
    """Return the processor that the settings name."""
    return StripeSubscriptions(client())


class StripeSubscriptions:
    """``gateway.Subscriptions`` for Stripe's API."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._api = client.v1

    def see_subscription(self, subscription_id: str) -> SeenSubscription:
        """See ``gateway.Subscriptions``."""
        found = asked(lambda: self._api.subscriptions.retrieve(subscription_id))
        listed = asked(
            lambda: self._api.invoices.list({"subscription": subscription_id, "limit": 100})
        )
        invoices = sorted(listed.data, key=lambda invoice: invoice.created)
        return SeenSubscription(
            id=found.id,
            customer_id=id_of(found.customer),
            order_id=str(found.metadata.to_dict().get(ORDER_ID, "")) if found.metadata else "",
            standing=_standing(found.status),
            renews=not found.cancel_at_period_end and found.status != "canceled",
            ended_at=_instant(found.ended_at) if found.ended_at else None,
            invoices=tuple(self._invoice(invoice) for invoice in invoices),
        )

    def subscription_of_invoice(self, invoice_id: str) -> str:
        """See ``gateway.Subscriptions``."""
        invoice = asked(lambda: self._api.invoices.retrieve(invoice_id))
        details = invoice.parent.subscription_details if invoice.parent else None
        return id_of(details.subscription if details else None)

    def end(self, subscription_id: str) -> None:
        """See ``gateway.Subscriptions``."""
        asked(lambda: self._api.subscriptions.cancel(subscription_id))

    def set_renewing(self, subscription_id: str, *, renews: bool) -> None:
        """See ``gateway.Subscriptions``."""
        asked(
            lambda: self._api.subscriptions.update(
                subscription_id, {"cancel_at_period_end": not renews}
            )
        )

    def _invoice(self, invoice: stripe.Invoice) -> SeenInvoice:
        period = invoice.lines.data[0].period
        paid = invoice.status == "paid"
        return SeenInvoice(
            id=invoice.id or "",
            paid=paid,
            is_first=invoice.billing_reason == _FIRST,
            period_starts_at=_instant(period.start),
            period_ends_at=_instant(period.end),
            amount_minor=invoice.total,
            currency=invoice.currency.upper(),
            created_at=_instant(invoice.created),
            charge=self._charge(invoice.id or "") if paid else None,
        )

    def _charge(self, invoice_id: str) -> SeenCharge | None:
        payments = asked(
            lambda: self._api.invoice_payments.list(
                {"invoice": invoice_id, "status": "paid", "expand": _EXPANDED_INTENT}
            )
        )
        for payment in payments.data:
            intent = payment.payment.payment_intent
            if isinstance(intent, stripe.PaymentIntent):
                return seen_charge(intent)
        return None


def _standing(said: str) -> Standing:
    try:
        return Standing(said)
    except ValueError:
        return Standing.UNKNOWN


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
