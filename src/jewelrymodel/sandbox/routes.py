"""Which address of the API is answered by what."""

from __future__ import annotations

import re

from jewelrymodel.sandbox.api_call import Handler, listing, retrieve
from jewelrymodel.sandbox.resources import (
    balance,
    billing_portal,
    catalog,
    charges,
    checkout_sessions,
    customers,
    disputes,
    invoices,
    payment_intents,
    plan_changes,
    refunds,
    subscriptions,
    tax_settings,
    webhook_endpoints,
)

_TABLE: list[tuple[str, str, Handler]] = [
    ("GET", "/balance", balance.retrieve),
    ("GET", "/balance_transactions", listing("balance_transaction", "source", "type", "currency")),
    ("GET", "/balance_transactions/:id", retrieve("balance_transaction")),
    ("POST", "/billing_portal/sessions", billing_portal.create),
    ("GET", "/charges", listing("charge", "customer", "payment_intent")),
    ("GET", "/charges/:id", retrieve("charge")),
    ("POST", "/charges/:id", charges.update),
    (
        "GET",
        "/checkout/sessions",
        listing("checkout.session", "customer", "payment_intent", "status", "subscription"),
    ),
    ("POST", "/checkout/sessions", checkout_sessions.create),
    ("GET", "/checkout/sessions/:id", retrieve("checkout.session")),
    ("POST", "/checkout/sessions/:id", checkout_sessions.update),
    ("POST", "/checkout/sessions/:id/expire", checkout_sessions.expire),
    ("GET", "/checkout/sessions/:id/line_items", checkout_sessions.items),
    ("GET", "/customers", customers.listing),
    ("POST", "/customers", customers.create),
    ("GET", "/customers/:id", customers.retrieve),
    ("DELETE", "/customers/:id", customers.delete),
    ("POST", "/customers/:id", customers.update),
    ("GET", "/disputes", listing("dispute", "charge", "payment_intent")),
    ("GET", "/disputes/:id", retrieve("dispute")),
    ("POST", "/disputes/:id", disputes.update),
    ("POST", "/disputes/:id/close", disputes.close),
    ("GET", "/events", listing("event", "type")),
    ("GET", "/events/:id", retrieve("event")),
    (
        "GET",
        "/invoice_payments",
        listing("invoice_payment", "invoice", "status", "payment.payment_intent", "payment.type"),
    ),
    ("GET", "/invoices", listing("invoice", "customer", "status", "subscription=_subscription")),
    ("GET", "/invoices/:id", retrieve("invoice")),
    ("POST", "/invoices/create_preview", plan_changes.preview),
    ("POST", "/invoices/:id/finalize", invoices.finalize_call),
    ("POST", "/invoices/:id/mark_uncollectible", subscriptions.mark_uncollectible),
    ("POST", "/invoices/:id/pay", subscriptions.pay_invoice),
    ("POST", "/invoices/:id/void", subscriptions.void_invoice),
    ("GET", "/payment_intents", listing("payment_intent", "customer")),
    ("POST", "/payment_intents", payment_intents.create),
    ("GET", "/payment_intents/:id", retrieve("payment_intent")),
    ("POST", "/payment_intents/:id", payment_intents.update),
    ("POST", "/payment_intents/:id/cancel", payment_intents.cancel),
    ("POST", "/payment_intents/:id/confirm", payment_intents.confirm),
    ("GET", "/payment_methods/:id", retrieve("payment_method")),
    ("GET", "/prices", catalog.list_prices),
    ("POST", "/prices", catalog.create_price),
    ("GET", "/prices/:id", retrieve("price")),
    ("POST", "/prices/:id", catalog.update_price),
    ("GET", "/products", listing("product")),
    ("POST", "/products", catalog.create_product),
    ("GET", "/products/:id", retrieve("product")),
    ("POST", "/products/:id", catalog.update_product),
    (
        "GET",
        "/radar/early_fraud_warnings",
        listing("radar.early_fraud_warning", "charge", "payment_intent"),
    ),
    ("GET", "/radar/early_fraud_warnings/:id", retrieve("radar.early_fraud_warning")),
    ("GET", "/refunds", listing("refund", "charge", "payment_intent")),
    ("POST", "/refunds", refunds.create),
    ("GET", "/refunds/:id", retrieve("refund")),
    ("POST", "/refunds/:id", refunds.update),
    ("GET", "/subscriptions", subscriptions.listing),
    ("GET", "/subscriptions/:id", retrieve("subscription")),
    ("POST", "/subscriptions/:id", subscriptions.update),
    ("DELETE", "/subscriptions/:id", subscriptions.cancel),
    ("GET", "/tax/settings", tax_settings.retrieve),
    ("GET", "/tax_rates", listing("tax_rate")),
    ("GET", "/tax_rates/:id", retrieve("tax_rate")),
    ("GET", "/webhook_endpoints", listing("webhook_endpoint")),
    ("POST", "/webhook_endpoints", webhook_endpoints.create),
    ("GET", "/webhook_endpoints/:id", retrieve("webhook_endpoint")),
    ("POST", "/webhook_endpoints/:id", webhook_endpoints.update),
    ("DELETE", "/webhook_endpoints/:id", webhook_endpoints.delete),
]

_ROUTES = [
    (method, re.compile(path.replace(":id", r"([^/]+)") + r"/?"), handler)
    for method, path, handler in _TABLE
]


def find(method: str, path: str) -> tuple[Handler, str] | None:
    """The handler for an address below `/v1`, and the id that it names ("" for a collection)."""
    for wanted, pattern, handler in _ROUTES:
        match = pattern.fullmatch(path)
        if match and wanted == method:
            return handler, match.group(1) if pattern.groups else ""
    return None
