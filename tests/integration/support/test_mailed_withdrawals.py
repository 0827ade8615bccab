"""An email that withdraws from a contract is a withdrawal: taken in as any other, by the listener's
own call, and carried out by the road of our pages.
"""

import re
from contextlib import nullcontext
from datetime import datetime, timedelta
from email.utils import format_datetime
from unittest.mock import patch

import pytest
from django.core import mail as sent
from django.test import Client, override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, InboundEmail, Withdrawal
from jewelrymodel.support.operations import mailed_withdrawals
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState, MailOutcome, WithdrawalState
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now
from tests.support.withdrawals import Buy, carry_out, mailed

pytestmark = [pytest.mark.django_db, pytest.mark.clause("3.4")]
STATED = "Hello,\n\nI withdraw from the contract for order {}.\n\nAda Example"
UNNAMED = "I hereby exercise my right of withdrawal.\n\nAda"


def write(sender: str, text: str, subject: str = "My order", at: datetime | None = None) -> Case:
    """Email support; return the newest case."""
    dated = {"Date": format_datetime(at)} if at else {}
    arrive(letter(sender, subject, text, **dated))
    return newest()


def follow_link(case: Case, do: str = "withdraw") -> None:
    link = confirmation_link(case).partition("/requests/")[2]
    assert Client().post(f"/requests/{link}", {"do": do}).status_code == 200


def reply_subject(case: Case) -> str:
    return f"Re: {email_references.tag(case.number, case.thread_key)}"


def notes(case: Case) -> list[str]:
    return [one.text for one in queries.entries(case_id=case.pk, internal=True) if one.internal]


def test_a_statement_is_acknowledged_at_once_and_a_person_sees_it(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, STATED.format(order.label))
    row = Withdrawal.objects.get(case=case)
    assert (row.state, row.order, row.contract) == ("unconfirmed", None, order.label)
    assert (case.category, case.state) == (Category.WITHDRAWAL, CaseState.OPEN)
    assert case in queries.queue(), "its clock runs, and nobody has to wait for the link"
    assert "withdraws from a contract" in notes(case)[0]
    (answer,) = mailed(case)
    assert order.label in answer
    assert re.search(r"/requests/confirm/\S+", answer)
    assert "Ada Example" not in answer, "nothing of what a stranger wrote goes to their victim"


def test_followed_by_its_link_it_is_carried_out(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, STATED.format(order.label))
    follow_link(case)
    row = carry_out(Withdrawal.objects.get(case=case))
    assert (row.state, row.order) == (WithdrawalState.DECIDED, order)
    assert DecisionRecord.objects.get().account_id == order.account_id


def test_the_page_of_the_link_says_what_confirming_does(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, STATED.format(order.label))
    link = "/requests/" + confirmation_link(case).partition("/requests/")[2]
    page = Client().get(link).content.decode()
    assert 'value="withdraw"' in page
    assert 'value="keep"' in page
    plain = write("someone@else.example", "It failed.")
    link = "/requests/" + confirmation_link(plain).partition("/requests/")[2]
    assert 'name="do"' not in Client().get(link).content.decode()


def test_who_does_not_mean_it_keeps_what_they_bought(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, STATED.format(order.label))
    follow_link(case, do="keep")
    row = carry_out(Withdrawal.objects.get(case=case))
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "not_meant")
    case.refresh_from_db()
    assert (case.identity_level, case.category, case.state) == (2, Category.OTHER, CaseState.OPEN)
    assert not DecisionRecord.objects.exists()
    follow_link(case)
    assert carry_out(row).state == WithdrawalState.PERSON


def test_without_a_number_the_only_order_is_meant(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, UNNAMED)
    assert "number of the order" in mailed(case)[0]
    follow_link(case)
    row = carry_out(Withdrawal.objects.get(case=case))
    assert (row.state, row.order) == (WithdrawalState.DECIDED, order)


def test_without_a_number_of_several_orders_a_person_decides(buy: Buy) -> None:
    first, second = buy(), buy(sku="tray")
    case = write(first.buyer_email, UNNAMED)
    follow_link(case)
    row = carry_out(Withdrawal.objects.get(case=case))
    assert (row.state, row.obstacle, row.order) == ("person", "order_not_named", None)
    assert case in queries.queue()
    assert not DecisionRecord.objects.exists()
    assert second.state == first.state


def test_the_number_that_a_reply_names_is_meant(buy: Buy) -> None:
    first, second = buy(), buy(sku="tray")
    case = write(first.buyer_email, UNNAMED)
    arrive(letter(first.buyer_email, reply_subject(case), f"It is {second.label}."))
    follow_link(case)
    assert carry_out(Withdrawal.objects.get(case=case)).order == second


