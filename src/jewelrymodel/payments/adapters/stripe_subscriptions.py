"""Subscriptions at the processor: looked at, told to renew or to stop."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal, TypeVar

import stripe

from jewelrymodel.payments.adapters.stripe_charges import (
    decline_of,
    intent_status,
    processor_charge,
)
from jewelrymodel.payments.adapters.stripe_client import (
    asked,
    client,
    created_within,
    id_at,
    instant_at,
    optional,
)
from jewelrymodel.payments.adapters.stripe_refunds import with_refunds
from jewelrymodel.payments.adapters.stripe_tax import invoice_tax
from jewelrymodel.payments.gateway import Subscriptions
from jewelrymodel.payments.processor_objects import (
    InvoiceStatus,
    ListedCustomer,
    ListedSubscription,
    ProcessorCharge,
    ProcessorInvoice,
    ProcessorSubscription,
    RenewalCard,
    SubscriptionStatus,
)
from jewelrymodel.payments.rules.processor_amounts import received

T = TypeVar("T")
ORDER_ID = "order_id"
_EXPANDED_INTENT = ["data.payment.payment_intent.latest_charge"]
_HAS_PAYMENT: dict[InvoiceStatus, Literal["open", "paid"]] = {
    InvoiceStatus.OPEN: "open",
    InvoiceStatus.PAID: "paid",
}
_PAID_ELSEWHERE = "amount_paid_off_stripe"
_METHODS = ("default_payment_method", "customer.invoice_settings.default_payment_method")
"""What renewals are charged to: the first that there is."""
_FIRST = "subscription_create"
_CHANGE = "subscription_update"
_OVER = ("canceled", "incomplete_expired")


def subscriptions() -> Subscriptions:
    """Return the processor that the settings name."""
    return StripeSubscriptions(client())


class StripeSubscriptions:
    """``gateway.Subscriptions`` for Stripe's API."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client, self._api = client, client.v1

    def retrieve_subscription(
        self, subscription_id: str, *, booked: Collection[str] = ()
    ) -> ProcessorSubscription:
        """See ``gateway.Subscriptions``."""
        subscription = asked(
            lambda: self._api.subscriptions.retrieve(subscription_id), right="subscription_read"
        )
        listed = asked(
            lambda: self._api.invoices.list({"subscription": subscription_id, "limit": 100}),
            right="invoice_read",
        )
        invoices = sorted(listed.data, key=lambda invoice: invoice.created)
        return ProcessorSubscription(
            id=subscription.id,
            customer_id=id_at(subscription, "customer"),
            order_id=optional(subscription, str, "metadata", ORDER_ID) or "",
            status=_status(subscription.status),
            renews=_renews(subscription),
            ended_at=instant_at(subscription, "ended_at"),
            invoices=tuple(self._invoice(invoice, booked) for invoice in invoices),
            canceled_at=instant_at(subscription, "canceled_at"),
            uncollected=_is_uncollected(subscription),
        )

    def renewal_card(self, subscription_id: str) -> RenewalCard | None:
        """See ``gateway.Subscriptions``: the subscription's own method, else the customer's."""
        subscription = asked(
            lambda: self._api.subscriptions.retrieve(subscription_id, {"expand": list(_METHODS)}),
            right="subscription_read",
        )
        paths = (one.split(".") for one in _METHODS)
        methods = (optional(subscription, stripe.StripeObject, *path) for path in paths)
        method = next((one for one in methods if one is not None), None)
        year = optional(method, int, "card", "exp_year")
        month = optional(method, int, "card", "exp_month")
        if not year or not month:
            return None
        brand, last4 = (
            optional(method, str, "card", "brand"),
            optional(method, str, "card", "last4"),
        )
        return RenewalCard(brand or "", last4 or "", year, month)

    def list_subscriptions(self) -> Iterator[list[ListedSubscription]]:
        """See ``gateway.Subscriptions``; a hundred of them a call."""
        wanted: stripe.params.SubscriptionListParams = {"limit": 100}
        while True:
            page = asked(partial(self._api.subscriptions.list, wanted), right="subscription_read")
            yield [_listed(one) for one in page.data]
            if not page.has_more:
                return
            wanted = {"limit": 100, "starting_after": page.data[-1].id}

    def list_customers(self, since: datetime, before: datetime) -> Iterator[list[ListedCustomer]]:
        """See ``gateway.Subscriptions``; a hundred of them a call."""
        made: stripe.params.CustomerListParams = {
            "created": created_within(since, before),
            "limit": 100,
        }
        wanted = made
        while True:
            page = asked(partial(self._api.customers.list, wanted), right="customer_read")
            yield [ListedCustomer(one.id, optional(one, str, "email") or "") for one in page.data]
            if not page.has_more:
                return
            wanted = {**made, "starting_after": page.data[-1].id}

    def subscription_of_payment(self, intent_id: str) -> str:
        """See ``gateway.Subscriptions``. A payment names its invoice only by their link."""
        links = asked(
            lambda: self._api.invoice_payments.list(
                {"payment": {"type": "payment_intent", "payment_intent": intent_id}}
            ),
            right="invoice_read",
        )
        invoices = (id_at(one, "invoice") for one in links.data)
        return next((self.subscription_of_invoice(invoice_id) for invoice_id in invoices), "")

    def subscription_of_invoice(self, invoice_id: str) -> str:
        """See ``gateway.Subscriptions``."""
        invoice = asked(lambda: self._api.invoices.retrieve(invoice_id), right="invoice_read")
        return id_at(invoice, "parent", "subscription_details", "subscription")

    def paid_elsewhere(self, invoice_id: str) -> int:
        """See ``gateway.Subscriptions``. The mark of its former versions, ``paid_out_of_band``, is
        gone since 2025-03-31; this amount is there since 2026-05-27, for who expands it.
        """
        invoice = asked(
            lambda: self._api.invoices.retrieve(invoice_id, {"expand": [_PAID_ELSEWHERE]}),
            right="invoice_read",
        )
        return received(optional(invoice, int, _PAID_ELSEWHERE) or 0, invoice.currency)

    def invoice_page(self, invoice_id: str) -> str:
        """See ``gateway.Subscriptions``."""
        invoice = asked(lambda: self._api.invoices.retrieve(invoice_id), right="invoice_read")
        is_open = optional(invoice, str, "status") == InvoiceStatus.OPEN
        return (optional(invoice, str, "hosted_invoice_url") or "") if is_open else ""

    def payment_method_page(self, customer_id: str, *, return_url: str) -> str:
        """See ``gateway.Subscriptions``."""
        session = asked(
            lambda: self._api.billing_portal.sessions.create(
                {
                    "customer": customer_id,
                    "return_url": return_url,
                    "flow_data": {"type": "payment_method_update"},
                }
            ),
            right="customer_portal_write",
        )
        return session.url

    def cancel(self, subscription_id: str) -> None:
        """See ``gateway.Subscriptions``."""
        asked(lambda: self._api.subscriptions.cancel(subscription_id), right="subscription_write")

    def cancel_at_period_end(self, subscription_id: str, *, cancels: bool) -> None:
        """See ``gateway.Subscriptions``. An end by ``cancel_at`` alone is taken back by itself."""
        change: stripe.params.SubscriptionUpdateParams = {"cancel_at_period_end": cancels}
        if not cancels:
            subscription = asked(
                lambda: self._api.subscriptions.retrieve(subscription_id), right="subscription_read"
            )
            if optional(subscription, int, "cancel_at") and not subscription.cancel_at_period_end:
                change = {"cancel_at": ""}
        asked(
            lambda: self._api.subscriptions.update(subscription_id, change),
            right="subscription_write",
        )

    def _invoice(self, invoice: stripe.Invoice, booked: Collection[str]) -> ProcessorInvoice:
        invoice_id = optional(invoice, str, "id") or ""
        status = _word(InvoiceStatus, optional(invoice, str, "status"), InvoiceStatus.UNKNOWN)
        starts, ends = _period(invoice)
        is_known = status is InvoiceStatus.PAID and invoice_id in booked
        is_asked = status in _HAS_PAYMENT and not is_known
        intent = self._intent(invoice_id, status) if is_asked else None
        return ProcessorInvoice(
            id=invoice_id,
            status=status,
            is_advancing=optional(invoice, bool, "auto_advance") is True,
            is_first=optional(invoice, str, "billing_reason") == _FIRST,
            period_starts_at=_instant(starts),
            period_ends_at=_instant(ends),
            amount_minor=received(invoice.total, invoice.currency),
            currency=invoice.currency.upper(),
            created_at=_instant(invoice.created),
            charge=self._charge(invoice, intent)
            if intent and status is InvoiceStatus.PAID
            else None,
            tax_minor=received(_tax(invoice), invoice.currency),
            intent=intent_status(intent),
            decline=decline_of(intent),
            is_change=optional(invoice, str, "billing_reason") == _CHANGE,
            product=_product(invoice),
        )

    def _charge(
        self, invoice: stripe.Invoice, intent: stripe.PaymentIntent
    ) -> ProcessorCharge | None:
        charge = with_refunds(self._client, processor_charge(intent))
        return charge and replace(charge, tax=invoice_tax(self._client, invoice))

    def _intent(self, invoice_id: str, status: InvoiceStatus) -> stripe.PaymentIntent | None:
        """The payment that paid an invoice, or that is to."""
        payments = asked(
            lambda: self._api.invoice_payments.list(
                {"invoice": invoice_id, "status": _HAS_PAYMENT[status], "expand": _EXPANDED_INTENT}
            ),
            right="invoice_read",
        )
        for payment in payments.data:
            intent = optional(payment, stripe.PaymentIntent, "payment", "payment_intent")
            if intent is not None:
                return intent
        return None


