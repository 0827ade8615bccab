"""The processor's rare words, and those that we don't know: each has a meaning, or is a case."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, ChargeDispute, Refund
from jewelrymodel.payments.refund_status import refund_words
from jewelrymodel.payments.statuses import (
    DisputeStatus,
    HoldReason,
    OpenInvoiceStatus,
    OrderState,
    RefundState,
    SubscriptionState,
)
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.plans import Plan
from tests.support.refunds import books, dispute, follow, free_and_suspended, intend
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
STRANGE = "sideways"
SOON = timedelta(minutes=6)


def say(sandbox: Sandbox, object_id: str | None, word: str, field: str = "status") -> None:
    sandbox.panel(f"objects/{object_id}/say", field=field, word=word)


def checks(later: timedelta = SOON) -> list[str]:
    """The checks that have opened a case by then."""
    reconcilers.run(now=now() + later)
    return list(Case.objects.order_by("number").values_list("check_name", flat=True))


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("no_payment_required", HoldReason.PAGE_WITHOUT_CHARGE),
        (STRANGE, HoldReason.UNKNOWN_STATUS),
    ],
)
def test_a_page_that_asks_for_no_payment_delivers_nothing_and_is_a_case(
    sandbox: Sandbox, seller: Membership, word: str, why: str
) -> None:
    order = start(seller).order
    say(sandbox, order.session_id, "complete")
    say(sandbox, order.session_id, word, field="payment_status")
    order = settle(order)
    assert (order.state, order.held_code) == (OrderState.REQUIRES_REVIEW, why)
    assert ledger.balance(seller.account_id, now()).available == 0
    assert checks() == ["paid_not_granted"]


@pytest.mark.parametrize(
    ("word", "state", "cases"),
    [
        ("unpaid", SubscriptionState.PAST_DUE, ["billed_unknown"]),
        ("incomplete", SubscriptionState.PAST_DUE, []),
        ("incomplete_expired", SubscriptionState.CANCELED, []),
        ("trialing", SubscriptionState.ACTIVE, ["billed_unknown"]),
        ("paused", SubscriptionState.ACTIVE, ["billed_unknown"]),
        (STRANGE, SubscriptionState.ACTIVE, ["billed_unknown"]),
    ],
)
def test_each_status_of_a_subscription_has_a_meaning_or_is_a_case(
    sandbox: Sandbox, seller: Membership, word: str, state: str, cases: list[str]
) -> None:
    plan = Plan(sandbox, seller)
    say(sandbox, plan.row.processor_subscription_id, word)
    assert plan.look().state == state
    assert checks() == cases
    assert plan.credits() == 60, "what was paid stays"


def test_of_an_unpaid_plan_the_invoice_before_the_drafts_can_be_paid_in_its_month(
    sandbox: Sandbox, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(sandbox, seller)
    sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    owed = plan.look().open_invoice_id
    sandbox.panel(
        f"subscriptions/{plan.row.processor_subscription_id}/pause", behavior="keep_as_draft"
    )
    sandbox.panel("faults", decline_renewals=9)
    plan.go(plan.at + timedelta(days=20))
    say(sandbox, plan.row.processor_subscription_id, "unpaid")
    row = plan.look()
    assert (row.open_invoice_id, row.open_invoice_status) == (owed, OpenInvoiceStatus.UNCOLLECTED)
    assert row.is_payable
    words = _billing(plan, seller, client, monkeypatch)
    assert "we won’t try again. You can still pay it" in words
    assert "over the next few days" not in words
    assert operations.warn_past_due(subscription_id=row.pk)
    assert "We won’t try the payment again" in mail.outbox[-1].body


def test_of_an_unpaid_plan_no_month_that_is_over_is_offered(
    sandbox: Sandbox, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who paid for it would get nothing: their money kept, and no credits."""
    plan = Plan(sandbox, seller)
    sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    assert plan.look().is_payable
    sandbox.panel(
        f"subscriptions/{plan.row.processor_subscription_id}/pause", behavior="keep_as_draft"
    )
    sandbox.panel("faults", decline_renewals=9)
    plan.go(plan.at + timedelta(days=32))
    say(sandbox, plan.row.processor_subscription_id, "unpaid")
    assert (
        operations.renewal_page(
            account_id=plan.account_id, subscription_id=plan.row.pk, now=plan.at
        )
        == ""
    )
    row = plan.look()
    assert (row.state, row.open_invoice_id) == (SubscriptionState.PAST_DUE, "")
    words = _billing(plan, seller, client, monkeypatch)
    assert "Contact us if you want to keep the subscription." in words
    assert "Pay $19.00 now" not in words
    assert checks(plan.at - now()) == ["billed_unknown"]


