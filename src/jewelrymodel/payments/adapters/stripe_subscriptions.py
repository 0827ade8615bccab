"""Subscriptions at the processor: looked at, told to renew or to stop."""

from datetime import UTC, datetime

import stripe

from jewelrymodel.payments.adapters.stripe_charges import seen_charge
from jewelrymodel.payments.adapters.stripe_client import asked, client, id_at, instant_at, optional
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
        found = asked(
            lambda: self._api.subscriptions.retrieve(subscription_id), right="subscription_read"
        )
        listed = asked(
            lambda: self._api.invoices.list({"subscription": subscription_id, "limit": 100}),
            right="invoice_read",
        )
        invoices = sorted(listed.data, key=lambda invoice: invoice.created)
        return SeenSubscription(
            id=found.id,
            customer_id=id_at(found, "customer"),
            order_id=optional(found, str, "metadata", ORDER_ID) or "",
            standing=_standing(found.status),
            renews=not found.cancel_at_period_end and found.status != "canceled",
            ended_at=instant_at(found, "ended_at"),
            invoices=tuple(self._invoice(invoice) for invoice in invoices),
        )

    def subscription_of_invoice(self, invoice_id: str) -> str:
        """See ``gateway.Subscriptions``."""
        invoice = asked(lambda: self._api.invoices.retrieve(invoice_id), right="invoice_read")
        return id_at(invoice, "parent", "subscription_details", "subscription")

    def end(self, subscription_id: str) -> None:
        """See ``gateway.Subscriptions``."""
        asked(lambda: self._api.subscriptions.cancel(subscription_id), right="subscription_write")

    def set_renewing(self, subscription_id: str, *, renews: bool) -> None:
        """See ``gateway.Subscriptions``."""
        asked(
            lambda: self._api.subscriptions.update(
                subscription_id, {"cancel_at_period_end": not renews}
            ),
            right="subscription_write",
        )

    def _invoice(self, invoice: stripe.Invoice) -> SeenInvoice:
        invoice_id = optional(invoice, str, "id") or ""
        paid = optional(invoice, str, "status") == "paid"
        starts, ends = _period(invoice)
        return SeenInvoice(
            id=invoice_id,
            paid=paid,
            is_first=optional(invoice, str, "billing_reason") == _FIRST,
            period_starts_at=_instant(starts),
            period_ends_at=_instant(ends),
            amount_minor=invoice.total,
            currency=invoice.currency.upper(),
            created_at=_instant(invoice.created),
            charge=self._charge(invoice_id) if paid else None,
        )

    def _charge(self, invoice_id: str) -> SeenCharge | None:
        payments = asked(
            lambda: self._api.invoice_payments.list(
                {"invoice": invoice_id, "status": "paid", "expand": _EXPANDED_INTENT}
            ),
            right="invoice_read",
        )
        for payment in payments.data:
            intent = optional(payment, stripe.PaymentIntent, "payment", "payment_intent")
            if intent is not None:
                return seen_charge(intent)
        return None


def _period(invoice: stripe.Invoice) -> tuple[int, int]:
    """The time that the first line bills; an invoice without lines has its own."""
    for line in invoice.lines.data:
        return line.period.start, line.period.end
    return invoice.period_start, invoice.period_end


def _standing(said: str) -> Standing:
    try:
        return Standing(said)
    except ValueError:
        return Standing.UNKNOWN


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
