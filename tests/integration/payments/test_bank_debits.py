"""Bank debits: on their way for days, then paid or returned; every order of one has an end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra import clock
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, queries, rules
from jewelrymodel.payments.models import Charge, Order, Subscription
from jewelrymodel.payments.operations import order_settlement
from jewelrymodel.payments.processor_objects import IntentStatus
from jewelrymodel.payments.statuses import OpenInvoiceStatus, OrderState, SubscriptionState
from jewelrymodel.privacy import queries as privacy
from tests.support.plans import DAY, Plan
from tests.support.shop import Sandbox, now, start

pytestmark = pytest.mark.django_db
PAYS, RETURNED = "us_bank_account", "us_bank_account_fails"
LONG_ENOUGH = 6 * DAY


class Debit:
    """An order that is paid by bank debit; *at* is everybody's present."""

    def __init__(self, sandbox: Sandbox, seller: Membership, method: str, sku: str) -> None:
        self.sandbox, self.seller, self.at = sandbox, seller, now()
        checkout = start(seller, sku=sku)
        assert sandbox.http.post(checkout.url, data={"method": method}).status_code == 303
        self.order_id = checkout.order.pk

    def settle(self) -> Order:
        return operations.settle_order(order_id=self.order_id, now=self.at)

    def wait(self, time: timedelta = LONG_ENOUGH) -> None:
        self.at += time
        self.sandbox.panel("clock", offset_s=round((self.at - now()).total_seconds()))

    def end(self) -> bool:
        """Do what the failure's event wakes."""
        names = {job.task_name for job in ProcrastinateJob.objects.all()}
        assert "payments.end_failed_order" in names
        return operations.end_failed_order(order_id=self.order_id, now=self.at)

    @property
    def credits(self) -> int:
        return ledger.balance(self.seller.account_id, self.at).available


@pytest.mark.parametrize(("sku", "added"), [("case", 100), ("bench", 60)])
def test_a_debit_delivers_once_the_bank_has_paid(
    sandbox: Sandbox, seller: Membership, sku: str, added: int
) -> None:
    debit = Debit(sandbox, seller, PAYS, sku)
    pending = debit.settle()
    assert (pending.state, pending.session_url) == (OrderState.PAYMENT_PENDING, "")
    assert (debit.credits, Charge.objects.count(), Subscription.objects.count()) == (0, 0, 0)
    debit.wait()
    assert [debit.settle().state for _ in range(2)] == [OrderState.DELIVERED] * 2
    charge = Charge.objects.get()
    assert (debit.credits, charge.paid_with) == (added, "Bank account ending in 6789")


@pytest.mark.parametrize("sku", ["case", "bench"])
def test_a_debit_that_is_returned_ends_the_order_and_is_mailed(
    sandbox: Sandbox, seller: Membership, sku: str
) -> None:
    debit = Debit(sandbox, seller, RETURNED, sku)
    debit.settle()
    debit.wait()
    failed = debit.settle()
    assert (failed.state, failed.closed_at) == (OrderState.PAYMENT_FAILED, debit.at)
    assert "insufficient funds" in failed.decline
    assert debit.end()
    assert "didn’t go through" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == [failed.buyer_email]
    debit.wait(40 * DAY)
    assert debit.settle().state == OrderState.PAYMENT_FAILED
    assert (Charge.objects.count(), debit.credits) == (0, 0), "nothing is tried again"


def test_paid_although_it_had_been_returned_is_delivered(
    sandbox: Sandbox, seller: Membership
) -> None:
    debit = Debit(sandbox, seller, RETURNED, "bench")
    debit.settle()
    debit.wait()
    there = debit.settle().processor_subscription_id
    invoice = sandbox.http.get(
        "/v1/invoices", params={"subscription": there}, auth=("sk_test_sandbox_tests", "")
    ).json()["data"][0]
    paid = sandbox.http.post(
        f"/v1/invoices/{invoice['id']}/pay",
        data={"payment_method": "pm_card_visa"},
        auth=("sk_test_sandbox_tests", ""),
    )
    assert paid.json()["status"] == "paid", paid.text
    assert not debit.end(), "it is delivered, so nothing is mailed"
    assert Order.objects.get().state == OrderState.DELIVERED
    operations.settle_subscription(processor_subscription_id=there, now=debit.at)
    assert Subscription.objects.get().state == SubscriptionState.CANCELED


def first_invoice(debit: Debit, order: Order) -> str:
    listed = debit.sandbox.http.get(
        "/v1/invoices",
        params={"subscription": order.processor_subscription_id},
        auth=("sk_test_sandbox_tests", ""),
    )
    return str(listed.json()["data"][0]["id"])


@pytest.mark.parametrize("how", ["void", "uncollectible"])
def test_a_first_invoice_that_is_given_up_ends_the_order(
    sandbox: Sandbox, seller: Membership, how: str
) -> None:
    debit = Debit(sandbox, seller, PAYS, "bench")
    order = debit.settle()
    assert order.state == OrderState.PAYMENT_PENDING
    sandbox.panel(f"invoices/{first_invoice(debit, order)}/settle", how=how)
    assert [debit.settle().state for _ in range(2)] == [OrderState.PAYMENT_FAILED] * 2
    assert debit.end()
    assert not queries.renews_already(account_id=seller.account_id)


