"""Refunds: amounts that cannot be exceeded, states that change later, the balance behind them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.support.processor import Sandbox


def test_parts_add_up_to_the_charge_and_no_further(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    part = sandbox.api.refunds.create(
        {"payment_intent": charge.payment_intent, "amount": 1500, "metadata": {"case": "7"}}
    )
    assert (part.status, part.amount, part.metadata["case"]) == ("succeeded", 1500, "7")
    with pytest.raises(stripe.InvalidRequestError) as beyond:
        sandbox.api.refunds.create({"charge": charge.id, "amount": 501})
    assert beyond.value.param == "amount"
    rest = sandbox.api.refunds.create({"charge": charge.id, "reason": "duplicate"})
    assert rest.amount == 500
    reread = sandbox.api.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (reread.amount_refunded, reread.refunded, len(reread.refunds.data)) == (2000, True, 2)
    with pytest.raises(stripe.InvalidRequestError) as done:
        sandbox.api.refunds.create({"charge": charge.id})
    assert done.value.code == "charge_already_refunded"
    sandbox.receiver.wait_for("charge.refunded", times=2)
    # 2000 came in, a fee of 88 stays paid, 2000 went back.
    assert sandbox.api.balance.retrieve().available[0].amount == -88


def test_refunds_at_once_never_exceed(sandbox: Sandbox) -> None:
    charge = sandbox.paid()

    def refund(_n: int) -> int:
        try:
            return int(
                sandbox.client().v1.refunds.create({"charge": charge.id, "amount": 700}).amount
            )
        except stripe.InvalidRequestError:
            return 0

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(refund, range(6))) == 1400


def test_a_refund_that_fails_later_makes_the_charge_refundable_again(sandbox: Sandbox) -> None:
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=2 * 86_400)
    charge = sandbox.paid()
    refund = sandbox.api.refunds.create({"charge": charge.id})
    assert refund.status == "succeeded"
    sandbox.panel("clock", offset_s=2 * 86_400 + 1)
    failed = sandbox.api.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_balance_transaction.amount) == ("failed", 2000)
    assert sandbox.api.charges.retrieve(charge.id).amount_refunded == 0
    sandbox.receiver.wait_for("refund.failed")
    assert sandbox.api.refunds.create({"charge": charge.id}).amount == 2000


def test_a_pending_refund_settles_in_its_time(sandbox: Sandbox) -> None:
    charge = sandbox.paid("4000000000007726")
    refund = sandbox.api.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    sandbox.panel("clock", offset_s=61)
    assert sandbox.api.refunds.retrieve(refund.id).status == "succeeded"


def test_what_was_not_paid_cannot_be_refunded(sandbox: Sandbox) -> None:
    session = sandbox.session()
    sandbox.card(session.url, "4000000000000002")
    charge = sandbox.api.charges.list().data[0]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.api.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_not_refundable"
    with pytest.raises(stripe.InvalidRequestError):
        sandbox.api.refunds.create({"payment_intent": charge.payment_intent})