def known(order: Order) -> Case:
    """A request of the buyer's, whose sender followed the link."""
    case = write(order.buyer_email, "The second ring looks odd.")
    follow_link(case)
    return case


def reply(order: Order, case: Case, text: str, proof: str = "pass") -> Case:
    """Answer in a request, as its buyer's domain vouches for; return the newest case."""
    message = letter(order.buyer_email, reply_subject(case), text)
    message["Authentication-Results"] = f"mx.shop.example; dmarc={proof} (p=reject)"
    with override_settings(MAIL_IN_RESULTS_OF="mx.shop.example"):
        arrive(message)
    return newest()


def test_a_known_sender_who_names_their_order_is_carried_out_at_once(buy: Buy) -> None:
    order = buy()
    earlier = known(order)
    case = reply(order, earlier, STATED.format(order.label))
    assert case != earlier
    assert ProcrastinateJob.objects.filter(
        task_name="support.carry_out_withdrawal", args__case_id=case.pk
    ).exists()
    row = carry_out(Withdrawal.objects.get(case=case))
    assert (row.state, row.order) == (WithdrawalState.DECIDED, order)
    assert "/requests/confirm/" not in mailed(case)[0]
    assert any(case.label in one for one in notes(earlier))
    assert reply(order, earlier, STATED.format(order.label)) == case, "stated again it is the same"


@pytest.mark.parametrize(
    ("proof", "text"),
    [
        ("none", STATED),
        ("pass", UNNAMED),
        ("pass", "Sorry for the delay, we have decided to withdraw from our order."),
        ("pass", "I withdraw from the contract for order JM-999999."),
    ],
)
def test_a_key_alone_or_without_an_order_asks_first(buy: Buy, proof: str, text: str) -> None:
    order = buy()
    earlier = known(order)
    case = reply(order, earlier, text.format(order.label), proof=proof)
    assert case != earlier
    assert case in queries.queue()
    row = carry_out(Withdrawal.objects.get(case=case))
    assert (row.state, row.order) == (WithdrawalState.UNCONFIRMED, None)
    assert "/requests/confirm/" in mailed(case)[0]
    assert reply(order, earlier, text.format(order.label), proof=proof) == case, "asked once a day"
    follow_link(case)
    row = carry_out(row)
    assert (row.order == order) is ("999999" not in text)


def test_a_second_contract_in_the_same_request_is_one_of_its_own(buy: Buy) -> None:
    first, second = buy(), buy(sku="tray")
    case = write(first.buyer_email, STATED.format(first.label))
    follow_link(case)
    carry_out(Withdrawal.objects.get(case=case))
    assert reply(first, case, UNNAMED) == case, "which one they mean, a person asks"
    assert "writes again" in notes(case)[-1]
    other = reply(first, case, STATED.format(second.label))
    assert carry_out(Withdrawal.objects.get(case=other)).order == second


def test_a_known_sender_with_two_orders_is_a_persons(buy: Buy) -> None:
    earlier = known(buy())
    order = buy(sku="tray")
    case = reply(order, earlier, UNNAMED)
    follow_link(case)
    row = carry_out(Withdrawal.objects.get())
    assert (row.state, row.obstacle) == (WithdrawalState.PERSON, "order_not_named")
    reply(order, earlier, STATED.format(order.label))
    assert carry_out(Withdrawal.objects.latest("pk")).order == order


def test_strangers_fill_the_queue_up_to_a_bound(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailed_withdrawals, "UNPROVEN_PER_DAY", 2)
    texts = (UNNAMED, "Can I still withdraw from the contract?", UNNAMED, "Is a Widerruf possible?")
    cases = [write(f"one{n}@else.example", text) for n, text in enumerate(texts)]
    joined = write("two@else.example", "Hello there.")
    assert write("two@else.example", UNNAMED) == joined
    states = [one.state for one in Case.objects.order_by("number")]
    assert states == [CaseState.OPEN] * 2 + [CaseState.UNPROVEN] * 3
    noted = [" ".join(notes(one)) for one in [*cases, joined]]
    assert all("withdraw" in one for one in noted)
    follow_link(cases[2])
    cases[2].refresh_from_db()
    assert cases[2].state == CaseState.OPEN


def test_a_key_in_a_strangers_hands_withdraws_from_nothing(buy: Buy) -> None:
    order = buy()
    earlier = known(order)
    outcome = arrive(letter("eve@else.example", reply_subject(earlier), UNNAMED))
    assert outcome is MailOutcome.QUARANTINED
    assert not Withdrawal.objects.exists()


