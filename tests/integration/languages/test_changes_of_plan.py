"""A change of plan on its pages and in its emails leaves no sentence untranslated."""

import re

import pytest
from django.core import mail

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import tasks
from jewelrymodel.payments.models import PlanChange
from tests.support.plan_changes import ChangingPlan
from tests.support.pseudo_pages import Walk
from tests.support.shop import Sandbox

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="(prorated_at|quoted|promised|offer)" value="([^"]+)"')


def test_a_plan_is_changed(sandbox: Sandbox, seller: Membership, buyer: Walk) -> None:
    plan = ChangingPlan(sandbox, seller)
    there = f"/billing/subscriptions/{plan.row.pk}/change"
    to_larger = f"/billing/subscriptions/{plan.row.pk}/change/to/atelier"
    buyer.get(f"/billing/subscriptions/{plan.row.pk}/change")
    buyer.get(f"/billing/subscriptions/{plan.row.pk}/change/to/atelier")
    buyer.post(to_larger, when="now", prorated_at="1", quoted="0", promised="0")
    buyer.post(to_larger, when="renewal", offer="another")
    buyer.post(to_larger, when="renewal", **dict(HIDDEN.findall(buyer.get(to_larger))))
    tell()
    buyer.get("/billing")
    buyer.post(f"/billing/subscriptions/{plan.row.pk}/change/undo")
    tell()
    plan.follow()
    sandbox.panel("faults", decline_renewals=1)
    take(buyer, to_larger)
    buyer.get("/billing")
    buyer.post(f"{there}/undo")
    tell()
    while not PlanChange.objects.filter(state="made").exists():  # each second is agreed to once
        take(buyer, to_larger)
    for order in plan.row.orders.all():
        payments.confirm_order(order_id=order.pk, now=plan.at)
        buyer.get(f"/billing/orders/{order.pk}")
    for one in mail.outbox:
        buyer.read(one)
    assert not buyer.escaped, buyer.report()


def take(buyer: Walk, address: str) -> None:
    shown = dict(HIDDEN.findall(buyer.get(address)))
    buyer.post(address, when="now", **shown)
    tell()


def tell() -> None:
    tasks.tell_plan_change(subject_id=PlanChange.objects.latest("requested_at").pk)
