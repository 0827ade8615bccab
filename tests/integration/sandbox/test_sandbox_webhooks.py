"""Webhooks: signed, retried, kept over a restart, and everything the fault panel does to them."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import httpx
import pytest
import stripe

from tests.support.processor import Receiver, Sandbox, free_port, start, stop


def test_a_paid_session_is_told_with_a_signature_that_the_sdk_accepts(sandbox: Sandbox) -> None:
    sandbox.paid()
    sandbox.receiver.wait_for("checkout.session.completed")
    completed = sandbox.receiver.events[-1]
    assert completed.data.object.payment_status == "paid"
    assert sandbox.receiver.forged == 0
    sandbox.panel("webhooks/flush", wait_s=3)
    assert sandbox.api.events.retrieve(completed.id).pending_webhooks == 0


def test_a_refused_webhook_comes_again(sandbox: Sandbox) -> None:
    sandbox.receiver.status = 500
    sandbox.api.products.create({"name": "Told late"})
    sandbox.panel("webhooks/flush", wait_s=3)
    assert sandbox.receiver.events == []
    sandbox.receiver.status = 200
    sandbox.panel("webhooks/flush")
    sandbox.receiver.wait_for("product.created")


def test_a_forged_webhook_is_refused_and_then_sent_rightly(sandbox: Sandbox) -> None:
    sandbox.panel("faults", forge_webhooks=1)
    sandbox.api.products.create({"name": "Forged once"})
    sandbox.receiver.wait_for("product.created")
    assert sandbox.receiver.forged == 1


def test_repeated_webhooks_have_one_id(sandbox: Sandbox) -> None:
    sandbox.panel("faults", repeat_webhooks=2)
    sandbox.api.products.create({"name": "Three times"})
    sandbox.receiver.wait_for("product.created", times=3)
    assert len({event.id for event in sandbox.receiver.events}) == 1


def test_dropped_webhooks_never_come_until_resent(sandbox: Sandbox) -> None:
    sandbox.panel("faults", drop_webhooks=1)
    sandbox.api.products.create({"name": "Lost"})
    sandbox.api.customers.create({"email": "kept@shop.example"})
    sandbox.receiver.wait_for("customer.created")
    assert sandbox.receiver.types() == ["customer.created"]
    event = sandbox.api.events.list({"type": "product.created"}).data[0]
    assert sandbox.panel(f"events/{event.id}/resend") == {"queued": 1}
    sandbox.receiver.wait_for("product.created")


def test_reordered_webhooks_come_newest_first(sandbox: Sandbox) -> None:
    sandbox.panel("faults", reorder_webhooks=True, reorder_window_s=0.4)
    sandbox.paid()
    sandbox.receiver.wait_for("charge.succeeded")
    types = sandbox.receiver.types()
    assert types.index("checkout.session.completed") < types.index("charge.succeeded")


def test_delayed_webhooks_wait(sandbox: Sandbox) -> None:
    sandbox.panel("faults", delay_webhooks_s=30)
    sandbox.api.products.create({"name": "Later"})
    time.sleep(0.4)
    assert sandbox.receiver.events == []
    sandbox.panel("clock", offset_s=31)
    sandbox.receiver.wait_for("product.created")


def test_errors_before_acting_are_retried_by_the_sdk_and_act_once(sandbox: Sandbox) -> None:
    sandbox.panel("faults", server_errors=1)
    with pytest.raises(stripe.APIError):
        sandbox.api.customers.list()
    sandbox.panel("faults", server_errors=1)
    sandbox.client(retries=2).v1.customers.create({"email": "a@shop.example"})
    assert len(sandbox.api.customers.list().data) == 1


def test_a_time_out_after_acting_keeps_the_answer_for_the_next_try(sandbox: Sandbox) -> None:
    sandbox.panel("faults", timeouts_after_acting=1, timeout_s=5)
    headers = {"Authorization": "Bearer sk_test_sandbox_1", "Idempotency-Key": "slow"}
    asked = {"email": "slow@shop.example"}
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post("/v1/customers", headers=headers, data=asked, timeout=0.5)
    again = sandbox.http.post("/v1/customers", headers=headers, data=asked)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(sandbox.api.customers.list().data) == 1


def test_down_means_down_until_it_is_cleared(sandbox: Sandbox) -> None:
    session = sandbox.session()
    sandbox.panel("faults", down=True)
    with pytest.raises(stripe.APIError) as dead:
        sandbox.api.customers.list()
    assert dead.value.http_status == 503
    assert sandbox.http.get(session.url or "").status_code == 503
    sandbox.panel("faults", down=False)
    assert sandbox.http.get(session.url or "").status_code == 200


def test_unknown_faults_and_values_are_refused(sandbox: Sandbox) -> None:
    for wrong in ({"rain": 1}, {"down": 3}, {"server_errors": -2}, {"timeout_s": "long"}):
        assert sandbox.http.post("/_sandbox/faults", json=wrong).status_code == 400
    form = sandbox.http.post("/_sandbox/faults", data={"down": "false", "timeout_s": "2.5"})
    assert form.status_code == 303
    assert sandbox.http.get("/_sandbox/faults").json()["timeout_s"] == 2.5


def test_a_killed_sandbox_goes_on_where_it_was(receiver: Receiver, tmp_path: Path) -> None:
    receiver.status = 500
    receiver.events.clear()
    port = free_port()
    first = start(tmp_path / "kept.sqlite", port, receiver.url)
    client = stripe.StripeClient(
        "sk_test_sandbox_1", base_addresses={"api": f"http://127.0.0.1:{port}"}
    )
    product = client.v1.products.create({"name": "Survivor"})
    stop(first, signal.SIGKILL)
    receiver.status = 200
    second = start(tmp_path / "kept.sqlite", port, receiver.url)
    try:
        assert client.v1.products.retrieve(product.id).name == "Survivor"
        receiver.wait_for("product.created", within_s=8)
    finally:
        stop(second)
