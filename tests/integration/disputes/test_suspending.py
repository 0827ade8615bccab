"""Clause 9.1 against the sandbox: what rests while a charge is disputed, and what ends it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.disputes import operations, queries
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.models import LotSuspension
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, ChargeDispute
from jewelrymodel.payments.statuses import DisputeStatus, RefundState
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support.operations import Opening
from jewelrymodel.support.statuses import Channel
from tests.support.bank import Bank, job
from tests.support.shop import charge_again, now

pytestmark = pytest.mark.django_db


def write_to_us(bank: Bank, **changed: object) -> None:
    """The buyer asks us for something, whatever it is."""
    usual: dict[str, object] = {
        "account_id": bank.seller.account_id,
        "email": bank.seller.user.email,
        "identity_level": 3,
        "channel": Channel.FORM,
        "category": "other",
        "subject": Subject(SubjectKind.ACCOUNT, ""),
        "explanation": "Where are my credits?",
    }
    opening = Opening(**{**usual, **changed})  # type: ignore[arg-type]  # by name
    support.open_case(opening=opening, now=now() - timedelta(minutes=5))


def letters(work: DisputeWork) -> list[str]:
    """What was mailed of this dispute by now; asking twice mails once."""
    for _ in range(2):
        operations.notify_customer(dispute_id=work.pk, now=now())
    return [f"{one.subject}\n{one.body}" for one in mail.outbox]


@pytest.mark.clause("9.1")
def test_what_the_disputed_charge_bought_rests_and_nothing_else(bank: Bank) -> None:
    first, second = bank.buy(), bank.buy(key="another-page-key")
    made_of_first = bank.spend(10)
    made_of_second = bank.spend(95, "task:2")
    work = bank.dispute(first)
    assert work.suspended
    assert bank.credits() == (95, 0), "of the first order's 100 none is left to suspend"
    assert ledger.is_made_from_suspended(made_of_first)
    work = bank.dispute(second)
    assert bank.credits() == (0, 95)
    assert ledger.is_made_from_suspended(made_of_second)
    bank.decide(work, "won")
    assert bank.credits() == (95, 0), "each dispute reinstates what it suspended"
    assert ledger.is_made_from_suspended(made_of_first)
    assert not ledger.verify()


def test_a_job_that_holds_credits_goes_on_and_its_images_rest(bank: Bank) -> None:
    order = bank.buy()
    hold = bank.reserve(3)
    assert bank.dispute(order).suspended
    paid_from = ledger.balance(order.account_id, now())
    assert (paid_from.available, paid_from.suspended, paid_from.held) == (0, 97, 3)
    assert not ledger.is_made_from_suspended(hold), "nothing was made of it yet"


@pytest.mark.clause("9.1")
def test_it_ends_by_itself_when_the_bank_decides_for_us(bank: Bank) -> None:
    work = bank.dispute(bank.buy())
    assert bank.credits() == (0, 100)
    work = bank.submit(work)
    assert (work.dispute.status, work.suspended) == (DisputeStatus.UNDER_REVIEW, True)
    work = bank.decide(work, "won")
    assert (work.suspended, bank.credits()) == (False, (100, 0))


def test_a_withdrawn_dispute_lifts_too(bank: Bank) -> None:
    work = bank.decide(bank.dispute(bank.buy()), "prevented")
    assert (work.suspended, bank.credits()) == (False, (100, 0))


@pytest.mark.parametrize("status", ["appeal_needs_response", "appeal_under_review"])
def test_an_appeal_is_still_a_chargeback(bank: Bank, status: str) -> None:
    work = bank.dispute(bank.buy())
    ChargeDispute.objects.update(status=status)
    assert operations.apply_state(dispute_id=work.pk, now=now()).suspended


def test_a_word_that_we_do_not_know_begins_nothing_and_ends_nothing(bank: Bank) -> None:
    first, second = bank.buy(), bank.buy(key="another-page-key")
    running, asked = bank.dispute(first), bank.dispute(second, inquiry=True)
    ChargeDispute.objects.update(status=DisputeStatus.UNKNOWN, is_inquiry=False)
    assert operations.apply_state(dispute_id=running.pk, now=now()).suspended
    assert not operations.apply_state(dispute_id=asked.pk, now=now()).suspended
    assert bank.credits() == (100, 100)


@pytest.mark.clause("9.1")
def test_an_inquiry_is_no_chargeback_and_may_be_refunded(bank: Bank) -> None:
    order = bank.buy()
    work = bank.dispute(order, inquiry=True)
    assert (work.suspended, bank.credits()) == (False, (100, 0))
    work = bank.submit(work)
    assert (work.dispute.status, work.suspended) == ("warning_under_review", False)
    refund = paying.intend_refund(
        account_id=order.account_id,
        charge_id=work.dispute.charge_id,
        amount_minor=order.total_minor,
        decision_id="dec_1",
        reason="6.1",
        revokes_credits=True,
        now=now(),
    )
    assert paying.follow_refund(refund_id=refund.pk, now=now()).state == RefundState.SUCCEEDED
    work = bank.hear(work.dispute.processor_dispute_id)
    assert (work.dispute.status, work.suspended) == ("warning_closed", False)


def test_an_inquiry_that_becomes_a_chargeback_suspends(bank: Bank) -> None:
    work = bank.decide(bank.dispute(bank.buy(), inquiry=True), "escalated")
    assert (work.dispute.status, work.suspended) == ("needs_response", True)
    assert bank.credits() == (0, 100)


@pytest.mark.clause("9.1")
def test_who_wrote_to_us_before_loses_nothing_meanwhile(bank: Bank) -> None:
    order = bank.buy()
    write_to_us(bank)
    work = bank.dispute(order)
    assert (work.contacted_before, work.suspended, bank.credits()) == (True, False, (100, 0))
    assert "before" in work.why
    assert letters(work) == []


def test_a_mail_that_nobody_has_proven_yet_is_a_contact_too(bank: Bank) -> None:
    order = bank.buy()
    write_to_us(bank, account_id=None, identity_level=0, channel=Channel.MAIL)
    assert not bank.dispute(order).suspended


def test_writing_after_the_dispute_changes_nothing(bank: Bank) -> None:
    work = bank.dispute(bank.buy())
    write_to_us(bank)
    ChargeDispute.objects.update(opened_at=now() - timedelta(hours=1))
    assert operations.apply_state(dispute_id=work.pk, now=now()).suspended


@pytest.mark.parametrize("reason", ["fraudulent", "unrecognized"])
@pytest.mark.clause("9.1")
def test_where_a_word_to_us_could_not_have_helped_nothing_rests(bank: Bank, reason: str) -> None:
    work = bank.dispute(bank.buy(), reason)
    assert (work.suspended, bank.credits()) == (False, (100, 0))


@pytest.mark.clause("9.1", "5.2a", "5.2b", "5.2c", "5.2d")
def test_a_matter_of_taste_suspends_nothing(bank: Bank) -> None:
    """The bank's word is not enough: our records know whether something was there to be mended."""
    order = bank.buy()
    job(bank, took=2, delivered=2)
    bank.sandbox.panel("clock", offset_s=60)
    work = bank.dispute(order, "product_unacceptable")
    assert (work.suspended, bank.credits()) == (False, (98, 0))
    assert "could not have resolved" in work.why


