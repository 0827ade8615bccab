"""Which order an email withdraws from, and what confirming it may carry out."""

from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.assessments import SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.queries import UnknownSubject
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.operations.withdrawals import REFUND_WITHIN, meant_order
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import WithdrawalState
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now
from tests.support.withdrawals import Buy, carry_out, spend

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]
STATED = "I withdraw from the contract for order {}."
UNNAMED = "I hereby exercise my right of withdrawal.\n\nAda"


def write(order: Order, text: str, subject: str = "Hello", attached: str = "") -> Case:
    """Email support as the order's buyer; return the newest case."""
    message = letter(order.buyer_email, subject, text)
    if attached:
        other = EmailMessage()
        other["Subject"] = attached
        other.set_content(attached)
        message.add_attachment(other)
    arrive(message)
    return newest()


def link(case: Case) -> str:
    return "/requests/" + confirmation_link(case).partition("/requests/")[2]


def answer(case: Case, **form: str) -> Withdrawal:
    """Answer the page of the link, and let the worker do its part."""
    assert Client().post(link(case), form).status_code == 200
    return carry_out(Withdrawal.objects.get(case=case))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Hello", "My order {0} was great. I withdraw from the contract for order {1}."),
        ("Re: Refund of 5 EUR for order {0}", "I withdraw from the contract for order {1}."),
        ("Order {0}", "I withdraw from the contract. I mean order {1}."),
        ("I withdraw from {1}", "I withdraw from the contract."),
    ],
)
def test_the_order_is_the_one_that_the_statement_names(buy: Buy, subject: str, text: str) -> None:
    kept, meant = buy(), buy(sku="tray")
    labels = kept.label, meant.label
    case = write(kept, text.format(*labels), subject=subject.format(*labels))
    page = Client().get(link(case)).content.decode()
    assert f"<strong>Contract: {meant.label}</strong>" in page
    row = answer(case, do="withdraw", contract=meant.label)
    assert (row.state, row.order) == (WithdrawalState.DECIDED, meant)


def test_two_orders_are_a_persons(buy: Buy) -> None:
    first, second = buy(), buy(sku="tray")
    case = write(first, f"I withdraw from the contract for {first.label} and {second.label}.")
    row = answer(case, do="withdraw")
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "several_orders_named")
    assert not DecisionRecord.objects.exists()


def test_an_order_and_its_own_receipt_are_one(buy: Buy) -> None:
    order = buy()
    receipt = f"RCP-{order.receipt.number:06d}"
    buy(sku="tray")
    case = write(order, f"I withdraw from the contract for {order.label}, receipt {receipt}.")
    assert answer(case, do="withdraw").order == order


@pytest.mark.parametrize("subject", ["Hello", "Re: Refund of 5 EUR for order {}"])
def test_what_is_attached_or_answered_names_nothing(buy: Buy, subject: str) -> None:
    first, _ = buy(), buy(sku="tray")
    attached = first.label if subject == "Hello" else ""
    case = write(first, UNNAMED, subject=subject.format(first.label), attached=attached)
    row = answer(case, do="withdraw")
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "order_not_named")


def test_the_number_of_a_replys_own_words_is_meant(buy: Buy) -> None:
    """And not the one of the subject that it answers."""
    first, second = buy(), buy(sku="tray")
    case = write(first, UNNAMED)
    tag = email_references.tag(case.number, case.thread_key)
    write(first, f"It is {second.label}.", subject=f"Re: Order {first.label} {tag}")
    assert f"Contract: {second.label}" in Client().get(link(case)).content.decode()
    assert answer(case, do="withdraw").order == second


@pytest.mark.parametrize("form", [{}, {"do": "yes"}, {"do": "withdraw", "contract": "JM-999999"}])
def test_a_page_that_asked_something_else_withdraws_from_nothing(
    buy: Buy, form: dict[str, str]
) -> None:
    """It was opened before the email came that withdraws: now it asks."""
    order = buy()
    case = write(order, STATED.format(order.label))
    page = Client().post(link(case), form).content.decode()
    assert 'value="withdraw"' in page
    assert carry_out(Withdrawal.objects.get(case=case)).state == WithdrawalState.UNCONFIRMED
    assert answer(case, do="withdraw").state == WithdrawalState.DECIDED


def test_stated_again_without_a_number_the_next_order_stays(buy: Buy) -> None:
    """The customer asks after the order that they withdrew from, and keeps the other one."""
    gone, kept = buy(), buy(sku="tray")
    case = write(gone, STATED.format(gone.label))
    assert answer(case, do="withdraw").state == WithdrawalState.DECIDED
    row = answer(write(kept, UNNAMED), do="withdraw")
    assert (row.state, row.obstacle, row.order) == ("person", "withdrawn_lately", None)


def test_an_order_that_keeps_money_is_withdrawn_from_once(buy: Buy) -> None:
    """Long after, where no number is named, the other one is meant."""
    gone, other = buy(), buy(sku="tray")
    spend(gone, 5)
    case = write(gone, STATED.format(gone.label))
    assert answer(case, do="withdraw").state == WithdrawalState.DECIDED
    order, _ = meant_order(
        account_id=gone.account_id,
        email=gone.buyer_email,
        contract="",
        stated_at=now() + REFUND_WITHIN,
    )
    assert order == other


def test_who_said_that_they_do_not_mean_it_states_it_from_then_on(buy: Buy) -> None:
    order = buy()
    case = write(order, STATED.format(order.label))
    assert answer(case, do="keep").obstacle == "not_meant"
    later = now() + timedelta(days=18)
    row = operations.claim_withdrawal(
        contract=order.label, name="Ada", email=order.buyer_email, now=later
    )
    token = confirmation_link(row.case).rpartition("/")[2]
    case = operations.confirm_sender(token=token, now=later)
    case.subject_kind, case.subject_id = SubjectKind.ORDER, order.pk
    facts = queries.request_facts(case)
    assert facts is not None
    assert facts.requested_at == row.stated_at


def test_a_removed_member_withdraws_from_nothing_of_the_account(
    buy: Buy, seller: Membership
) -> None:
    order = buy()
    case = write(order, UNNAMED)
    tag = email_references.tag(case.number, case.thread_key)
    write(order, f"It is {order.label}.", subject=f"Re: {tag}")
    other = Account.objects.create(id="acc_other", name="Other", created_at=now())
    Membership.objects.filter(pk=seller.pk).update(account=other)
    row = answer(case, do="withdraw")
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "order_not_found")


def test_an_order_of_another_account_is_a_persons_and_asked_for_once(buy: Buy) -> None:
    order = buy()
    case = write(order, STATED.format(order.label))
    Client().post(link(case), {"do": "withdraw"})
    with patch.object(remedies, "decide_by_machine", side_effect=UnknownSubject):
        row = carry_out(Withdrawal.objects.get(case=case))
    assert row.state == WithdrawalState.PERSON
