"""The tax in a payment page or an invoice as the processor shows it, in our words."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import stripe
from stripe.checkout import Session

from jewelrymodel.payments.adapters.stripe_client import asked, optional
from jewelrymodel.payments.rules.processor_amounts import received
from jewelrymodel.payments.tax_lines import ProcessorTax, TaxLine

BREAKDOWN = "total_details.breakdown"
"""What a session has to be asked for: the tax of a page by its rates."""


def session_tax(session: Session) -> ProcessorTax | None:
    """Return the tax in a payment page's total; None where none was asked for, nor is any in it."""
    currency = optional(session, str, "currency") or ""
    total = optional(session, int, "total_details", "amount_tax") or 0
    if not total and not optional(session, bool, "automatic_tax", "enabled"):
        return None
    taxes = optional(session, list, "total_details", "breakdown", "taxes") or []
    return ProcessorTax(
        tax_minor=received(total, currency),
        lines=tuple(
            _line(one, optional(one, stripe.TaxRate, "rate"), None, currency) for one in taxes
        ),
        country=optional(session, str, "customer_details", "address", "country") or "",
        tax_ids=_tax_ids(optional(session, list, "customer_details", "tax_ids") or []),
        exempt=optional(session, str, "customer_details", "tax_exempt") or "",
    )


def invoice_tax(client: stripe.StripeClient, invoice: stripe.Invoice) -> ProcessorTax | None:
    """Return the tax in an invoice's total; None as above. Each rate is asked for once.

    Raises ProcessorDown and ProcessorRefused.
    """
    taxes = optional(invoice, list, "total_taxes") or []
    if not taxes and not optional(invoice, bool, "automatic_tax", "enabled"):
        return None
    rates = {_rate_id(one): _rate(client, _rate_id(one)) for one in taxes}
    lines = tuple(
        _line(
            one,
            rates[_rate_id(one)],
            optional(one, str, "tax_behavior") == "inclusive",
            invoice.currency,
        )
        for one in taxes
    )
    return ProcessorTax(
        tax_minor=sum(one.tax_minor for one in lines),
        lines=lines,
        country=optional(invoice, str, "customer_address", "country") or "",
        tax_ids=_tax_ids(optional(invoice, list, "customer_tax_ids") or []),
        exempt=optional(invoice, str, "customer_tax_exempt") or "",
    )


def _rate_id(tax: object) -> str:
    return optional(tax, str, "tax_rate_details", "tax_rate") or ""


def _rate(client: stripe.StripeClient, rate_id: str) -> stripe.TaxRate | None:
    if not rate_id:
        return None
    retrieve: Callable[[], stripe.TaxRate] = partial(client.v1.tax_rates.retrieve, rate_id)
    return asked(retrieve, right="tax_rate_read")


def _line(
    tax: object, rate: stripe.TaxRate | None, is_inclusive: bool | None, currency: str
) -> TaxLine:
    taxable = optional(tax, int, "taxable_amount")
    if is_inclusive is None:
        is_inclusive = optional(rate, bool, "inclusive") is True
    return TaxLine(
        name=optional(rate, str, "display_name") or "",
        percent=_percent(rate),
        jurisdiction=optional(rate, str, "jurisdiction") or "",
        country=optional(rate, str, "country") or "",
        taxable_minor=None if taxable is None else received(taxable, currency),
        tax_minor=received(optional(tax, int, "amount") or 0, currency),
        is_inclusive=is_inclusive,
        reason=optional(tax, str, "taxability_reason") or "",
    )


def _percent(rate: stripe.TaxRate | None) -> str:
    """The rate that the law of the place has, as it is written; a flat one has none."""
    if rate is None or optional(rate, str, "rate_type") == "flat_amount":
        return ""
    percent = getattr(rate, "percentage", None)
    return "" if percent is None else f"{Decimal(str(percent)).normalize():f}"


def _tax_ids(listed: list[object]) -> tuple[tuple[str, str], ...]:
    pairs = ((optional(one, str, "type"), optional(one, str, "value")) for one in listed)
    return tuple((kind or "", value) for kind, value in pairs if value)
