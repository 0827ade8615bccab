"""Another plan where the processor taxes: charged, written down and renewed with its tax."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Charge, Order, Receipt
from jewelrymodel.payments.statuses import OrderState, PlanChangeState
from tests.support.plan_changes import LARGER, ChangingPlan
from tests.support.shop import Sandbox

pytestmark = pytest.mark.django_db
AMOUNTS = {  # of the difference of 20.00 and of the renewal at 59.00: in all, and the tax in it
    "exclusive": ((2380, 380), (7021, 1121)),
    "inclusive": ((2000, 319), (5900, 942)),
}


@pytest.mark.parametrize("behavior", AMOUNTS)
def test_a_change_costs_what_was_said_with_its_tax_and_renews_so(
    sandbox: Sandbox, seller: Membership, settings: Settings, behavior: str
) -> None:
    settings.AUTOMATIC_TAX = behavior
    plan = ChangingPlan(sandbox, seller)
    plan.half()
    (total, tax), (renewal, renewal_tax) = AMOUNTS[behavior]
    quote = plan.quote()
    assert (quote.amount_minor, quote.tax_minor, quote.renewal_minor) == (total, tax, renewal)
    change = plan.change(quote)
    assert change.state == PlanChangeState.MADE
    order = change.order
    assert order is not None
    assert (order.state, order.total_minor) == (OrderState.DELIVERED, total)
    assert amounts(order) == (total, tax)
    plan.go(plan.row.period_ends_at + timedelta(hours=2))
    plan.look()
    newest = Order.objects.latest("number")
    assert (newest.state, newest.is_change) == (OrderState.DELIVERED, False)
    assert amounts(newest) == (renewal, renewal_tax)
    assert plan.credits() == 250


@pytest.mark.parametrize(("behavior", "words"), [("exclusive", " plus tax"), ("inclusive", "")])
def test_what_is_said_of_a_price_says_whether_tax_is_added(
    sandbox: Sandbox, seller: Membership, settings: Settings, behavior: str, words: str
) -> None:
    settings.AUTOMATIC_TAX = behavior
    plan = ChangingPlan(sandbox, seller)
    browser = Client()
    browser.force_login(seller.user)
    pages = f"/billing/subscriptions/{plan.row.pk}/change"
    assert f"60 credits per month for $19.00{words}. It renews" in read(browser, pages)
    assert f"250 credits per month for $59.00{words}</p>" in read(browser, pages).replace(" <", "<")
    later = read(browser, f"{pages}/to/{LARGER}")
    assert f"Then it renews as Atelier for $59.00{words} and adds" in later
    plan.schedule()
    (mailed,) = plan.letters()
    assert f"It renews then for $59.00{words}, with 250 credits" in mailed
    plan.undo()
    assert f"for $19.00{words}, as before" in plan.letters()[0]


def read(browser: Client, page: str) -> str:
    return " ".join(browser.get(page).content.decode().split())


def amounts(order: Order) -> tuple[int, int]:
    """What was paid and the tax in it, which charge and receipt say alike."""
    charge = Charge.objects.select_related("tax").get(order=order)
    receipt = Receipt.objects.get(order=order)
    assert (receipt.total_minor, receipt.tax_minor) == (charge.paid_minor, charge.tax.tax_minor)
    return charge.paid_minor, charge.tax.tax_minor