@pytest.mark.parametrize(
    ("intent", "state"),
    [
        (None, OrderState.PAYMENT_FAILED),
        (IntentStatus.REQUIRES_ACTION, OrderState.PAYMENT_FAILED),
        (IntentStatus.PROCESSING, OrderState.PAYMENT_PENDING),
    ],
)
def test_a_returned_debit_is_pending_again_only_where_another_was_begun(
    sandbox: Sandbox,
    seller: Membership,
    monkeypatch: pytest.MonkeyPatch,
    intent: IntentStatus | None,
    state: OrderState,
) -> None:
    debit = Debit(sandbox, seller, RETURNED, "case")
    debit.settle()
    debit.wait()
    failed = debit.settle()
    seen = replace(order_settlement._look(failed, debit.at), intent=intent, decline="")
    monkeypatch.setattr(order_settlement, "_look", lambda *_: seen)
    order = debit.settle()
    assert order.state == state
    assert order.decline == (failed.decline if state == OrderState.PAYMENT_FAILED else "")


def test_the_sweeper_and_every_message_lead_to_its_end(
    sandbox: Sandbox, seller: Membership
) -> None:
    debit = Debit(sandbox, seller, PAYS, "case")
    debit.settle()
    assert queries.orders_to_look_at(now=debit.at, limit=9) == []
    assert queries.orders_to_look_at(now=debit.at + rules.PENDING_LOOK, limit=9) == [debit.order_id]
    charges = sandbox.http.get("/v1/charges", auth=("sk_test_sandbox_tests", "")).json()["data"]
    hint = {"object": "charge", "object_id": charges[0]["id"], "order_id": debit.order_id}
    assert operations.handle_event(hint, now=debit.at) == OrderState.PAYMENT_PENDING
    assert Charge.objects.count() == 0, "a charge that is pending took no money"
    debit.wait()
    assert operations.handle_event(hint, now=debit.at) == OrderState.DELIVERED
    assert Charge.objects.count() == 1


def test_nothing_is_sold_canceled_or_closed_over_a_debit_that_is_on_its_way(
    sandbox: Sandbox, seller: Membership
) -> None:
    debit = Debit(sandbox, seller, PAYS, "bench")
    order = debit.settle()
    with pytest.raises(operations.AlreadySubscribed):
        start(seller, sku="atelier", key="another-page")
    kept = operations.cancel_order(account_id=seller.account_id, order_id=order.pk, now=debit.at)
    assert kept.state == OrderState.PAYMENT_PENDING
    assert operations.continue_to_pay(account_id=seller.account_id, order_id=order.pk).url == ""
    matters = privacy.open_matters(account_id=seller.account_id, now=debit.at + DAY)
    assert [one.pk for one in matters.unpaid_orders] == [order.pk]
    assert operations.reconcile_subscriptions(now=debit.at) == []


@pytest.mark.parametrize(
    ("method", "pending", "ended"),
    [
        (PAYS, "Your bank debit is in progress", "Payment received"),
        (RETURNED, "Your bank debit is in progress", "Your payment didn’t go through"),
    ],
)
def test_the_page_says_how_it_stands(
    sandbox: Sandbox,
    seller: Membership,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    pending: str,
    ended: str,
) -> None:
    debit = Debit(sandbox, seller, method, "case")
    client.force_login(seller.user)
    address = f"/billing/orders/{debit.order_id}/return"
    html = client.get(address).content.decode()
    assert f"<h1>{pending}</h1>" in html
    assert "Continue to pay" not in html
    assert ">Bank debit in progress</span>" in client.get("/billing").content.decode()
    debit.wait()
    monkeypatch.setattr(clock, "now", lambda: debit.at)
    assert ended in client.get(address).content.decode()


def test_a_renewal_by_debit_is_being_collected_for_days(
    sandbox: Sandbox, seller: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    debit = Debit(sandbox, seller, PAYS, "bench")
    debit.wait()
    debit.settle()
    plan = Plan.__new__(Plan)
    plan.sandbox, plan.account_id = sandbox, seller.account_id
    plan.go(plan.row.period_ends_at + 4 * DAY)
    assert plan.look().open_invoice_status == OpenInvoiceStatus.PROCESSING
    assert queries.collection_of(subscription=plan.row, now=plan.at) is rules.Collection.COLLECTING
    assert operations.overdue_renewals(now=plan.at) == []
    monkeypatch.setattr(clock, "now", lambda: plan.at)
    client.force_login(seller.user)
    html = client.get("/billing").content.decode()
    assert "The bank debit for your renewal is in progress ($19.00)" in html
    plan.go(plan.at + 2 * DAY)
    assert plan.look().state == SubscriptionState.ACTIVE
    assert Order.objects.filter(state=OrderState.DELIVERED).count() == 2