def _listed(one: stripe.Subscription) -> ListedSubscription:
    return ListedSubscription(
        id=one.id,
        customer_id=id_at(one, "customer"),
        order_id=optional(one, str, "metadata", ORDER_ID) or "",
        status=_status(one.status),
        renews=_renews(one),
        made_at=_instant(one.created),
        collects=optional(one, stripe.StripeObject, "pause_collection") is None,
    )


def _period(invoice: stripe.Invoice) -> tuple[int, int]:
    """The time that the first line bills; an invoice without lines has its own."""
    for line in invoice.lines.data:
        return line.period.start, line.period.end
    return invoice.period_start, invoice.period_end


def _product(invoice: stripe.Invoice) -> str:
    """What its last line bills: of a change that is the new plan, its unused time comes first."""
    lines = invoice.lines.data
    return id_at(lines[-1], "pricing", "price_details", "product") if lines else ""


def _tax(invoice: stripe.Invoice) -> int:
    taxes = optional(invoice, list, "total_taxes") or []
    return sum(optional(tax, int, "amount") or 0 for tax in taxes)


def _renews(subscription: stripe.Subscription) -> bool:
    """Whether another period is billed: not where its end comes with, or before, this one's."""
    if subscription.status in _OVER or subscription.cancel_at_period_end:
        return False
    runs_until = max((item.current_period_end for item in subscription["items"].data), default=0)
    ends_at = optional(subscription, int, "cancel_at")
    return ends_at is None or ends_at > runs_until


def _is_uncollected(subscription: stripe.Subscription) -> bool | None:
    """Whether it ended because nobody paid; None where the processor doesn't say why."""
    reason = optional(subscription, str, "cancellation_details", "reason")
    return None if reason is None else reason == "payment_failed"


def _status(word: str) -> SubscriptionStatus:
    return _word(SubscriptionStatus, word, SubscriptionStatus.UNKNOWN)


def _word(words: type[T], word: str | None, unknown: T) -> T:
    try:
        return words(word)  # type: ignore[call-arg]  # both are enumerations of words
    except ValueError:
        return unknown


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
