"""Tax that a session asks for: by the payer's country and tax id, on the page and at renewals."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.support.processor import DAY_S, Sandbox, monthly

GOOD = "4242424242424242"
ASKED: dict[str, Any] = {
    "automatic_tax": {"enabled": True},
    "tax_id_collection": {"enabled": True},
    "billing_address_collection": "required",
}
FRENCH_BUSINESS = {"country": "FR", "tax_id": "FR12345678901"}
GERMAN_BUSINESS = {"country": "DE", "tax_id": "DE123456789"}
EXPAND = {"expand": ["total_details.breakdown"]}


def line(amount: int = 2000, behavior: str = "exclusive") -> list[dict[str, Any]]:
    price = {
        "currency": "usd",
        "unit_amount": amount,
        "product_data": {"name": "300 credits"},
        "tax_behavior": behavior,
    }
    return [{"price_data": price, "quantity": 1}]


def paid(sandbox: Sandbox, behavior: str = "exclusive", **typed: str) -> stripe.checkout.Session:
    session = sandbox.session(line_items=line(behavior=behavior), **ASKED)
    assert sandbox.card(session.url, GOOD, **typed).status_code == 303
    found: stripe.checkout.Session = sandbox.api.checkout.sessions.retrieve(session.id, EXPAND)
    return found


@pytest.mark.parametrize(
    ("behavior", "typed", "total", "tax", "taxable", "reason"),
    [
        ("exclusive", {"country": "DE"}, 2380, 380, 2000, "standard_rated"),
        ("inclusive", {"country": "DE"}, 2000, 319, 1681, "standard_rated"),
        ("exclusive", {"country": "FR"}, 2400, 400, 2000, "standard_rated"),
        ("exclusive", FRENCH_BUSINESS, 2000, 0, 2000, "reverse_charge"),
        ("exclusive", GERMAN_BUSINESS, 2380, 380, 2000, "standard_rated"),
        ("exclusive", {"country": "US"}, 2000, 0, 2000, "not_collecting"),
    ],
)
def test_who_pays_from_where_decides(
    sandbox: Sandbox,
    behavior: str,
    typed: dict[str, str],
    total: int,
    tax: int,
    taxable: int,
    reason: str,
) -> None:
    session = paid(sandbox, behavior, **typed)
    assert (session.amount_total, session.total_details.amount_tax) == (total, tax)
    (one,) = session.total_details.breakdown.taxes
    assert (one.amount, one.taxable_amount, one.taxability_reason) == (tax, taxable, reason)
    assert one.rate.inclusive is (behavior == "inclusive")
    assert [each.value for each in session.customer_details.tax_ids] == (
        [typed["tax_id"]] if "tax_id" in typed else []
    )
    intent = sandbox.api.payment_intents.retrieve(session.payment_intent)
    assert intent.amount_received == total


def test_a_plan_keeps_it_for_its_renewals(sandbox: Sandbox) -> None:
    items = monthly()
    items[0]["price_data"]["tax_behavior"] = "exclusive"
    session = sandbox.session(mode="subscription", line_items=items, **ASKED)
    sandbox.card(session.url, GOOD, country="FR", tax_id="FR12345678901")
    sandbox.panel("clock", offset_s=32 * DAY_S)
    invoices = sandbox.api.invoices.list({"limit": 10}).data
    assert len(invoices) == 2
    for one in invoices:
        (tax,) = one.total_taxes
        assert (one.total, tax.amount, tax.taxability_reason) == (2900, 0, "reverse_charge")
        assert one.customer_address.country == "FR"
        assert [each.value for each in one.customer_tax_ids] == ["FR12345678901"]
        rate = sandbox.api.tax_rates.retrieve(tax.tax_rate_details.tax_rate)
        assert (rate.country, rate.inclusive) == ("FR", False)


def test_who_is_declined_and_pays_from_elsewhere_is_taxed_there(sandbox: Sandbox) -> None:
    session = sandbox.session(line_items=line(), **ASKED)
    assert sandbox.card(session.url, "4000000000000002", country="FR").status_code == 402
    assert sandbox.card(session.url, GOOD, country="DE").status_code == 303
    (charge,) = sandbox.api.charges.list({"limit": 10}).data[:1]
    assert charge.amount == 2380


def test_an_exempt_customer_pays_none_and_a_known_one_needs_leave_to_be_moved(
    sandbox: Sandbox,
) -> None:
    customer = sandbox.api.customers.create({"email": "a@b.example", "tax_exempt": "exempt"})
    named = {"customer": customer.id, "customer_email": ""}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.session(line_items=line(), **ASKED, **named)
    assert refused.value.param == "customer_update"
    allowed = {"customer_update": {"address": "auto", "name": "auto"}}
    session = sandbox.session(line_items=line(), **ASKED, **named, **allowed)
    sandbox.card(session.url, GOOD, country="DE")
    found = sandbox.api.checkout.sessions.retrieve(session.id, EXPAND)
    assert found.total_details.breakdown.taxes[0].taxability_reason == "customer_exempt"
    assert sandbox.api.customers.retrieve(customer.id).address.country == "DE"


def test_an_account_that_is_not_set_up_refuses_it(sandbox: Sandbox) -> None:
    assert sandbox.api.tax.settings.retrieve().status == "active"
    sandbox.panel("faults", tax_pending=True)
    settings = sandbox.api.tax.settings.retrieve()
    assert (settings.status, settings.status_details.pending.missing_fields) == (
        "pending",
        ["head_office"],
    )
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.session(line_items=line(), **ASKED)
    assert refused.value.param == "automatic_tax"


def test_a_price_has_to_say_whether_it_contains_it(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.session(**ASKED)
    assert refused.value.param == "line_items"


def test_a_tax_id_that_is_none_is_asked_for_again(sandbox: Sandbox) -> None:
    session = sandbox.session(line_items=line(), **ASKED)
    page = sandbox.http.get(session.url or "").text
    assert "Tax ID" in page
    answer = sandbox.card(session.url, GOOD, tax_id="nonsense")
    assert (answer.status_code, "such as DE123456789, or leave" in answer.text) == (422, True)
