"""A dispute that the bank decides against us, and changes its mind about: edges 8 and 13."""

from datetime import datetime

import pytest
from django.core import mail
from django.db import IntegrityError

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.disputes import operations, queries
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations as spending
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Subscription
from jewelrymodel.payments.operations import subscription_emails
from jewelrymodel.payments.statuses import DisputeStatus
from tests.support.bank import Bank
from tests.support.shop import now

pytestmark = pytest.mark.django_db


def test_what_was_spent_becomes_the_debt_of_that_charge(bank: Bank) -> None:
    order = bank.buy()
    bank.spend(30)
    work = bank.decide(bank.dispute(order), "lost")
    assert (work.debt_credits, bank.credits()) == (30, (0, 70))
    charge = Charge.objects.get()
    assert (charge.kept_minor, charge.lost_minor) == (0, 3900)
    bank.buy(key="another-page-key")
    assert bank.credits() == (100, 70), "a later purchase is never eaten"
    assert not ledger.verify()


def test_what_was_lost_does_not_rest_only_where_9_1_allowed_it(bank: Bank) -> None:
    """A stolen card suspends nothing; once the bank took the money the rest can't be spent."""
    order = bank.buy()
    bank.spend(30)
    work = bank.dispute(order, "fraudulent")
    assert bank.credits() == (70, 0)
    work = bank.decide(work, "lost")
    assert (work.debt_credits, bank.credits()) == (30, (0, 70))


def test_a_dispute_that_flips_is_followed_each_time(bank: Bank) -> None:
    order = bank.buy()
    made = bank.spend(30)
    work = bank.dispute(order)
    for _ in range(2):
        work = bank.decide(work, "lost")
        assert (work.debt_credits, bank.credits()) == (30, (0, 70))
        work = bank.decide(work, "won")
        assert (work.debt_credits, bank.credits()) == (0, (70, 0))
        assert not ledger.is_made_from_suspended(made)
    assert not ledger.verify()


def test_once_lost_it_is_lost_until_it_is_won(bank: Bank) -> None:
    """An appeal is no decision: the bank still has the money."""
    order = bank.buy()
    made = bank.spend(30)
    work = bank.appeal(bank.decide(bank.dispute(order), "lost"))
    assert work.dispute.status == DisputeStatus.APPEAL_UNDER_REVIEW
    assert (work.lost, work.debt_credits, bank.credits()) == (True, 30, (0, 70))
    assert ledger.is_made_from_suspended(made)
    charge = Charge.objects.get()
    assert (charge.kept_minor, charge.lost_minor) == (0, 3900)
    with pytest.raises(paying.RefundTooLarge):
        paying.intend_refund(
            account_id=order.account_id,
            charge_id=charge.pk,
            amount_minor=1,
            decision_id="dec_1",
            reason="6.1",
            revokes_credits=False,
            now=now(),
        )
    work = bank.decide(work, "won")
    assert (work.lost, work.debt_credits, bank.credits()) == (False, 0, (70, 0))
    charge.refresh_from_db()
    assert (charge.kept_minor, charge.lost_minor) == (3900, 0)
    assert not ledger.verify()


def test_what_is_appealed_was_lost_also_where_nobody_told_us(bank: Bank) -> None:
    order = bank.buy()
    made = bank.spend(30)
    work = bank.dispute(order)
    disputed = work.dispute.processor_dispute_id
    for outcome in ("lost", "appealed"):
        bank.sandbox.panel(f"disputes/{disputed}/decide", outcome=outcome)
    work = bank.hear(disputed)
    assert work.dispute.status == DisputeStatus.APPEAL_UNDER_REVIEW
    assert (work.lost, work.debt_credits, bank.credits()) == (True, 30, (0, 70))
    assert ledger.is_made_from_suspended(made)
    charge = Charge.objects.get()
    assert (charge.kept_minor, charge.lost_minor) == (0, 3900)


def test_an_appeal_that_was_taken_for_open_is_lost_at_the_next_look(bank: Bank) -> None:
    """As rows are that were written before what is appealed counted as lost."""
    work = bank.appeal(bank.decide(bank.dispute(bank.buy()), "lost"))
    ChargeDispute.objects.update(lost_at=None)
    Charge.objects.update(lost_minor=0, kept_minor=3900)
    work = bank.hear(work.dispute.processor_dispute_id)
    assert work.lost
    assert Charge.objects.get().lost_minor == 3900


@pytest.mark.parametrize(("status", "lost_at"), [("lost", None), ("won", now())])
def test_the_database_refuses_a_loss_that_is_none(
    bank: Bank, status: str, lost_at: datetime | None
) -> None:
    bank.dispute(bank.buy())
    with pytest.raises(IntegrityError, match="payments_dispute_lost_until_won"):
        ChargeDispute.objects.update(status=status, lost_at=lost_at)


