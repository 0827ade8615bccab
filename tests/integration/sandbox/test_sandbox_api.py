"""The dialect: keys, idempotency, lists, expansion, and the refusals with their codes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.support.processor import Sandbox


def test_a_foreign_key_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.AuthenticationError):
        sandbox.client(key="sk_live_123456789012345").v1.customers.list()
    assert sandbox.http.get("/v1/customers").status_code == 401
    basic = sandbox.http.get("/v1/customers", auth=("sk_test_sandbox_basic", ""))
    assert basic.status_code == 200


def test_the_same_key_answers_the_same_and_acts_once(sandbox: Sandbox) -> None:
    customers = sandbox.api.customers
    key = {"idempotency_key": "once"}
    first = customers.create({"email": "a@shop.example"}, key)
    again = customers.create({"email": "a@shop.example"}, key)
    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(customers.list().data) == 1
    with pytest.raises(stripe.IdempotencyError):
        customers.create({"email": "b@shop.example"}, key)


def test_a_refusal_after_acting_is_kept_and_one_before_is_not(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    sandbox.api.refunds.create({"charge": charge.id})
    key = {"idempotency_key": "kept"}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sandbox.api.refunds.create({"charge": charge.id}, key)
        assert refused.value.code == "charge_already_refunded"
    free = {"idempotency_key": "free"}
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.products.create({}, free)
    assert sandbox.api.products.create({"name": "Now right"}, free).name == "Now right"


def test_a_key_in_use_is_a_conflict(sandbox: Sandbox) -> None:
    def create(_n: int) -> int:
        answer = sandbox.http.post(
            "/v1/customers",
            headers={"Authorization": "Bearer sk_test_sandbox_1", "Idempotency-Key": "race"},
            data={"email": "a@shop.example"},
        )
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(create, range(16)))
    assert statuses <= {200, 409}
    assert len(sandbox.api.customers.list().data) == 1


def test_what_nobody_stands_in_for_is_refused_by_name(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        sandbox.session(payment_intent_data={"transfer_group": "x"})
    assert unknown.value.code == "parameter_unknown"
    assert unknown.value.param == "payment_intent_data[transfer_group]"
    with pytest.raises(stripe.InvalidRequestError) as absent:
        sandbox.api.charges.retrieve("ch_none")
    assert (absent.value.code, absent.value.http_status) == ("resource_missing", 404)
    with pytest.raises(stripe.InvalidRequestError) as address:
        sandbox.api.coupons.list()
    assert address.value.http_status == 404
    with pytest.raises(stripe.InvalidRequestError) as small:
        sandbox.session(amount=49)
    assert small.value.code == "amount_too_small"


def test_lists_go_by_pages_in_both_directions(sandbox: Sandbox) -> None:
    made = [sandbox.api.customers.create({"email": f"{n}@shop.example"}).id for n in range(5)]
    first = sandbox.api.customers.list({"limit": 2})
    assert ([item.id for item in first.data], first.has_more) == (made[:2:-1], True)
    walked = [item.id for item in first.auto_paging_iter()]
    assert walked == made[::-1]
    back = sandbox.api.customers.list({"limit": 2, "ending_before": made[0]})
    assert [item.id for item in back.data] == [made[2], made[1]]
    filtered = sandbox.api.customers.list({"email": "3@shop.example", "created": {"gte": 1}})
    assert [item.id for item in filtered.data] == [made[3]]


def test_a_listed_price_sells_and_metadata_merges(sandbox: Sandbox) -> None:
    product = sandbox.api.products.create({"name": "Plan", "metadata": {"sku": "p1", "old": "x"}})
    price = sandbox.api.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 900}
    )
    session = sandbox.session(line_items=[{"price": price.id, "quantity": 3}])
    assert (session.amount_total, session.currency) == (2700, "eur")
    changed = sandbox.api.products.update(product.id, {"metadata": {"old": "", "new": "y"}})
    assert changed.metadata.to_dict() == {"sku": "p1", "new": "y"}


def test_an_intent_confirmed_over_the_api_and_one_declined(sandbox: Sandbox) -> None:
    asked = {"amount": 700, "currency": "usd", "confirm": True}
    intent = sandbox.api.payment_intents.create({**asked, "payment_method": "pm_card_visa"})
    assert intent.status == "succeeded"
    with pytest.raises(stripe.CardError) as declined:
        sandbox.api.payment_intents.create(
            {**asked, "payment_method": "pm_card_visa_chargeDeclined"}
        )
    error = declined.value
    assert (error.code, error.http_status) == ("card_declined", 402)
    assert error.error is not None
    assert sandbox.api.charges.retrieve(error.error.charge).status == "failed"
    with pytest.raises(stripe.InvalidRequestError) as twice:
        sandbox.api.payment_intents.confirm(intent.id)
    assert twice.value.code == "payment_intent_unexpected_state"


def test_another_endpoint_is_told_what_it_asked_for(sandbox: Sandbox) -> None:
    endpoint = sandbox.api.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/nobody", "enabled_events": ["product.created"]}
    )
    assert endpoint.secret.startswith("whsec_")
    assert "secret" not in sandbox.api.webhook_endpoints.retrieve(endpoint.id).to_dict()
    product = sandbox.api.products.create({"name": "Two listeners"})
    event = sandbox.api.events.list({"type": "product.created"}).data[0]
    assert event.data.object.id == product.id
    assert sandbox.api.webhook_endpoints.delete(endpoint.id).deleted
