"""In no email about a subscription, a dispute or a held order is a sentence left untranslated."""

from datetime import timedelta

import pytest
from django.core import mail

from jewelrymodel.accounts.models import Membership
from jewelrymodel.disputes import operations as disputes
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.operations.subscription_emails import send_card_expiry
from jewelrymodel.payments.processor_objects import RenewalCard
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries, reconcilers
from tests.support.bank import Bank
from tests.support.held_orders import held
from tests.support.plans import DAY, Plan, letters, resume
from tests.support.pseudo_pages import Walk
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db


def read_all(buyer: Walk) -> None:
    """Read every email that was sent."""
    assert mail.outbox
    for one in mail.outbox:
        buyer.read(one)
    assert not buyer.escaped, buyer.report()


def test_a_subscriptions_emails(sandbox: Sandbox, seller: Membership, buyer: Walk) -> None:
    plan = Plan(sandbox, seller)
    plan.cancel()
    letters(plan)
    resume(plan)
    letters(plan)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    for order in Order.objects.filter(delivered_at__isnull=False):
        payments.confirm_order(order_id=order.pk, now=plan.at)
    sandbox.panel("faults", decline_renewals=9)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    payments.warn_past_due(subscription_id=plan.row.id)
    buyer.get("/billing")
    plan.go(plan.at + 30 * DAY)
    plan.look()
    letters(plan)
    buyer.get("/billing")
    read_all(buyer)


def test_emails_about_renewals_that_nobody_collects(
    sandbox: Sandbox, seller: Membership, buyer: Walk
) -> None:
    plan = Plan(sandbox, seller)
    there = f"subscriptions/{plan.row.processor_subscription_id}/pause"
    sandbox.panel(there, behavior="void")
    plan.go(plan.row.period_ends_at + timedelta(hours=3))
    assert payments.tell_unrenewed(subscription_id=plan.row.pk, now=plan.at)
    assert send_card_expiry(plan.row, RenewalCard("visa", "4242", 2027, 1))
    buyer.get("/billing")
    read_all(buyer)


def test_emails_about_disputes_and_held_orders(
    sandbox: Sandbox, seller: Membership, buyer: Walk
) -> None:
    bank = Bank(sandbox, seller)
    work = bank.dispute(bank.buy("case", key="a-disputed-case"))
    for outcome in ("", "won", "lost"):
        if outcome:
            work = bank.decide(work, outcome)
        disputes.notify_customer(dispute_id=work.pk, now=now())
    held(sandbox, seller, sku="tray")
    reconcilers.run(now=now() + timedelta(minutes=6))
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=1)):
        support.mail_entry(entry_id=entry_id, now=now())
    read_all(buyer)
