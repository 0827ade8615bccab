"""Payments and disputes without a card, and keys that may not: as the real API answers them."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.support.object_shapes import of_object
from tests.support.processor import Sandbox

WALLETS = ("link", "paypal", "klarna")


def pay_by(sandbox: Sandbox, wallet: str, **more: Any) -> dict[str, Any]:
    """The charge of a session that was paid with one click."""
    session = sandbox.session(**more)
    answer = sandbox.http.post(session.url or "", data={"method": wallet})
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (
        303,
        "http://127.0.0.1:9/thanks",
    )
    paid = sandbox.api.checkout.sessions.retrieve(session.id)
    assert paid.payment_status == "paid"
    return dict(sandbox.api.charges.list().data[0].to_dict())


@pytest.mark.parametrize("wallet", WALLETS)
def test_a_charge_without_a_card_has_no_card(sandbox: Sandbox, wallet: str) -> None:
    charge = pay_by(sandbox, wallet)
    details = charge["payment_method_details"]
    assert (details["type"], wallet in details, "card" in details) == (wallet, True, False)
    dispute = sandbox.panel(f"charges/{charge['id']}/dispute", inquiry=True)
    assert (dispute["status"], dispute["payment_method_details"]["type"]) == (
        "warning_needs_response",
        wallet,
    )
    assert "card" not in dispute["payment_method_details"]
    refund = sandbox.api.refunds.create({"charge": charge["id"], "amount": 500})
    assert refund.destination_details.type == wallet
    escalated = sandbox.panel(f"disputes/{dispute['id']}/decide", outcome="escalated")
    assert escalated["status"] == "needs_response"
    assert sandbox.panel(f"disputes/{dispute['id']}/decide", outcome="won")["status"] == "won"
    method = sandbox.api.payment_methods.retrieve(charge["payment_method"]).to_dict()
    shown = [charge, dispute, refund.to_dict(), method]
    assert not [line for one in shown for line in of_object(one, wallet)]


def test_a_plan_renews_by_the_wallet_that_began_it(sandbox: Sandbox) -> None:
    price = {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Plan"}}
    line = {"price_data": {**price, "recurring": {"interval": "month"}}, "quantity": 1}
    pay_by(sandbox, "link", mode="subscription", line_items=[line])
    sandbox.panel("clock", offset_s=32 * 86_400)
    charges = sandbox.api.charges.list().data
    assert [one.payment_method_details.type for one in charges] == ["link", "link"]


def test_the_page_offers_every_wallet(sandbox: Sandbox) -> None:
    shown = sandbox.http.get(sandbox.session().url or "").text
    assert all(f'value="{wallet}"' in shown for wallet in WALLETS)


def test_an_expired_key_is_told_so_and_an_invalid_one_without_a_code(sandbox: Sandbox) -> None:
    for key, code in (("expired", "api_key_expired"), ("invalid", None)):
        sandbox.panel("faults", key=key)
        with pytest.raises(stripe.AuthenticationError) as refused:
            sandbox.api.charges.list()
        body = refused.value.json_body["error"]
        assert (body["type"], body.get("code")) == ("invalid_request_error", code)
        assert "sk_test_sandbox_tests" not in body["message"]
    assert sandbox.http.post("/_sandbox/faults", json={"key": "lost"}).status_code == 400
    sandbox.panel("faults", key="")
    assert sandbox.api.charges.list().data == []


def test_a_narrow_key_lacks_one_right_and_keeps_the_others(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    sandbox.panel("faults", missing_right="charge_write")
    key = {"idempotency_key": "narrow"}
    with pytest.raises(stripe.PermissionError, match="rak_charge_write") as refused:
        sandbox.api.refunds.create({"charge": charge.id}, key)
    assert "code" not in refused.value.json_body["error"]
    assert sandbox.api.refunds.list().data == []
    sandbox.panel("faults", missing_right="")
    assert sandbox.api.refunds.create({"charge": charge.id}, key).status == "succeeded"


def test_refunds_can_be_refused_for_a_reason_beside_the_charge(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    answer = sandbox.http.post("/_sandbox/faults", data={"refuse_refunds": "balance_insufficient"})
    assert answer.status_code == 303
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.api.refunds.create({"charge": charge.id})
    assert refused.value.code == "balance_insufficient"
