"""A refund that came back is paid by bank transfer: decided, sent, recorded, booked once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations as holding
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.refund_status import refund_words
from jewelrymodel.payments.statuses import PayoutWay, RefundState
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.refunds import books, dispute, follow, free_and_suspended, intend
from tests.support.shop import Sandbox, at_the_desk, now

pytestmark = pytest.mark.django_db
COLLEAGUE = 7


def comes_back(sandbox: Sandbox, charge: Charge) -> Refund:
    """A refund that succeeded, and whose bank sent it back."""
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=60)
    refund = follow(intend(charge))
    assert refund.state == RefundState.SUCCEEDED
    sandbox.panel("clock", offset_s=120)
    refund = follow(refund)
    assert (refund.state, books(charge)) == (RefundState.FAILED, (3900, 0, 0))
    return refund


def choose(charge: Charge, way: PayoutWay = PayoutWay.TRANSFER) -> Charge:
    return operations.choose_payout(
        charge_id=charge.pk, way=way, reason="Card closed.", user_id=COLLEAGUE, now=now()
    )


def record(refund: Refund, *, amount: int | None = None, reference: str = "TRF-1") -> Refund:
    return operations.record_transfer(
        refund_id=refund.pk,
        amount_minor=refund.amount_minor if amount is None else amount,
        reference=reference,
        sent_on=now().date(),
        user_id=COLLEAGUE,
        now=now(),
    )


def end(operation: Callable[..., Refund], refund: Refund) -> Refund:
    return operation(refund_id=refund.pk, reason="Why.", user_id=COLLEAGUE, now=now())


@pytest.fixture
def waiting(sandbox: Sandbox, charge: Charge) -> Refund:
    """A refund that waits for its bank transfer."""
    comes_back(sandbox, charge)
    choose(charge)
    return follow(intend(charge, why="dec_2"))


def at_processor(sandbox: Sandbox) -> int:
    refunds = sandbox.http.get("/v1/refunds", auth=("sk_test_sandbox_tests", "")).json()
    return len(refunds["data"])


def test_the_processor_is_never_asked_for_it(sandbox: Sandbox, waiting: Refund) -> None:
    assert (waiting.state, waiting.way) == (RefundState.INTENDED, PayoutWay.TRANSFER)
    assert free_and_suspended(waiting.charge) == (0, 100)
    assert at_processor(sandbox) == 1, "the one that came back"
    assert "will be sent to your bank account" in refund_words(waiting)


def test_it_is_booked_once_however_often_it_is_recorded(waiting: Refund) -> None:
    for _ in range(2):
        refund = record(waiting)
    assert (refund.state, books(waiting.charge)) == (RefundState.SUCCEEDED, (0, 3900, 0))
    assert free_and_suspended(waiting.charge) == (0, 0)
    assert "sent to your bank account" in refund_words(refund)
    assert "TRF-1" in refund_words(refund)
    with pytest.raises(operations.NotAwaitingTransfer):
        record(waiting, reference="TRF-2")
    for _ in range(2):
        follow(refund)
    assert books(waiting.charge) == (0, 3900, 0)
    entry = AuditEntry.objects.get(action="order.transfer_succeeded")
    assert (entry.actor, "TRF-1" in entry.reason) == (str(Actor.user(COLLEAGUE)), True)
    assert not ledger.verify()


def test_only_what_was_decided_is_recorded(waiting: Refund) -> None:
    with pytest.raises(operations.OtherAmount):
        record(waiting, amount=3901)
    for days in (-2, 2):
        with pytest.raises(operations.TransferDay):
            operations.record_transfer(
                refund_id=waiting.pk,
                amount_minor=3900,
                reference="TRF-1",
                sent_on=(now() + timedelta(days=days)).date(),
                user_id=COLLEAGUE,
                now=now(),
            )
    assert books(waiting.charge) == (3900, 0, 0)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_is_the_agents_own_west_or_east_of_utc(waiting: Refund, days: int) -> None:
    day = (now() + timedelta(days=days)).date()
    refund = operations.record_transfer(
        refund_id=waiting.pk,
        amount_minor=3900,
        reference="TRF-1",
        sent_on=day,
        user_id=COLLEAGUE,
        now=now(),
    )
    assert (refund.state, refund.transferred_on) == (RefundState.SUCCEEDED, day)


def test_money_goes_another_way_only_once_the_first_has_failed(
    sandbox: Sandbox, charge: Charge
) -> None:
    with pytest.raises(operations.NothingFailed):
        choose(charge)
    comes_back(sandbox, charge)
    intend(charge, 500, why="dec_2")
    with pytest.raises(operations.RefundUnderWay):
        choose(charge)


def test_the_way_of_a_refund_that_is_meant_never_changes(waiting: Refund) -> None:
    with pytest.raises(operations.RefundUnderWay):
        choose(waiting.charge, PayoutWay.PROCESSOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=waiting.pk).update(way=PayoutWay.PROCESSOR)
    record(waiting)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=waiting.pk).update(transfer_reference="TRF-9")


def test_one_that_is_not_sent_frees_the_credits_and_the_way_back(
    sandbox: Sandbox, waiting: Refund
) -> None:
    refund = end(operations.cancel_transfer, waiting)
    assert (refund.state, books(waiting.charge)) == (RefundState.CANCELED, (3900, 0, 0))
    assert free_and_suspended(waiting.charge) == (100, 0)
    choose(waiting.charge, PayoutWay.PROCESSOR)
    follow(intend(waiting.charge, why="dec_3"))
    assert (books(waiting.charge), at_processor(sandbox)) == ((0, 3900, 0), 2)


def test_one_that_comes_back_is_kept_again_with_its_credits(waiting: Refund) -> None:
    with pytest.raises(operations.NotTransferred):
        end(operations.return_transfer, waiting)
    record(waiting)
    refund = end(operations.return_transfer, waiting)
    assert (refund.state, books(waiting.charge)) == (RefundState.FAILED, (3900, 0, 0))
    assert free_and_suspended(waiting.charge) == (100, 0)
    assert "came back from your bank" in refund_words(refund)
    record(follow(intend(waiting.charge, why="dec_3")), reference="TRF-2")
    assert books(waiting.charge) == (0, 3900, 0)
    assert not ledger.verify()


def test_credits_that_a_task_holds_go_once_it_has_ended(waiting: Refund) -> None:
    operations.cancel_transfer(refund_id=waiting.pk, reason="Again.", user_id=COLLEAGUE, now=now())
    account_id = waiting.account_id
    hold = holding.hold(
        account_id=account_id, quantity=3, subject="task", idempotency_key="r", now=now()
    )
    refund = record(follow(intend(waiting.charge, why="dec_3")))
    assert (books(waiting.charge), ledger.balance(account_id, now()).suspended) == (
        (0, 3900, 0),
        97,
    )
    holding.release(hold_id=hold.pk, idempotency_key="r", now=now())
    follow(refund)
    assert free_and_suspended(waiting.charge) == (0, 0)


def test_reconciliation_knows_of_it(sandbox: Sandbox, waiting: Refund) -> None:
    record(waiting)
    window = {"since": now() - timedelta(days=1), "before": now() + timedelta(days=1)}
    assert operations.reconcile_charges(**window, now=now()) == []
    assert operations.reconcile_refunds(since=window["since"], now=now()) == []
    status = operations.look_up_charge(
        account_id=waiting.account_id, charge_id=waiting.charge_id, now=now()
    )
    assert status.refundable_minor == 0, "the processor would still refund all of it"


def test_what_was_transferred_in_part_can_be_refunded_there_for_the_rest_only(
    sandbox: Sandbox, charge: Charge
) -> None:
    comes_back(sandbox, charge)
    choose(charge)
    record(follow(intend(charge, 1500, why="dec_2", lot=False)))
    choose(charge, PayoutWay.PROCESSOR)
    look = {"account_id": charge.account_id, "charge_id": charge.pk, "now": now()}
    assert operations.look_up_charge(**look).refundable_minor == 2400
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=2400)
    operations.adopt_refunds(charge_id=charge.pk, now=now())
    assert books(charge) == (0, 3900, 0)
    assert operations.reconcile_refunds(since=now() - timedelta(days=1), now=now()) == []


def test_what_is_refunded_there_after_the_transfer_is_a_case_and_no_endless_error(
    sandbox: Sandbox, waiting: Refund
) -> None:
    record(waiting)
    charge = waiting.charge
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=500)
    hint = {"object": "charge", "object_id": charge.processor_charge_id}
    operations.handle_event(hint, now=now())
    assert books(charge) == (0, 3900, 0)
    reconcilers.run(now=now() + timedelta(minutes=6))
    case = Case.objects.get(check_name="processor_and_ledger_disagree")
    assert "paid twice" in case.entries.get(internal=True).text


def test_what_was_refunded_there_meanwhile_is_not_booked_twice(
    sandbox: Sandbox, waiting: Refund
) -> None:
    charge = waiting.charge
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=500)
    operations.adopt_refunds(charge_id=charge.pk, now=now())
    with pytest.raises(operations.LessIsKept):
        record(waiting)
    end(operations.cancel_transfer, waiting)
    assert books(charge) == (3400, 500, 0)


def test_nothing_can_be_refunded_during_a_dispute(sandbox: Sandbox, charge: Charge) -> None:
    comes_back(sandbox, charge)
    choose(charge)
    dispute(sandbox, charge)
    look = {"account_id": charge.account_id, "charge_id": charge.pk, "now": now()}
    assert operations.look_up_charge(**look).refundable_minor == 0


def test_one_that_nobody_sends_is_found_after_a_day_and_no_difference(waiting: Refund) -> None:
    later = now() + timedelta(days=2)
    assert queries.refunds_refused(before=later - timedelta(days=1)) == {waiting.pk}
    reconcilers.run(now=later)
    assert not Case.objects.filter(check_name="processor_and_ledger_disagree").exists()


def test_nobody_handles_their_own_accounts_money(
    sandbox: Sandbox, charge: Charge, seller: Membership
) -> None:
    comes_back(sandbox, charge)
    with pytest.raises(OwnAccount):
        operations.choose_payout(
            charge_id=charge.pk,
            way=PayoutWay.TRANSFER,
            reason="Mine.",
            user_id=seller.user_id,
            now=now(),
        )


def test_the_database_refuses_a_transfer_that_says_too_little(waiting: Refund) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_refund SET state = 'succeeded', settled_at = now(), refusal = '',"
            " refused_since_at = NULL WHERE id = %s",
            [waiting.pk],
        )


def test_at_the_desk_it_is_chosen_recorded_and_noted_as_come_back(
    sandbox: Sandbox, charge: Charge
) -> None:
    comes_back(sandbox, charge)
    desk, page = at_the_desk(), f"/desk/orders/{charge.order_id}"
    assert "Refund by bank transfer instead" in desk.get(page).content.decode()
    sent = {"charge": charge.pk, "way": "transfer", "reason": "The card is closed."}
    assert desk.post(f"{page}/payout", sent).status_code == 302
    refund = follow(intend(charge, why="dec_2"))
    form = {
        "refund": refund.pk,
        "amount": "39.01",
        "reference": "TRF 2026/11",
        "sent_on": now().date().isoformat(),
        "sure": "on",
    }
    refused = desk.post(f"{page}/transfer", form)
    assert refused.status_code == 409
    assert "TRF 2026/11" in refused.content.decode(), "what was typed is kept"
    assert desk.post(f"{page}/transfer", form | {"amount": "39.00"}).status_code == 302
    refund.refresh_from_db()
    assert (refund.state, refund.transfer_reference) == (RefundState.SUCCEEDED, "TRF 2026/11")
    html = desk.get(page).content.decode()
    assert "reference TRF 2026/11" in html
    assert "Refund sent by bank transfer" in html
    sent = {"refund": refund.pk, "reason": "Account closed."}
    assert desk.post(f"{page}/transfer/return", sent).status_code == 302
    assert books(charge) == (3900, 0, 0)


def test_a_form_about_another_orders_refund_is_not_there(waiting: Refund, client: Client) -> None:
    desk = at_the_desk()
    answer = desk.post("/desk/orders/ord_other/transfer", {"refund": waiting.pk})
    assert answer.status_code == 404
