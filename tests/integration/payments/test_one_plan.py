"""Two payment pages for a plan, opened one after the other: only one plan comes of them."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.gateway import ProcessorDown
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.operations import Checkout
from jewelrymodel.payments.statuses import OrderState
from tests.support.plans import Plan
from tests.support.shop import Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db
REFUSAL = "You already have a subscription. You weren’t charged"


@pytest.fixture
def first(sandbox: Sandbox, seller: Membership) -> Checkout:
    """A payment page for a plan, opened and left."""
    return start(seller, sku="bench", key="the-page-that-was-left")


@pytest.fixture
def plan(first: Checkout, sandbox: Sandbox, seller: Membership) -> Plan:
    """The plan that was taken on a second page."""
    return Plan(sandbox, seller)


def state(checkout: Checkout) -> str:
    return str(Order.objects.get(pk=checkout.order.pk).state)


def test_the_page_that_was_left_is_closed_once_a_plan_is_delivered(
    first: Checkout, plan: Plan, sandbox: Sandbox
) -> None:
    job = ProcrastinateJob.objects.get(task_name="payments.close_other_plans")
    for _ in range(2):
        tasks.close_other_plans(subject_id=job.args["subject_id"])
    assert state(first) == OrderState.CANCELED
    assert sandbox.pay(first.url).status_code == 410
    assert Subscription.objects.count() == 1
    entry = AuditEntry.objects.get(action="order.canceled")
    assert (entry.subject, entry.actor) == (
        f"order:{first.order.pk}",
        "system:payments.close_unpaid_plans",
    )


def test_packages_other_accounts_and_paid_pages_are_left_alone(
    first: Checkout, plan: Plan, sandbox: Sandbox, seller: Membership
) -> None:
    package = start(seller, key="a-page-for-a-package")
    other = start(register("eve@rings.example"), sku="bench", key="another-account")
    sandbox.pay(first.url)
    tasks.close_other_plans(subject_id=plan.order.pk)
    assert (state(package), state(other)) == (OrderState.AWAITING_PAYMENT,) * 2
    assert state(first) == OrderState.DELIVERED, "paying was quicker, and what was paid is given"
    tasks.close_other_plans(subject_id=package.order.pk)
    assert state(package) == OrderState.AWAITING_PAYMENT


def test_nothing_is_closed_for_a_plan_that_was_canceled_meanwhile(
    first: Checkout, plan: Plan
) -> None:
    plan.cancel()
    tasks.close_other_plans(subject_id=plan.order.pk)
    assert state(first) == OrderState.AWAITING_PAYMENT
    operations.resume_subscription(
        account_id=plan.account_id, subscription_id=plan.row.id, actor=Actor.user(1), now=plan.at
    )
    assert ProcrastinateJob.objects.filter(task_name="payments.close_unpaid_plans").count() == 1
    tasks.close_unpaid_plans(subject_id=plan.row.id)
    assert state(first) == OrderState.CANCELED


def test_while_the_processor_is_down_the_job_fails_and_is_put_back(
    first: Checkout, plan: Plan, sandbox: Sandbox
) -> None:
    sandbox.panel("faults", down=True)
    with pytest.raises(ProcessorDown):
        tasks.close_other_plans(subject_id=plan.order.pk)
    sandbox.panel("faults", down=False)
    tasks.close_other_plans(subject_id=plan.order.pk)
    assert state(first) == OrderState.CANCELED


def test_no_way_leads_back_to_the_page_that_was_left(
    first: Checkout, plan: Plan, seller: Membership, client: Client
) -> None:
    with pytest.raises(operations.AlreadySubscribed):
        operations.continue_to_pay(account_id=plan.account_id, order_id=first.order.pk)
    with pytest.raises(operations.AlreadySubscribed):
        start(seller, sku="bench", key="the-page-that-was-left")
    client.force_login(seller.user)
    page = f"/billing/orders/{first.order.pk}"
    back = client.get(f"{page}/pay")
    assert back["Location"] == f"{page}/return"
    html = client.get(back["Location"]).content.decode()
    assert REFUSAL in html
    assert "Continue to pay" not in html
    assert "Cancel this order" in html


def test_without_a_plan_continuing_leads_to_the_payment_page(
    first: Checkout, seller: Membership, client: Client
) -> None:
    client.force_login(seller.user)
    page = f"/billing/orders/{first.order.pk}"
    assert f'href="{page}/pay"' in client.get(f"{page}/return").content.decode()
    assert client.get(f"{page}/pay")["Location"] == first.url
    client.post(f"{page}/cancel")
    assert client.get(f"{page}/pay")["Location"] == f"{page}/return"


def test_a_plan_is_not_resumed_beside_another_that_renews(
    plan: Plan, sandbox: Sandbox, seller: Membership, client: Client
) -> None:
    plan.cancel()
    older = plan.row
    second = start(seller, sku="atelier", key="the-next-plan")
    sandbox.pay(second.url)
    settle(second.order)
    with pytest.raises(operations.AlreadySubscribed):
        operations.resume_subscription(
            account_id=plan.account_id, subscription_id=older.id, actor=Actor.user(1), now=now()
        )
    client.force_login(seller.user)
    assert "Resume subscription" not in client.get("/billing").content.decode()
    client.post(f"/billing/subscriptions/{older.id}/resume")
    assert REFUSAL in client.get("/billing").content.decode()
