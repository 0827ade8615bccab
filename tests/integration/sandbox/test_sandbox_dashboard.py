"""What happens at the dashboard, and what a payment page adds: as the processor does it."""

from __future__ import annotations

import pytest
import stripe

from tests.support.processor import DAY_S, Sandbox, subscribe


def test_a_plan_is_canceled_now_or_for_the_periods_end_and_resumed(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    path = f"subscriptions/{bought.id}"
    ends_at = sandbox.panel(f"{path}/cancel", how="at_period_end")
    assert (ends_at["cancel_at_period_end"], ends_at["status"]) == (True, "active")
    assert ends_at["cancel_at"] == bought["items"].data[0].current_period_end
    resumed = sandbox.panel(f"{path}/resume")
    assert (resumed["cancel_at"], resumed["canceled_at"]) == (None, None)
    over = sandbox.panel(f"{path}/cancel", how="now")
    assert (over["status"], over["canceled_at"]) == ("canceled", over["ended_at"])
    sandbox.receiver.wait_for("customer.subscription.deleted")


def test_cancel_at_alone_ends_a_plan_at_its_instant_and_has_a_way_back(sandbox: Sandbox) -> None:
    bought = subscribe(sandbox)
    end = bought["items"].data[0].current_period_end
    path = f"subscriptions/{bought.id}"
    named = sandbox.panel(f"{path}/cancel", how="cancel_at")
    assert (named["cancel_at"], named["cancel_at_period_end"]) == (end, False)
    kept = sandbox.api.subscriptions.update(bought.id, {"cancel_at_period_end": False})
    assert kept.cancel_at == end, "what was not asked for can't be taken back"
    with pytest.raises(stripe.InvalidRequestError, match="not both"):
        sandbox.api.subscriptions.update(
            bought.id, {"cancel_at_period_end": True, "cancel_at": end}
        )
    assert sandbox.api.subscriptions.update(bought.id, {"cancel_at": ""}).cancel_at is None
    sandbox.panel(f"{path}/cancel", how="cancel_at", at=bought.created + DAY_S)
    sandbox.panel("clock", offset_s=2 * DAY_S)
    ended = sandbox.api.subscriptions.retrieve(bought.id)
    assert (ended.status, ended.ended_at) == ("canceled", bought.created + DAY_S)


def test_a_charge_is_refunded_in_part_and_then_whole(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    sandbox.panel(f"charges/{charge.id}/refund", amount=500)
    sandbox.panel(f"charges/{charge.id}/refund")
    assert sandbox.api.charges.retrieve(charge.id).amount_refunded == 2000
    assert sorted(one.amount for one in sandbox.api.refunds.list().data) == [500, 1500]


def test_tax_and_discount_are_added_at_the_page_and_stay_with_a_plan(sandbox: Sandbox) -> None:
    session = sandbox.session(amount=2000)
    sandbox.panel("faults", tax_percent=19, discount_percent=10)
    assert "USD 21.42" in sandbox.http.get(session.url or "").text
    sandbox.card(session.url, "4242424242424242")
    paid = sandbox.api.checkout.sessions.retrieve(session.id)
    assert (paid.amount_subtotal, paid.amount_total) == (2000, 2142)
    details = paid.total_details
    assert (details.amount_discount, details.amount_tax) == (200, 342)
    bought = subscribe(sandbox)
    sandbox.panel("faults", tax_percent=0, discount_percent=0)
    sandbox.panel("clock", offset_s=32 * DAY_S)
    invoices = sandbox.api.invoices.list({"subscription": bought.id}).data
    assert [(one.total, one.total_taxes[0].amount) for one in invoices] == [(3105, 495)] * 2
    assert [one.amount for one in sandbox.api.charges.list().data] == [3105, 3105, 2142]


def test_events_of_what_the_key_cannot_see(sandbox: Sandbox) -> None:
    sandbox.panel("events/foreign", object="dispute", type="charge.dispute.created", count=2)
    sandbox.panel("events/foreign", livemode=True)
    sandbox.panel("events/foreign", account="acct_other")
    sandbox.receiver.wait_for("charge.updated", times=2)
    seen = sandbox.receiver.events
    assert [event.livemode for event in seen] == [False, False, True, False]
    assert seen[-1].account == "acct_other"
    with pytest.raises(stripe.InvalidRequestError, match="No such dispute"):
        sandbox.api.disputes.retrieve(seen[0].data.object["id"])
