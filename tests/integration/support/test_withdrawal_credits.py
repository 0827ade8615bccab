"""Credits of an order from the statement that withdraws from it until it is decided."""

import pytest
from django.db import IntegrityError
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as books
from jewelrymodel.ledger.models import LotSuspension, Movement
from jewelrymodel.ledger.movement_kinds import CauseKind, Operation
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Withdrawal
from jewelrymodel.support.operations import withdrawals as module
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.statuses import WithdrawalState
from jewelrymodel.support.tasks import sweep_withdrawals
from tests.support.shop import now
from tests.support.withdrawals import Buy, carry_out, confirm, spend

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]


def open_suspensions() -> list[str]:
    rows = LotSuspension.objects.filter(reinstated_at__isnull=True)
    return list(rows.order_by("cause_kind").values_list("cause_kind", flat=True))


def reinstated(row: Withdrawal) -> int:
    """How often the books reinstated what the withdrawal suspended."""
    rows = Movement.objects.filter(operation=Operation.REINSTATE, cause_id=row.pk)
    return rows.count()


def left_to_a_person(client: Client, order: Order) -> Withdrawal:
    """Its customer closed the request before the worker came: it is open again, for a person."""
    row = confirm(client, order)
    operations.withdraw(account_id=order.account_id, case_id=row.case_id, now=now())
    row = carry_out(row)
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "answered_by_a_person")
    return row


def sweep() -> None:
    for row_id in queries.suspending_withdrawals():
        operations.release_settled_credits(withdrawal_id=row_id, now=now())


def test_nobody_uses_what_may_be_refunded(buy: Buy, client: Client) -> None:
    order, other = buy(), buy(sku="tray")
    row = confirm(client, order)
    balance = books.balance(order.account_id, now())
    assert [one.suspended for one in balance.lots if one.source_ref == order.pk] == [True]
    assert [one.suspended for one in balance.lots if one.source_ref == other.pk] == [False]
    (reason,) = {one.suspended_because for one in balance.lots if one.suspended}
    assert reason in client.get("/credits").content.decode()
    spend(order, balance.available)
    assert books.purchase(order.account_id, order.pk, now()).used == 0
    with pytest.raises(ledger.LotSuspended):
        ledger.hold(
            account_id=order.account_id, quantity=1, subject="t", idempotency_key="i", now=now()
        )
    assert carry_out(row).state == WithdrawalState.DECIDED


def test_what_a_generation_holds_already_goes_on(buy: Buy, client: Client) -> None:
    order = buy()
    held = ledger.hold(
        account_id=order.account_id, quantity=3, subject="t", idempotency_key="i", now=now()
    )
    row = confirm(client, order)
    assert carry_out(row).state == WithdrawalState.STATED
    ledger.capture(hold_id=held.pk, quantity=2, idempotency_key="c", now=now())
    assert books.balance(order.account_id, now()).available == 0, "the third came back suspended"
    assert not books.is_made_from_suspended(held.pk), "what was delivered may be downloaded"
    assert carry_out(row).state == WithdrawalState.DECIDED
    assert reinstated(row) == 1
    assert (books.purchase(order.account_id, order.pk, now()).used, open_suspensions()) == (2, [])


def test_decided_they_are_the_refunds_alone(buy: Buy, client: Client) -> None:
    order = buy()
    row = confirm(client, order)
    operations.carry_out_withdrawal(case_id=row.case_id, now=now())
    assert open_suspensions() == ["refund"]
    carry_out(row)
    sweep()
    assert (open_suspensions(), reinstated(row)) == ([], 1)
    assert books.purchase(order.account_id, order.pk, now()).remaining == 0
    assert books.verify() == []


def test_cut_off_after_the_decision_nothing_has_happened(
    buy: Buy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = confirm(client, buy())

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "release_credits", killed)
        with pytest.raises(KeyboardInterrupt):
            operations.carry_out_withdrawal(case_id=row.case_id, now=now())
    assert (open_suspensions(), DecisionRecord.objects.count()) == (["withdrawal"], 0)
    assert carry_out(row).state == WithdrawalState.DECIDED
    assert (open_suspensions(), reinstated(row)) == ([], 1)


def test_with_a_person_they_wait_until_it_is_ended(buy: Buy, client: Client) -> None:
    order = buy()
    row = left_to_a_person(client, order)
    sweep_withdrawals(timestamp=0)
    assert open_suspensions() == ["withdrawal"]
    operations.withdraw(account_id=order.account_id, case_id=row.case_id, now=now())
    for _ in range(2):
        sweep_withdrawals(timestamp=0)
    assert (open_suspensions(), reinstated(row)) == ([], 1)
    spend(order, 1)


def test_decided_by_a_person_no_moment_is_free(buy: Buy, client: Client) -> None:
    order = buy()
    row = left_to_a_person(client, order)
    request = queries.request_facts(row.case)
    assert request is not None
    decision = operations.decide_case(
        case_id=row.case_id,
        signature=remedies.assess(request=request, now=now()).signature,
        remedies_chosen=None,
        reason="",
        user_id=7,
        now=now(),
    )
    sweep()
    assert open_suspensions() == ["withdrawal"], "the refund is still to begin"
    remedies.carry_out(decision_id=decision.pk, now=now())
    sweep()
    assert (open_suspensions(), reinstated(row)) == (["refund"], 1)


def test_who_is_unproven_suspends_nothing(buy: Buy) -> None:
    order = buy()
    operations.claim_withdrawal(
        contract=order.label, name="Eve", email=order.buyer_email, now=now()
    )
    assert open_suspensions() == []


def test_who_has_no_such_right_goes_on_meanwhile(buy: Buy) -> None:
    order = buy(country="US", capacity="business")
    row = operations.claim_withdrawal(
        contract=order.label, name="Ada", email=order.buyer_email, now=now()
    )
    token = confirmation_link(row.case).rpartition("/")[2]
    operations.confirm_sender(token=token, now=now())
    assert carry_out(row).state == WithdrawalState.PERSON
    assert open_suspensions() == []


def test_the_books_know_no_other_cause(buy: Buy, seller: Membership) -> None:
    (lot_id,) = books.lots_of_order(seller.account_id, buy().pk)
    with pytest.raises(IntegrityError):
        LotSuspension.objects.create(
            id="sus_1",
            account_id=seller.account_id,
            lot_id=lot_id,
            cause_kind=CauseKind.TASK,
            cause_id="t",
            created_at=now(),
        )
