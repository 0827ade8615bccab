"""A shop's rows beside the processor's: what differs, and who was left with nothing."""

from collections.abc import Iterator
from typing import Any

from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund, Subscription
from jewelrymodel.payments.statuses import (
    OPEN_REFUNDS,
    UNSETTLED_STATES,
    OrderState,
    SubscriptionState,
)
from jewelrymodel.support.models import Case
from tests.support.money_states.world import Machine


def differences(machine: Machine) -> list[str]:
    """Return all in which our rows and the processor's differ, to the cent."""
    charges = {one["id"]: one for one in _all(machine, "charges") if one["paid"]}
    disputes = {one["id"]: one for one in _all(machine, "disputes")}
    plans = {one["id"]: one for one in _all(machine, "subscriptions", status="all")}
    return [
        *_of_charges(charges),
        *_of_disputes(disputes),
        *_of_plans(plans),
        *_of_the_balance(machine, disputes),
        *(f"ledger: {one}" for one in ledger.verify()),
    ]


def left_alone(machine: Machine) -> list[str]:
    """Return who paid and has nothing, or can't pay, and has no case that a person decides."""
    cases = Case.objects.values_list("account_id", flat=True)
    known = {account_id for account_id in cases if account_id}
    return [
        *(
            f"{order.label} is {order.state}"
            for order in Order.objects.exclude(account_id__in=known)
            if order.state in (*UNSETTLED_STATES, OrderState.REQUIRES_REVIEW, OrderState.REFUND_DUE)
        ),
        *(
            f"{charge.processor_charge_id} paid for nothing"
            for charge in Charge.objects.filter(kept_minor__gt=0).exclude(account_id__in=known)
            if charge.order.delivered_at is None
        ),
        *(
            f"{plan.processor_subscription_id} can't be paid"
            for plan in Subscription.objects.filter(state=SubscriptionState.PAST_DUE)
            if not plan.is_payable and plan.account_id not in known
        ),
        *(
            f"{plan.processor_subscription_id} is overdue"
            for plan in payments.overdue_renewals(now=machine.at)
            if plan.account_id not in known
        ),
    ]


def _all(machine: Machine, kind: str, **wanted: str) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        more = "".join(f"&{name}={value}" for name, value in wanted.items())
        page = machine.get(f"{kind}?limit=100{more}{after}")
        yield from page["data"]
        if not page["has_more"]:
            return
        after = f"&starting_after={page['data'][-1]['id']}"


def _of_charges(charges: dict[str, dict[str, Any]]) -> Iterator[str]:
    ours = {one.processor_charge_id: one for one in Charge.objects.all()}
    for charge_id in charges.keys() ^ ours.keys():
        where = "there" if charge_id in charges else "here"
        yield f"charge {charge_id} is only {where}"
    for charge_id in charges.keys() & ours.keys():
        there, here = charges[charge_id], ours[charge_id]
        under_way = Refund.objects.filter(
            charge=here, state__in=OPEN_REFUNDS, processor_refund_id__isnull=False
        )
        waiting = sum(under_way.values_list("amount_minor", flat=True))
        theirs = (there["amount_captured"], there["amount_refunded"], there["currency"].upper())
        if (here.paid_minor, here.refunded_minor + waiting, here.currency) != theirs:
            yield f"charge {charge_id}: {here.paid_minor}, {here.refunded_minor} here, {theirs}"


def _of_disputes(disputes: dict[str, dict[str, Any]]) -> Iterator[str]:
    ours = dict(ChargeDispute.objects.values_list("processor_dispute_id", "status"))
    theirs = {one["id"]: one["status"] for one in disputes.values()}
    for dispute_id in ours.keys() | theirs.keys():
        if ours.get(dispute_id) != theirs.get(dispute_id):
            yield f"dispute {dispute_id}: {ours.get(dispute_id)}, {theirs.get(dispute_id)} there"


def _of_plans(plans: dict[str, dict[str, Any]]) -> Iterator[str]:
    ours = {one.processor_subscription_id: one for one in Subscription.objects.all()}
    failed = Order.objects.filter(state=OrderState.PAYMENT_FAILED)
    ended = set(failed.values_list("processor_subscription_id", flat=True))
    for plan_id in (plans.keys() ^ ours.keys()) - ended:
        yield f"plan {plan_id} is only {'there' if plan_id in plans else 'here'}"
    for plan_id in plans.keys() & ours.keys():
        is_live = plans[plan_id]["status"] != "canceled"
        renews = is_live and not plans[plan_id]["cancel_at"]
        if (ours[plan_id].is_live, ours[plan_id].renews) != (is_live, renews):
            yield f"plan {plan_id}: {ours[plan_id].state}, {plans[plan_id]['status']} there"


def _of_the_balance(machine: Machine, disputes: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What the processor holds for us, before its fees, is what we say that we keep."""
    there = sum(one["amount"] for one in _all(machine, "balance_transactions"))
    lost = {one for one, row in disputes.items() if row["status"] == "lost"}
    taken = sum(
        -move["amount"]
        for dispute in disputes.values()
        if dispute["id"] not in lost
        for move in dispute["balance_transactions"]
    )
    rows = Refund.objects.filter(state__in=OPEN_REFUNDS, processor_refund_id__isnull=False)
    waiting = sum(rows.values_list("amount_minor", flat=True))
    kept = sum(Charge.objects.values_list("kept_minor", flat=True))
    if there + taken + waiting != kept:
        yield f"the balance there is {there} (+{taken} +{waiting}), {kept} kept here"
