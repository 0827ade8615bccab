"""Another plan for a subscription at the processor: previewed, charged at once, or from the next
renewal on.
"""

import logging
from datetime import datetime
from typing import Any

import stripe

from jewelrymodel.payments.adapters.stripe_client import asked, client, optional, payable
from jewelrymodel.payments.gateway import PlanChanges, ProcessorRefused
from jewelrymodel.payments.processor_objects import ChangePreview, PlanPrice
from jewelrymodel.payments.rules.processor_amounts import received

_DETAILS = ("subscription_item_details", "invoice_item_details")
"""Where a line says that it is a proration: which of them depends on the subscription's mode."""

log = logging.getLogger(__name__)


def plan_changes() -> PlanChanges:
    """Return the processor that the settings name."""
    return StripePlanChanges(client())


class StripePlanChanges:
    """``gateway.PlanChanges`` for Stripe's API.

    A plan's price there is found by our version's id, its lookup key, and made where it isn't
    there yet: a change has to name a price, it can't bring its own.
    """

    def __init__(self, client: stripe.StripeClient) -> None:
        self._api = client.v1

    def preview_change(
        self, subscription_id: str, plan: PlanPrice, *, prorated_at: datetime
    ) -> ChangePreview:
        """See ``gateway.PlanChanges``."""
        items = self._items(subscription_id, plan)
        now = self._preview(subscription_id, {**items, **_at_once(prorated_at)})
        renewal = self._preview(subscription_id, {**items, "proration_behavior": "none"})
        prorations = [line.amount for line in now.lines.data if _is_proration(line)]
        currency = now.currency
        return ChangePreview(
            unused_minor=received(-sum(one for one in prorations if one < 0), currency),
            remaining_minor=received(sum(one for one in prorations if one > 0), currency),
            tax_minor=received(_tax(now), currency),
            added_tax_minor=received(_tax(now, added_only=True), currency),
            total_minor=received(now.total, currency),
            due_minor=received(now.amount_due, currency),
            renewal_minor=received(renewal.total, currency),
            currency=currency.upper(),
            has_more=len(prorations) < len(now.lines.data) or now.lines.has_more,
        )

    def change_plan(
        self, subscription_id: str, plan: PlanPrice, *, prorated_at: datetime, change_id: str
    ) -> None:
        """See ``gateway.PlanChanges``."""
        change: Any = {
            **self._items(subscription_id, plan),
            **_at_once(prorated_at),
            "payment_behavior": "pending_if_incomplete",
        }
        asked(
            lambda: self._api.subscriptions.update(
                subscription_id, change, {"idempotency_key": f"{change_id}:change"}
            ),
            right="subscription_write",
        )

    def renew_as(self, subscription_id: str, plan: PlanPrice) -> None:
        """See ``gateway.PlanChanges``."""
        change: Any = {**self._items(subscription_id, plan), "proration_behavior": "none"}
        asked(
            lambda: self._api.subscriptions.update(subscription_id, change),
            right="subscription_write",
        )

    def void_invoice(self, invoice_id: str) -> None:
        """See ``gateway.PlanChanges``."""
        try:
            asked(lambda: self._api.invoices.void_invoice(invoice_id), right="invoice_write")
        except ProcessorRefused as refused:
            log.info("invoice %s was not open any more: %s", invoice_id, refused)

    def _preview(self, subscription_id: str, details: dict[str, Any]) -> stripe.Invoice:
        wanted: Any = {"subscription": subscription_id, "subscription_details": details}
        return asked(lambda: self._api.invoices.create_preview(wanted), right="invoice_write")

    def _items(self, subscription_id: str, plan: PlanPrice) -> dict[str, Any]:
        subscription = asked(
            lambda: self._api.subscriptions.retrieve(subscription_id), right="subscription_read"
        )
        return {"items": [{"id": subscription["items"].data[0].id, "price": self._price(plan)}]}

    def _price(self, plan: PlanPrice) -> str:
        """The id of a plan's price; of two who make it at once one is refused, and finds it."""
        found = self._known_price(plan)
        if found:
            return found
        new: Any = {
            "currency": plan.currency.lower(),
            "unit_amount": payable(plan.amount_minor, plan.currency),
            "recurring": {"interval": "month"},
            "lookup_key": _lookup_key(plan),
        }
        if plan.tax_behavior:
            new["tax_behavior"] = plan.tax_behavior
        product: dict[str, Any] = {"product_data": {"id": plan.id, "name": plan.name}}
        try:
            return self._made_price(plan, new | product)
        except ProcessorRefused:  # its product is there, with a price of another tax behavior
            return self._made_price(plan, new | {"product": plan.id})

    def _made_price(self, plan: PlanPrice, new: Any) -> str:
        try:
            return asked(lambda: self._api.prices.create(new), right="plan_write").id
        except ProcessorRefused:
            found = self._known_price(plan)
            if not found:
                raise
            return found

    def _known_price(self, plan: PlanPrice) -> str:
        key = _lookup_key(plan)
        listed = asked(
            lambda: self._api.prices.list({"lookup_keys": [key], "limit": 1}), right="plan_read"
        )
        return listed.data[0].id if listed.data else ""


def _lookup_key(plan: PlanPrice) -> str:
    return ":".join(filter(None, (plan.id, plan.tax_behavior)))


def _at_once(prorated_at: datetime) -> dict[str, Any]:
    return {
        "proration_behavior": "always_invoice",
        "proration_date": int(prorated_at.timestamp()),
    }


def _is_proration(line: stripe.InvoiceLineItem) -> bool:
    return any(optional(line, bool, "parent", one, "proration") for one in _DETAILS)


def _tax(invoice: stripe.Invoice, *, added_only: bool = False) -> int:
    taxes = optional(invoice, list, "total_taxes") or []
    return sum(
        optional(tax, int, "amount") or 0
        for tax in taxes
        if not (added_only and optional(tax, str, "tax_behavior") == "inclusive")
    )
