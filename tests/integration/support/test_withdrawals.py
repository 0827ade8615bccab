"""A consumer withdraws from a contract: two steps, acknowledged at once, carried out by the law."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog.law import laws
from jewelrymodel.catalog.terms import editions
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as books
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.gateway import ProcessorDown, ProcessorRefused
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.payments.statuses import SubscriptionState
from jewelrymodel.policy.decision import canonical
from jewelrymodel.policy.decision_proof import prove
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.operations.withdrawal_credits import release_credits
from jewelrymodel.support.statuses import CaseState, WithdrawalState
from tests.support.desk import decide
from tests.support.plans import Plan
from tests.support.refunds import books as money
from tests.support.refunds import dispute, follow, intend
from tests.support.shop import Sandbox, now, register
from tests.support.withdrawals import Buy, carry_out, confirm, mailed, spend

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]


def test_two_steps_an_acknowledgement_and_the_refund(buy: Buy, client: Client) -> None:
    order = buy()
    shown = client.get(f"/billing/orders/{order.pk}").content.decode()
    page = f"/billing/orders/{order.pk}/withdraw"
    assert f'href="{page}">Withdraw from contract here' in shown
    assert client.get(page).status_code == 200
    second = client.post(page, {"name": "Ada Example"}).content.decode()
    assert "Confirm withdrawal" in second
    assert not Withdrawal.objects.exists()
    answer = client.post(page, {"name": "Ada Example", "do": "confirm"})
    row = Withdrawal.objects.get(order=order)
    assert answer["Location"] == f"/requests/{row.case_id}"
    (letter,) = mailed(row.case)
    assert row.statement in letter
    assert "Ada Example" in letter
    assert f"{row.stated_at:%H:%M}" in letter
    done = carry_out(row)
    charge = Charge.objects.get(order=order)
    assert done.state == WithdrawalState.DECIDED
    assert money(charge) == (0, 3900, 0)
    assert books.balance(order.account_id, now()).available == 0
    decision, told = DecisionRecord.objects.get(), mailed(row.case)
    assert "EU-WD-SERVICE" in told[0]
    assert "without giving a reason" in told[0]
    content = canonical(decision.body)
    assert prove(content, editions(), laws=laws()).sha256 == decision.sha256
    again = client.get(f"/billing/orders/{order.pk}").content.decode()
    assert "You withdrew from this contract" in again


def test_what_was_used_stays_paid_to_the_cent(buy: Buy, client: Client) -> None:
    order = buy()
    granted = books.purchase(order.account_id, order.pk, now()).granted
    spend(order, 33)
    carry_out(confirm(client, order))
    kept = 3900 * 33 // granted
    assert money(Charge.objects.get(order=order)) == (kept, 3900 - kept, 0)
    assert books.balance(order.account_id, now()).available == 0


def test_neither_the_machines_limit_nor_a_second_approval_holds_it_up(
    buy: Buy, client: Client, settings: object
) -> None:
    settings.MACHINE_LIMIT_MINOR = 100  # type: ignore[attr-defined]  # pytest-django's
    settings.SECOND_APPROVAL_LIMIT_MINOR = 100  # type: ignore[attr-defined]
    order = buy()
    carry_out(confirm(client, order))
    assert money(Charge.objects.get(order=order)) == (0, 3900, 0)


def test_stated_twice_and_carried_out_twice_it_is_one(buy: Buy, client: Client) -> None:
    order = buy()
    row = confirm(client, order)
    assert confirm(client, order).pk == row.pk
    carry_out(row)
    carry_out(row)
    assert Case.objects.count() == DecisionRecord.objects.count() == Refund.objects.count() == 1
    assert money(Charge.objects.get(order=order)) == (0, 3900, 0)


def test_cut_off_before_the_decision_it_is_taken_up_again(
    buy: Buy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = confirm(client, buy())

    def cut_off(*_args: object, **_kwargs: object) -> None:
        raise ProcessorDown

    with monkeypatch.context() as broken:
        broken.setattr(remedies, "decide_by_machine", cut_off)
        with pytest.raises(ProcessorDown):
            operations.carry_out_withdrawal(case_id=row.case_id, now=now())
    row.refresh_from_db()
    assert row.state == WithdrawalState.STATED
    later = now() + timedelta(minutes=2)
    assert queries.withdrawals_waiting(before=later) == [row.case_id]
    assert carry_out(row).state == WithdrawalState.DECIDED
    assert queries.withdrawals_waiting(before=later) == []


def test_it_waits_for_a_generation_that_holds_credits(buy: Buy, client: Client) -> None:
    order = buy()
    held = ledger.hold(
        account_id=order.account_id, quantity=30, subject="test", idempotency_key="h", now=now()
    )
    row = confirm(client, order)
    assert carry_out(row).state == WithdrawalState.STATED
    ledger.capture(hold_id=held.pk, quantity=10, idempotency_key="c", now=now())
    assert carry_out(row).state == WithdrawalState.DECIDED
    granted = books.purchase(order.account_id, order.pk, now()).granted
    assert money(Charge.objects.get(order=order))[0] == 3900 * 10 // granted


def test_decided_the_credits_are_suspended_in_the_same_moment(buy: Buy, client: Client) -> None:
    order = buy()
    granted = books.purchase(order.account_id, order.pk, now()).granted
    operations.carry_out_withdrawal(case_id=confirm(client, order).case_id, now=now())
    balance = books.balance(order.account_id, now())
    assert (balance.available, balance.suspended) == (0, granted)


def test_what_a_generation_takes_while_it_is_decided_is_not_refunded(
    buy: Buy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one that was stated before its order's credits were suspended at once."""
    order = buy()
    row, decide_first = confirm(client, order), remedies.decide_by_machine
    release_credits(row, now())

    def decide_then_use(**asked: Any) -> DecisionRecord:
        decision = decide_first(**asked)
        spend(order, 10)
        return decision

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(remedies, "decide_by_machine", decide_then_use)
        operations.carry_out_withdrawal(case_id=row.case_id, now=now())
    row.refresh_from_db()
    assert row.state == WithdrawalState.STATED
    assert not DecisionRecord.objects.exists()
    assert not Refund.objects.exists()
    assert carry_out(row).state == WithdrawalState.DECIDED


