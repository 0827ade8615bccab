"""Renewals that somebody ended at the processor's dashboard: each leads to somebody's eyes."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations, queries, rules
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.payments.statuses import HoldReason, OrderState, SubscriptionState
from tests.support.plans import Plan
from tests.support.shop import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(sandbox: Sandbox, seller: Membership) -> Plan:
    """A plan whose renewal was declined."""
    plan = Plan(sandbox, seller)
    sandbox.panel("faults", decline_renewals=1)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    return plan


@pytest.mark.parametrize("how", ["void", "uncollectible"])
def test_a_renewal_that_is_given_up_there_is_overdue_here_and_a_case(plan: Plan, how: str) -> None:
    plan.sandbox.panel(f"invoices/{plan.row.open_invoice_id}/settle", how=how)
    assert plan.look().state == SubscriptionState.ACTIVE
    assert queries.collection_of(subscription=plan.row, now=plan.at) is rules.Collection.OVERDUE
    (found,) = operations.overdue_renewals(now=plan.at)
    assert found.processor_id == plan.row.processor_subscription_id
    assert (plan.credits(), Charge.objects.count()) == (0, 1)


def test_a_renewal_paid_elsewhere_waits_for_a_person(plan: Plan) -> None:
    plan.sandbox.panel(f"invoices/{plan.row.open_invoice_id}/settle", how="paid_out_of_band")
    plan.look()
    order = Order.objects.latest("number")
    assert (order.state, order.held_code) == (
        OrderState.REQUIRES_REVIEW,
        HoldReason.INVOICE_WITHOUT_CHARGE,
    )


def test_a_customer_deleted_there_has_canceled_here(plan: Plan) -> None:
    plan.sandbox.panel(f"customers/{plan.row.processor_customer_id}/delete")
    ended = plan.look()
    assert (ended.state, ended.renews, ended.is_payable) == (
        SubscriptionState.CANCELED,
        False,
        False,
    )