def _billing(
    plan: Plan, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.setattr(clock, "now", lambda: plan.at)
    client.force_login(seller.user)
    return " ".join(client.get("/billing").content.decode().split())


def test_of_an_unpaid_plan_its_customer_reads_what_is_so_and_staff_what_to_do(
    sandbox: Sandbox, seller: Membership
) -> None:
    plan = Plan(sandbox, seller)
    say(sandbox, plan.row.processor_subscription_id, "unpaid")
    assert checks() == ["billed_unknown"]
    event, note = Case.objects.get().entries.order_by("pk")
    assert "A renewal of the subscription" in event.text
    assert "wasn’t paid" in event.text
    assert "cancel" not in event.text
    assert (event.internal, note.internal) == (False, True)
    assert "cancel the subscription" in note.text


@pytest.mark.parametrize(
    ("word", "state", "words"),
    [
        ("requires_action", RefundState.REQUIRES_ACTION, "waiting for your bank details"),
        (STRANGE, RefundState.PENDING, "delayed"),
    ],
)
def test_a_refund_that_does_not_go_on_is_said_and_after_a_day_a_case(
    sandbox: Sandbox, charge: Charge, word: str, state: str, words: str
) -> None:
    made = _pending_there(sandbox, charge)
    say(sandbox, made["id"], word)
    operations.handle_event({"object": "refund", "object_id": made["id"]}, now=now())
    refund = Refund.objects.get()
    assert (refund.state, refund.refusal) == (state, word)
    assert free_and_suspended(charge) == (0, 100)
    with translation.override("en"):
        assert words in refund_words(refund)
    assert checks() == []
    assert checks(timedelta(days=1, hours=1)) == ["decided_not_paid"]
    say(sandbox, made["id"], "succeeded")
    refund = operations.follow_refund(refund_id=refund.pk, now=now())
    assert (refund.state, refund.refusal) == (RefundState.SUCCEEDED, "")
    assert free_and_suspended(charge) == (0, 0)


def test_a_strange_word_about_a_refund_that_succeeded_moves_no_money(
    sandbox: Sandbox, charge: Charge
) -> None:
    refund = follow(intend(charge))
    say(sandbox, refund.processor_refund_id, STRANGE)
    for _again in range(2):
        refund = follow(refund)
        assert (refund.state, refund.refusal) == (RefundState.SUCCEEDED, "")
        assert (books(charge), free_and_suspended(charge)) == ((0, 3900, 0), (0, 0))
    noted = AuditEntry.objects.filter(
        action="order.refund_unknown", subject=f"order:{charge.order_id}"
    )
    assert STRANGE in noted.latest("happened_at").reason
    assert checks() == []


def test_one_that_fails_after_it_was_stuck_is_a_case_of_its_own(
    sandbox: Sandbox, charge: Charge
) -> None:
    made = _pending_there(sandbox, charge)
    say(sandbox, made["id"], "requires_action")
    operations.handle_event({"object": "refund", "object_id": made["id"]}, now=now())
    assert checks(timedelta(days=1, hours=1)) == ["decided_not_paid"]
    Case.objects.update(closed_at=now())
    say(sandbox, made["id"], "failed")
    operations.follow_refund(refund_id=Refund.objects.get().pk, now=now())
    for _again in range(2):  # the word alone moves no money at the sandbox, so its books differ too
        assert checks(timedelta(days=2)).count("decided_not_paid") == 2
    assert "failed" in Case.objects.get(check_subject__endswith=":failed").entries.get().text


def test_one_that_is_canceled_there_is_a_case(sandbox: Sandbox, charge: Charge) -> None:
    made = _pending_there(sandbox, charge)
    say(sandbox, made["id"], "canceled")
    operations.follow_refund(refund_id=Refund.objects.get().pk, now=now())
    assert free_and_suspended(charge) == (100, 0)
    assert "decided_not_paid" in checks()
    (case,) = Case.objects.filter(check_name="decided_not_paid")
    assert "was canceled" in case.entries.get().text


def _pending_there(sandbox: Sandbox, charge: Charge) -> dict[str, Any]:
    """Somebody refunds it at the dashboard, and it stays pending."""
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=99 * 86_400)
    made = sandbox.panel(f"charges/{charge.processor_charge_id}/refund")
    operations.adopt_refunds(charge_id=charge.pk, now=now())
    return made


def test_a_refund_of_ours_that_does_not_go_on_keeps_its_credits_suspended(
    sandbox: Sandbox, charge: Charge
) -> None:
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=99 * 86_400)
    refund = follow(intend(charge))
    say(sandbox, refund.processor_refund_id, STRANGE)
    refund = follow(refund)
    assert (refund.state, refund.refusal) == (RefundState.PENDING, STRANGE)
    say(sandbox, refund.processor_refund_id, "canceled")
    refund = follow(refund)
    assert (refund.state, refund.refusal) == (RefundState.CANCELED, "")
    assert free_and_suspended(charge) == (100, 0)


@pytest.mark.parametrize(
    ("word", "status"),
    [("prevented", DisputeStatus.PREVENTED), (STRANGE, DisputeStatus.UNKNOWN)],
)
def test_each_status_of_a_dispute_has_a_meaning(
    sandbox: Sandbox, charge: Charge, word: str, status: str
) -> None:
    opened = dispute(sandbox, charge)
    say(sandbox, opened.processor_dispute_id, word)
    operations.handle_event(
        {"object": "dispute", "object_id": opened.processor_dispute_id}, now=now()
    )
    seen = ChargeDispute.objects.get()
    assert (seen.status, seen.is_open) == (status, status == DisputeStatus.UNKNOWN)
    assert free_and_suspended(charge) == (100, 0)