def test_what_is_spent_between_two_losses_is_owed_at_the_second(bank: Bank) -> None:
    order = bank.buy()
    bank.spend(30)
    work = bank.decide(bank.decide(bank.dispute(order), "lost"), "won")
    bank.spend(5, "task:2")
    assert bank.decide(work, "lost").debt_credits == 35
    assert not ledger.verify()


def test_the_customer_is_told_of_the_loss_in_its_own_words(bank: Bank) -> None:
    order = bank.buy()
    bank.spend(30)
    work = bank.decide(bank.dispute(order, "fraudulent"), "lost")
    operations.notify_customer(dispute_id=work.pk, now=now())
    (told,) = mail.outbox
    assert "returned the payment to you" in told.body
    assert "30" in told.body
    assert "While it does" not in told.body


def test_a_job_that_ends_after_the_loss_is_owed_too(bank: Bank) -> None:
    order = bank.buy()
    hold = bank.reserve(6)
    work = bank.decide(bank.dispute(order), "lost")
    assert (work.debt_credits, queries.owing_more(now=now())) == (0, [])
    spending.capture(hold_id=hold, quantity=4, idempotency_key="late", now=now())
    assert queries.owing_more(now=now()) == [work.pk]
    assert operations.apply_state(dispute_id=work.pk, now=now()).debt_credits == 4
    assert queries.owing_more(now=now()) == []
    assert bank.credits() == (0, 96), "what came back of the job rests with the others"
    assert not ledger.verify()


def test_a_plan_is_not_kept_from_its_later_months(bank: Bank) -> None:
    """The bank took one month back; the months paid after it are other purchases."""
    order = bank.buy("bench")
    work = bank.dispute(order)
    assert bank.is_suspended(order)
    bank.decide(work, "lost")
    assert not bank.is_suspended(order)


def test_a_plan_rests_only_in_the_month_that_is_disputed(bank: Bank) -> None:
    order = bank.buy("bench")
    work = bank.dispute(order)
    assert bank.is_suspended(order)
    assert order.period_ends_at
    assert operations.apply_state(dispute_id=work.pk, now=order.period_ends_at).suspended
    assert not bank.is_suspended(order)


def renews(order: Order) -> bool:
    return Subscription.objects.get(pk=order.subscription_id).renews


@pytest.mark.clause("3.2", "9.1")
def test_whoever_tells_their_bank_that_they_had_canceled_is_charged_no_further(bank: Bank) -> None:
    order = bank.buy("bench")
    work = bank.dispute(order, "subscription_canceled")
    assert not renews(order)
    entry = AuditEntry.objects.get(action="subscription.canceled")
    assert (entry.actor, order.label in entry.reason) == ("system:disputes", True)
    assert subscription_emails.tell_renewing(subscription_id=order.subscription_id or "")
    told = " ".join(str(mail.outbox[-1].body).split())
    assert "is disputed at your bank" in told
    assert "stays yours" not in told
    resume(order)
    bank.hear(work.dispute.processor_dispute_id)
    assert renews(order), "they have said otherwise since"


def test_whoever_has_the_running_month_back_by_their_bank_has_left_the_plan(bank: Bank) -> None:
    order = bank.buy("bench")
    work = bank.dispute(order, "product_not_received")
    assert renews(order), "nothing is decided yet"
    bank.decide(work, "lost")
    assert not renews(order)


def test_a_word_that_we_do_not_know_ends_no_plan(bank: Bank) -> None:
    """As the first thing that we hear of it (edge 16)."""
    order = bank.buy("bench")
    work = bank.dispute(order, "subscription_canceled", inquiry=True)
    DisputeWork.objects.all().delete()
    ChargeDispute.objects.update(status=DisputeStatus.UNKNOWN, is_inquiry=False)
    operations.apply_state(dispute_id=work.pk, now=now())
    assert renews(order)


def test_an_inquiry_ends_no_plan_until_it_is_a_chargeback(bank: Bank) -> None:
    order = bank.buy("bench")
    work = bank.dispute(order, "subscription_canceled", inquiry=True)
    assert renews(order)
    bank.decide(work, "escalated")
    assert not renews(order), "it is a chargeback now"
    resume(order)
    bank.hear(work.dispute.processor_dispute_id)
    assert renews(order), "they have said otherwise since"


def resume(order: Order) -> None:
    paying.resume_subscription(
        account_id=order.account_id,
        subscription_id=order.subscription_id or "",
        actor=Actor.user(1),
        now=now(),
    )