def test_a_plan_withdrawn_from_ends_now(
    sandbox: Sandbox, seller: Membership, buy: Buy, client: Client
) -> None:
    order = buy("bench")
    carry_out(confirm(client, order))
    plan = Plan.__new__(Plan)
    plan.sandbox, plan.account_id, plan.at, plan.order = sandbox, seller.account_id, now(), order
    assert plan.row.over_at(now()) is not None
    mail.outbox.clear()
    assert payments.tell_renewing(subscription_id=plan.row.pk)
    (letter,) = mail.outbox
    assert "You withdrew from the contract" in letter.body
    assert "your bank declined" not in letter.body
    assert plan.tell()
    assert plan.look().state == SubscriptionState.CANCELED
    assert money(Charge.objects.get(order=order))[0] == 0


def test_a_renewal_gives_no_new_right(buy: Buy) -> None:
    order = buy("bench")
    assert withdrawals.ends_at(order, paid_at=now()) is not None
    order.period_starts_at = order.period_ends_at
    assert withdrawals.is_renewal(order)
    assert withdrawals.ends_at(order, paid_at=now()) is None
    assert withdrawals.window(order, at=now()) == withdrawals.Window.NONE


def test_all_used_after_a_valid_consent_is_a_persons_and_never_declined(
    buy: Buy, client: Client
) -> None:
    order = buy()
    spend(order, books.purchase(order.account_id, order.pk, now()).granted)
    row = carry_out(confirm(client, order))
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, remedies.NotForAMachine.code)
    assert row.case.state == CaseState.OPEN
    assert not DecisionRecord.objects.exists()


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_disputed_meanwhile_it_waits_for_the_bank_and_can_then_be_decided(
    sandbox: Sandbox, buy: Buy, client: Client, vera: Client, outcome: str
) -> None:
    """The processor refunds no charge whose dispute was won or lost: a person ends it."""
    order = buy()
    row, charge = confirm(client, order), Charge.objects.get(order=order)
    opened = dispute(sandbox, charge)
    carry_out(row)
    assert carry_out(row).state == WithdrawalState.STATED
    notes = row.case.entries.filter(text__startswith="The payment is disputed")
    assert notes.count() == 1
    assert decide(vera, row.case, "decline") == 409
    sandbox.panel(f"disputes/{opened.processor_dispute_id}/decide", outcome=outcome)
    payments.mirror_disputes_of(charge_id=charge.pk, now=now())
    assert carry_out(row).state == WithdrawalState.PERSON
    assert decide(vera, row.case, "decline") == 302
    assert not Refund.objects.exists()