@pytest.mark.clause("9.1", "5.3")
def test_a_job_that_kept_credits_for_nothing_was_there_to_be_mended(bank: Bank) -> None:
    order = bank.buy()
    job(bank, took=3, delivered=2)
    bank.sandbox.panel("clock", offset_s=60)
    work = bank.dispute(order, "product_unacceptable")
    assert (work.suspended, bank.credits()) == (True, (0, 97))


def test_the_second_charge_of_an_order_bought_nothing(bank: Bank) -> None:
    """A duplicate is disputed: the order that the first charge paid for stays usable."""
    order = bank.buy()
    charge_again(bank.sandbox, order)
    assert Charge.objects.filter(order=order).count() == 2
    work = bank.dispute(order, "duplicate")
    assert (work.suspended, bank.credits()) == (False, (100, 0))


def test_the_plan_is_locked_before_the_wallet_as_a_renewal_locks_them(bank: Bank) -> None:
    """Two that lock in different orders wait for each other until the database ends one."""
    with CaptureQueriesContext(connection) as seen:
        assert bank.dispute(bank.buy("bench")).suspended
    locks = {"plan": r'FROM "payments_subscription".* FOR UPDATE', "wallet": r"ledger_lock\("}
    last = {
        what: max(n for n, one in enumerate(seen) if re.search(lock, one["sql"], re.DOTALL))
        for what, lock in locks.items()
    }
    assert last["plan"] < last["wallet"]