@override_settings(MAIL_IN_RESULTS_OF="mx.shop.example")
def test_a_forged_answer_of_a_known_sender_is_a_persons(buy: Buy) -> None:
    """Whoever was forwarded an email of ours has its key."""
    order = buy()
    earlier = known(order)
    forged = letter(order.buyer_email, reply_subject(earlier), UNNAMED)
    forged["Authentication-Results"] = "mx.shop.example; dmarc=fail (p=reject)"
    arrive(forged)
    assert not Withdrawal.objects.exists()
    assert "may withdraw" in notes(earlier)[-1]


def test_added_to_an_unproven_request_it_is_answered_once_more(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, "Where are my credits?")
    assert len(mailed(case)) == 1
    for _ in range(3):
        assert write(order.buyer_email, STATED.format(order.label)) == case
    assert len(mailed(case)) == 1, "by the confirmation, however often it is stated"
    assert sum("writes again" in one for one in notes(case)) == 2
    case.refresh_from_db()
    assert (case.category, case.state) == (Category.WITHDRAWAL, CaseState.OPEN)
    follow_link(case)
    assert carry_out(Withdrawal.objects.get(case=case)).state == WithdrawalState.DECIDED


def test_what_is_unclear_is_shown_to_a_person_and_its_clock_runs(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, f"Can I still withdraw from the contract of {order.label}?")
    assert (case.category, case.state) == (Category.OTHER, CaseState.OPEN)
    assert case in queries.queue()
    assert "may withdraw" in notes(case)[0]
    assert not Withdrawal.objects.exists()
    plain = write("someone@else.example", "I withdraw my complaint.")
    assert (plain.state, notes(plain)) == (CaseState.UNPROVEN, [])
    arrive(letter("someone@else.example", reply_subject(plain), "Ist ein Widerruf noch möglich?"))
    plain.refresh_from_db()
    assert plain.state == CaseState.OPEN


@pytest.mark.parametrize(
    ("ago", "counts"),
    [(timedelta(days=4), True), (timedelta(days=30), False), (timedelta(days=-1), False)],
)
def test_it_counts_from_when_it_was_sent(seller: Membership, ago: timedelta, counts: bool) -> None:
    sent_at = (now() - ago).replace(microsecond=0)
    row = Withdrawal.objects.get(case=write(seller.user.email, UNNAMED, at=sent_at))
    assert (row.stated_at == sent_at) is counts
    assert row.stated_at <= now()


@pytest.mark.parametrize("error", [None, OverflowError])
def test_a_broken_date_counts_from_its_receipt(
    seller: Membership, error: type[Exception] | None
) -> None:
    """Also one whose offset is longer than its reader can hold."""
    reader = patch.object(mailed_withdrawals, "parsedate_to_datetime", side_effect=error)
    with reader if error else nullcontext():
        arrive(letter(seller.user.email, "My order", UNNAMED, Date="yesterday"))
    assert now() - Withdrawal.objects.get().stated_at < timedelta(minutes=5)


def test_sent_within_the_days_and_read_after_them_it_is_in_time(buy: Buy) -> None:
    """The email was under way while the days ended."""
    order = buy()
    assert order.paid_at is not None
    Order.objects.filter(pk=order.pk).update(paid_at=now() - timedelta(days=16))
    case = write(order.buyer_email, STATED.format(order.label), at=now() - timedelta(days=4))
    follow_link(case)
    assert carry_out(Withdrawal.objects.get(case=case)).state == WithdrawalState.DECIDED
    facts = DecisionRecord.objects.get().body["facts"]
    assert facts["withdrawal.window"]["value"] == "open"


def test_a_quote_of_ours_or_of_others_states_nothing(buy: Buy) -> None:
    order = buy()
    case = write(order.buyer_email, "See below.\n\n> I withdraw from the contract.\n")
    assert case.category == Category.OTHER
    assert not Withdrawal.objects.exists()


def test_whoever_has_no_right_is_a_persons_and_is_never_refused(buy: Buy) -> None:
    order = buy(country="US", capacity="business")
    case = write(order.buyer_email, STATED.format(order.label))
    follow_link(case)
    row = carry_out(Withdrawal.objects.get(case=case))
    assert row.state == WithdrawalState.PERSON
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert not DecisionRecord.objects.exists()


def test_a_person_who_releases_it_releases_a_withdrawal(buy: Buy) -> None:
    order = buy()
    earlier = known(order)
    arrive(letter("eve@else.example", reply_subject(earlier), STATED.format(order.label)))
    kept = InboundEmail.objects.get(outcome=MailOutcome.QUARANTINED)
    case = operations.release_email(mail_id=kept.pk, user_id=1, now=now())
    assert Withdrawal.objects.get(case=case).state == WithdrawalState.UNCONFIRMED
    assert sent.outbox == []