def test_what_the_processor_refuses_to_say_is_a_persons(
    buy: Buy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = confirm(client, buy())

    def refuse(**_kwargs: object) -> None:
        raise ProcessorRefused(processor_code="resource_missing")

    monkeypatch.setattr(remedies, "decide_by_machine", refuse)
    assert carry_out(row).obstacle == ProcessorRefused.code


def test_refunded_before_there_is_nothing_to_withdraw_from(buy: Buy, client: Client) -> None:
    order = buy()
    follow(intend(Charge.objects.get(order=order)))
    page = f"/billing/orders/{order.pk}/withdraw"
    assert client.get(page)["Location"] == f"/billing/orders/{order.pk}"
    client.post(page, {"name": "Ada", "do": "confirm"})
    assert not Withdrawal.objects.exists()


def test_refunded_between_statement_and_decision_it_is_a_persons(buy: Buy, client: Client) -> None:
    order = buy()
    row = confirm(client, order)
    follow(intend(Charge.objects.get(order=order)))
    assert carry_out(row).state == WithdrawalState.PERSON
    assert Refund.objects.count() == 1


def test_closed_meanwhile_by_its_customer_it_is_open_for_a_person(buy: Buy, client: Client) -> None:
    row = confirm(client, buy())
    operations.withdraw(account_id=row.case.account_id or "", case_id=row.case_id, now=now())
    assert carry_out(row).obstacle == "answered_by_a_person"
    row.case.refresh_from_db()
    assert row.case.state == CaseState.OPEN


def test_no_person_declines_or_lessens_what_the_law_gives(
    buy: Buy, client: Client, vera: Client
) -> None:
    row = confirm(client, buy())
    request = queries.request_facts(row.case)
    assert request is not None
    assessment = remedies.assess(request=request, now=now())
    for chosen in ([], None):
        decide = {"request": request, "signature": assessment.signature, "reason": "no"}
        if chosen is None:
            remedies.decide_by_person(**decide, remedies=None, user_id=_vera(vera), now=now())
        else:
            with pytest.raises(remedies.LessThanTheLaw):
                remedies.decide_by_person(**decide, remedies=chosen, user_id=_vera(vera), now=now())
    assert RemedyRow.objects.get().amount_minor == 3900


def _vera(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def test_without_signing_in_it_counts_from_when_it_was_stated(buy: Buy) -> None:
    order, visitor = buy(), Client()
    typed = {"name": "Ada", "contract": order.label, "email": "Ada@rings.example"}
    second = visitor.post("/withdraw", typed).content.decode()
    assert "Confirm withdrawal" in second
    assert not Withdrawal.objects.exists()
    visitor.post("/withdraw", {**typed, "do": "confirm"})
    row = Withdrawal.objects.get()
    assert (row.state, row.order) == (WithdrawalState.UNCONFIRMED, None)
    assert row.case.state == CaseState.UNPROVEN
    assert carry_out(row).state == WithdrawalState.UNCONFIRMED
    (letter,) = mailed(row.case)
    assert f"{row.stated_at:%H:%M}" in letter
    link = re.search(r"/requests/confirm/\S+", letter)
    assert link is not None
    visitor.post(link[0])
    assert carry_out(row).state == WithdrawalState.DECIDED
    assert money(Charge.objects.get(order=order)) == (0, 3900, 0)
    facts = DecisionRecord.objects.get().body["facts"]
    assert facts["withdrawal.window"]["value"] == "open"


def test_a_stranger_and_a_strange_number_get_the_same_answer_and_nothing(buy: Buy) -> None:
    order = buy()
    answers = []
    for email, contract in (
        ("mallory@elsewhere.example", order.label),
        ("ada@rings.example", "JM-999999"),
        ("ada@rings.example", "my last order"),
    ):
        visitor = Client()
        typed = {"name": "M", "contract": contract, "email": email, "do": "confirm"}
        answer = visitor.post("/withdraw", typed, follow=True).content.decode()
        answers.append("emailed a confirmation" in answer)
        row = Withdrawal.objects.latest("stated_at")
        (letter,) = mailed(row.case)
        link = re.search(r"/requests/confirm/\S+", letter)
        assert link is not None
        visitor.post(link[0])
        assert carry_out(row).obstacle == "order_not_found"
    assert answers == [True, True, True]
    assert not DecisionRecord.objects.exists()


def test_stated_on_the_page_and_by_the_link_it_is_carried_out_once(
    buy: Buy, client: Client
) -> None:
    order = buy()
    claimed = operations.claim_withdrawal(
        contract=order.receipt.label, name="Ada", email="ada@rings.example", now=now()
    )
    carry_out(confirm(client, order))
    (letter,) = mailed(claimed.case)
    link = re.search(r"/requests/confirm/\S+", letter)
    assert link is not None
    Client().post(link[0])
    assert carry_out(claimed).obstacle == "already_withdrawn"
    assert Refund.objects.count() == 1


def test_another_accounts_order_is_not_there(buy: Buy, client: Client) -> None:
    order = buy()
    other = Client()
    other.force_login(register("eve@else.example").user)
    page = f"/billing/orders/{order.pk}/withdraw"
    assert other.get(page).status_code == 404
    assert other.post(page, {"name": "Eve", "do": "confirm"}).status_code == 404
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize(("country", "capacity"), [("DE", "business"), ("US", "consumer")])
def test_nobody_without_the_right_states_it(
    buy: Buy, client: Client, country: str, capacity: str
) -> None:
    order = buy(country=country, capacity=capacity)
    client.post(f"/billing/orders/{order.pk}/withdraw", {"name": "Ada", "do": "confirm"})
    assert not Withdrawal.objects.exists()


def test_the_database_keeps_what_was_stated(buy: Buy, client: Client) -> None:
    row = confirm(client, buy())
    rows = Withdrawal.objects.filter(pk=row.pk)
    for change in ({"statement": "other"}, {"stated_at": now()}, {"order": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    carry_out(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=WithdrawalState.STATED, settled_at=None)


def test_who_sends_the_form_too_often_is_told_so(terms: None) -> None:
    typed = {"name": "M", "contract": "JM-1", "email": "m@else.example", "do": "confirm"}
    codes = [Client().post("/withdraw", typed).status_code for _ in range(4)]
    assert codes == [302, 302, 302, 429]