def test_a_plan_rests_with_its_month_and_comes_back(bank: Bank) -> None:
    order = bank.buy("bench")
    assert order.subscription_id
    work = bank.dispute(order)
    assert (bank.credits(), bank.is_suspended(order)) == ((0, 60), True)
    bank.decide(work, "won")
    assert (bank.credits(), bank.is_suspended(order)) == ((60, 0), False)


def test_hints_that_repeat_or_come_late_change_nothing(bank: Bank) -> None:
    work = bank.dispute(bank.buy())
    for _ in range(3):
        work = bank.hear(work.dispute.processor_dispute_id)
    assert (work.turns, LotSuspension.objects.count()) == (1, 1)
    work = bank.decide(work, "won")
    for _ in range(3):
        work = bank.hear(work.dispute.processor_dispute_id)
    assert (work.turns, bank.credits()) == (2, (100, 0))
    assert len(letters(work)) == 1


@pytest.mark.clause("9.1")
def test_the_customer_is_told_which_charge_what_rests_and_what_ends_it(bank: Bank) -> None:
    order = bank.buy()
    work = bank.dispute(order)
    (told,) = letters(work)
    assert order.label in told
    for words in ("credits", "downloads", "stays available", "ends automatically", "9.1"):
        assert words in told
    assert mail.outbox[0].to == [order.buyer_email]
    told = letters(bank.decide(work, "won"))[1]
    assert f"Order {order.label} is available again" in told


def test_each_change_is_audited_and_shown_to_its_own_account_only(bank: Bank) -> None:
    order = bank.buy()
    work = bank.dispute(order)
    assert [one.pk for one in queries.suspensions(account_id=order.account_id)] == [work.pk]
    assert queries.suspensions(account_id="acct_other") == []
    with pytest.raises(DisputeWork.DoesNotExist):
        queries.work(dispute_id=work.pk, account_id="acct_other")
    bank.decide(work, "won")
    assert queries.suspensions(account_id=order.account_id) == []
    noted = AuditEntry.objects.filter(subject=f"dispute:{work.pk}").order_by("id")
    assert [one.action for one in noted] == ["dispute.suspended", "dispute.reinstated"]
    assert {one.account_id for one in noted} == {order.account_id}


def test_a_recomputation_that_was_lost_is_made_up_for(bank: Bank) -> None:
    work = bank.dispute(bank.buy())
    assert queries.uncomputed() == []
    bank.sandbox.panel(f"disputes/{work.dispute.processor_dispute_id}/decide", outcome="won")
    hint = {"object": "dispute", "object_id": work.dispute.processor_dispute_id}
    paying.handle_event(hint, now=now())
    assert queries.uncomputed() == [work.pk]
    assert payments.dispute(dispute_id=work.pk).status == DisputeStatus.WON


def test_a_consumer_who_may_still_withdraw_by_law_keeps_everything(bank: Bank) -> None:
    """A month of a plan is a service: agreeing that it begins at once waives nothing."""
    order = bank.buy_as_consumer("bench", country="DE")
    work = bank.dispute(order, "credit_not_processed")
    assert (work.suspended, bank.credits()) == (False, (60, 0))
    assert "law" in work.why
