"""Disputes and warnings: what they take, what they forbid, and how they end."""

from __future__ import annotations

import time

import pytest
import stripe

from tests.support.processor import Sandbox

DAY_S = 86_400


def dispute(sandbox: Sandbox, charge: stripe.Charge, **how: object) -> stripe.Dispute:
    """Dispute a charge by the panel."""
    opened = sandbox.panel(f"charges/{charge.id}/dispute", **how)
    found: stripe.Dispute = sandbox.api.disputes.retrieve(opened["id"])
    return found


def test_a_chargeback_takes_the_money_and_forbids_a_refund(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    opened = dispute(sandbox, charge, reason="product_not_received")
    assert (opened.status, opened.is_charge_refundable) == ("needs_response", False)
    assert opened.balance_transactions[0].net == -2000 - 1500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.api.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_disputed"
    sandbox.receiver.wait_for("charge.dispute.funds_withdrawn")
    assert sandbox.http.get("/_sandbox/").status_code == 200


def test_evidence_is_staged_then_submitted_and_the_dispute_can_flip(sandbox: Sandbox) -> None:
    opened = dispute(sandbox, sandbox.paid())
    change = sandbox.api.disputes.update
    staged = change(opened.id, {"evidence": {"customer_name": "Ada"}, "submit": False})
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    with pytest.raises(stripe.InvalidRequestError):
        change(opened.id, {"evidence": {"uncategorized_text": "x" * 20_001}})
    sent = change(opened.id, {"evidence": {"customer_email_address": "ada@shop.example"}})
    assert (sent.status, sent.evidence.customer_name) == ("under_review", "Ada")
    with pytest.raises(stripe.InvalidRequestError):
        change(opened.id, {"evidence": {"customer_name": "Too late"}})
    assert sandbox.panel(f"disputes/{opened.id}/decide", outcome="won")["status"] == "won"
    assert sandbox.panel(f"disputes/{opened.id}/decide", outcome="lost")["status"] == "lost"
    movements = sandbox.api.disputes.retrieve(opened.id).balance_transactions
    assert [movement.amount for movement in movements] == [-2000, 2000, -2000]


def test_an_inquiry_takes_nothing_and_ends_with_a_full_refund(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    opened = dispute(sandbox, charge, inquiry=True)
    assert (opened.status, opened.balance_transactions) == ("warning_needs_response", [])
    sandbox.api.refunds.create({"charge": charge.id})
    assert sandbox.api.disputes.retrieve(opened.id).status == "warning_closed"


def test_an_inquiry_can_become_a_chargeback_and_silence_loses_it(sandbox: Sandbox) -> None:
    opened = dispute(sandbox, sandbox.paid(), inquiry=True)
    escalated = sandbox.panel(f"disputes/{opened.id}/decide", outcome="escalated")
    assert escalated["status"] == "needs_response"
    sandbox.panel("clock", offset_s=7 * DAY_S + 60)
    lost = sandbox.api.disputes.retrieve(opened.id)
    assert (lost.status, lost.evidence_details.past_due) == ("lost", True)


def test_an_accepted_dispute_is_lost(sandbox: Sandbox) -> None:
    opened = dispute(sandbox, sandbox.paid())
    assert sandbox.api.disputes.close(opened.id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.disputes.close(opened.id)


def test_a_warning_is_actionable_until_the_charge_is_refunded(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    sandbox.panel(f"charges/{charge.id}/warning")
    warnings = sandbox.api.radar.early_fraud_warnings
    assert warnings.list({"charge": charge.id}).data[0].actionable
    sandbox.api.refunds.create({"charge": charge.id})
    assert not warnings.list({"charge": charge.id}).data[0].actionable


def test_the_dispute_card_is_disputed_by_itself(sandbox: Sandbox) -> None:
    charge = sandbox.paid("4000000000000259")
    end = time.monotonic() + 5
    while not sandbox.api.disputes.list({"charge": charge.id}).data:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_dispute_that_came_too_late_harms_nothing(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    sandbox.api.refunds.create({"charge": charge.id})
    refused = sandbox.http.post(f"/_sandbox/charges/{charge.id}/dispute", json={})
    assert refused.status_code == 400
    assert sandbox.api.disputes.list().data == []


def test_the_panel_takes_a_charge_again_for_the_same_order(sandbox: Sandbox) -> None:
    first = sandbox.paid(payment_intent_data={"metadata": {"order_id": "ord_1"}})
    again = sandbox.api.charges.retrieve(sandbox.panel(f"charges/{first.id}/repeat")["id"])
    assert again.payment_intent != first.payment_intent
    assert (again.amount, again.metadata.to_dict()) == (first.amount, {"order_id": "ord_1"})
    assert sandbox.http.post("/_sandbox/charges/ch_none/repeat").status_code == 400
    assert "Take it again" in sandbox.http.get("/_sandbox/").text
