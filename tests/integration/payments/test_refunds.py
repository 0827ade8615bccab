"""Money on its way back, against the sandbox: exactly once, whatever is cut off or repeated."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as holding
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Charge, ChargeDispute, Refund
from jewelrymodel.payments.operations import NoSuchCharge, RefundTooLarge
from jewelrymodel.payments.statuses import DisputeStatus, RefundState
from tests.support.refunds import books, dispute, follow, free_and_suspended, intend
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db


def test_a_full_refund_suspends_at_once_and_takes_the_credits_when_the_money_went(
    charge: Charge,
) -> None:
    refund = intend(charge)
    assert free_and_suspended(charge) == (0, 100)
    assert (refund.state, books(charge)) == (RefundState.INTENDED, (3900, 0, 0))
    assert follow(refund).state == RefundState.SUCCEEDED
    assert follow(refund).state == RefundState.SUCCEEDED
    assert (books(charge), free_and_suspended(charge)) == ((0, 3900, 0), (0, 0))
    assert refunds().retrieve_charge(charge.processor_charge_id, now=now()).refunded_minor == 3900
    assert not ledger.verify()


def test_part_of_the_money_leaves_the_credits(charge: Charge) -> None:
    assert follow(intend(charge, 900, lot=False)).state == RefundState.SUCCEEDED
    assert (books(charge), free_and_suspended(charge)) == ((3000, 900, 0), (100, 0))


def test_one_decision_gives_back_once_and_never_more_than_is_left(charge: Charge) -> None:
    first = intend(charge, 3000, lot=False)
    assert intend(charge, 3000, lot=False).pk == first.pk
    with pytest.raises(RefundTooLarge):
        intend(charge, 901, why="dec_2", lot=False)
    with pytest.raises(RefundTooLarge):
        intend(charge, 0, why="dec_2", lot=False)
    with pytest.raises(NoSuchCharge):
        operations.look_up_charge(account_id="acct_other", charge_id=charge.id, now=now())


def test_the_database_refuses_what_must_never_be(charge: Charge) -> None:
    refund = intend(charge, 3000, lot=False)
    with pytest.raises(IntegrityError, match="more than charge"), transaction.atomic():
        Refund.objects.create(
            id=new_id("rfd", now=now()),
            account_id=charge.account_id,
            charge=charge,
            decision_id="dec_2",
            amount_minor=901,
            currency="USD",
            revokes_credits=False,
            created_at=now(),
            next_look_at=now(),
        )
    with pytest.raises(IntegrityError, match="meant to be"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(amount_minor=1)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        refund.delete()


def test_a_crash_after_the_processor_acted_finds_its_refund_again(charge: Charge) -> None:
    refund = intend(charge, lot=False)
    made = refunds().create_refund(
        refund_id=refund.pk,
        processor_charge_id=charge.processor_charge_id,
        amount_minor=3900,
        currency="USD",
    )
    assert follow(refund).processor_refund_id == made.id
    assert books(charge) == (0, 3900, 0)


def test_while_the_processor_is_down_the_intent_waits(sandbox: Sandbox, charge: Charge) -> None:
    refund = intend(charge)
    sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        follow(refund)
    sandbox.panel("faults", down=False)
    due = queries.refunds_to_look_at(now=now(), since=now(), limit=9)
    assert due == [refund.pk]
    assert follow(refund).state == RefundState.SUCCEEDED


def test_a_task_that_holds_is_waited_for(charge: Charge) -> None:
    hold = holding.hold(
        account_id=charge.account_id,
        subject="task:1",
        quantity=2,
        idempotency_key="hold",
        now=now(),
    )
    refund = intend(charge)
    assert follow(refund).state == RefundState.INTENDED
    holding.capture(
        hold_id=hold.id,
        quantity=1,
        idempotency_key="capture",
        now=now(),
    )
    assert follow(refund).state == RefundState.SUCCEEDED
    assert free_and_suspended(charge) == (0, 0)
    assert not ledger.verify()


def test_a_pending_refund_is_not_refunded_yet(sandbox: Sandbox, charge: Charge) -> None:
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = follow(intend(charge))
    assert (refund.state, books(charge)) == (RefundState.PENDING, (3900, 0, 0))
    assert free_and_suspended(charge) == (0, 100)
    sandbox.panel("clock", offset_s=4000)
    assert follow(refund).state == RefundState.SUCCEEDED
    assert books(charge) == (0, 3900, 0)


def test_a_refund_that_fails_two_days_later_is_ours_again(sandbox: Sandbox, charge: Charge) -> None:
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=2 * 86_400)
    refund = follow(intend(charge))
    assert (refund.state, books(charge)) == (RefundState.SUCCEEDED, (0, 3900, 0))
    sandbox.panel("clock", offset_s=2 * 86_400 + 60)
    later = now() + timedelta(days=2, minutes=2)
    assert refund.pk in queries.refunds_to_look_at(now=later, since=now() - timedelta(1), limit=9)
    refund = operations.follow_refund(refund_id=refund.pk, now=later)
    assert (refund.state, refund.failure) == (RefundState.FAILED, "expired_or_canceled_card")
    assert books(charge) == (3900, 0, 0)


def look(found: ChargeDispute) -> DisputeStatus:
    seen = operations.mirror_dispute(processor_dispute_id=found.processor_dispute_id, now=now())
    assert seen is not None
    return DisputeStatus(seen.status)


def test_a_disputed_charge_is_not_refunded(sandbox: Sandbox, charge: Charge) -> None:
    dispute(sandbox, charge)
    refund = follow(intend(charge))
    assert (refund.state, refund.failure) == (RefundState.FAILED, "charge_disputed")
    assert (books(charge), free_and_suspended(charge)) == ((3900, 0, 0), (100, 0))
    seen = operations.look_up_charge(account_id=charge.account_id, charge_id=charge.pk, now=now())
    assert (seen.dispute, seen.refundable_minor) == ("open", 0)


def test_an_inquiry_may_be_refunded(sandbox: Sandbox, charge: Charge) -> None:
    found = dispute(sandbox, charge, inquiry=True)
    assert found.is_inquiry
    assert follow(intend(charge)).state == RefundState.SUCCEEDED
    assert look(found) is DisputeStatus.WARNING_CLOSED


def test_the_books_follow_a_dispute_that_flips(sandbox: Sandbox, charge: Charge) -> None:
    follow(intend(charge, 900, lot=False))
    found = dispute(sandbox, charge)
    assert found.is_open
    for outcome, expected in (
        ("lost", (0, 900, 3000)),
        ("won", (3000, 900, 0)),
        ("lost", (0, 900, 3000)),
    ):
        sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome=outcome)
        assert look(found) == outcome
        assert books(charge) == expected


def test_hints_about_refunds_and_disputes_are_followed(sandbox: Sandbox, charge: Charge) -> None:
    refund = follow(intend(charge, 900, lot=False))
    hints = [
        {"object": "refund", "object_id": refund.processor_refund_id or ""},
        {"object": "refund", "object_id": "re_unknown"},
        {"object": "charge", "object_id": charge.processor_charge_id},
    ]
    told = [operations.handle_event(hint, now=now()) for hint in hints]
    assert told == ["succeeded", "not ours", "0 disputes"]
    found = dispute(sandbox, charge)
    hint = {"object": "dispute", "object_id": found.processor_dispute_id}
    assert operations.handle_event(hint, now=now()) == "needs_response"


def test_two_workers_on_one_refund_give_back_once(charge: Charge) -> None:
    refund = intend(charge)
    done = [follow(refund).processor_refund_id for _ in range(3)]
    assert len(set(done)) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paid_minor = kept_minor + refunded_minor + lost_minor FROM payments_charge"
        )
        assert cursor.fetchall() == [(True,)]


def fail_later(sandbox: Sandbox, charge: Charge, **more: bool) -> Refund:
    """A refund that succeeds, and that the bank sends back two days later."""
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=2 * 86_400)
    refund = follow(intend(charge, **more))
    assert refund.state == RefundState.SUCCEEDED
    sandbox.panel("clock", offset_s=2 * 86_400 + 60)
    return refund


def test_a_refund_that_fails_after_it_succeeded_puts_back_the_credits_it_took(
    sandbox: Sandbox, charge: Charge
) -> None:
    refund = fail_later(sandbox, charge)
    assert free_and_suspended(charge) == (0, 0)
    for _ in range(2):
        assert follow(refund).state == RefundState.FAILED
        assert (books(charge), free_and_suspended(charge)) == ((3900, 0, 0), (100, 0))
    bought = ledger.purchase(charge.account_id, charge.order_id, now())
    assert (bought.granted, bought.remaining) == (100, 100), "they are the purchase's, as before"
    assert not ledger.verify()
    again = follow(intend(charge, why="dec_2"))
    assert (again.state, free_and_suspended(charge)) == (RefundState.SUCCEEDED, (0, 0))
    assert not ledger.verify()


def test_what_was_spent_before_a_refund_that_fails_stays_spent(
    sandbox: Sandbox, charge: Charge
) -> None:
    hold = holding.hold(
        account_id=charge.account_id, subject="task:1", quantity=30, idempotency_key="h", now=now()
    )
    holding.capture(hold_id=hold.id, quantity=30, idempotency_key="c", now=now())
    assert follow(fail_later(sandbox, charge)).state == RefundState.FAILED
    assert free_and_suspended(charge) == (70, 0)
    assert not ledger.verify()


def test_credits_that_come_back_are_suspended_by_a_dispute_that_came_meanwhile(
    sandbox: Sandbox, charge: Charge
) -> None:
    refund = fail_later(sandbox, charge)
    (lot,) = ledger.lots_of_order(charge.account_id, charge.order_id)
    holding.suspend(
        account_id=charge.account_id,
        lot_id=lot,
        cause=Cause(CauseKind.DISPUTE, "dsp_1"),
        idempotency_key="dispute",
        now=now(),
    )
    follow(refund)
    assert free_and_suspended(charge) == (0, 100)
    assert not ledger.verify()
