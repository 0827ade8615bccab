"""A shop's rows beside the processor's: what differs, and who was left with nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund, Subscription
from jewelrymodel.payments.statuses import (
    OPEN_REFUNDS,
    UNSETTLED_STATES,
    OrderState,
    RefundState,
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
    """Return who paid and has nothing, or can't pay, and has no case about that very thing."""
    return [
        *(
            f"{order.label} is {order.state}"
            for order in Order.objects.all()
            if order.state in (*UNSETTLED_STATES, OrderState.REQUIRES_REVIEW, OrderState.REFUND_DUE)
            and not _has_case(order.pk)
        ),
        *(
            f"{charge.processor_charge_id} paid for nothing"
            for charge in Charge.objects.filter(kept_minor__gt=0).select_related("order")
            if _got_nothing(charge, machine.at) and not _has_case(charge.order_id)
        ),
        *(
            f"{plan.processor_subscription_id} can't be paid"
            for plan in Subscription.objects.filter(state=SubscriptionState.PAST_DUE)
            if not plan.is_payable and not _has_case(plan.processor_subscription_id)
        ),
        *(
            f"{plan.processor_subscription_id} is overdue"
            for plan in payments.overdue_renewals(now=machine.at)
            if not _has_case(plan.processor_subscription_id, *_orders_of(plan))
        ),
    ]


def _has_case(*subjects: str) -> bool:
    """Whether a case is, or was, about one of these, by our id or the processor's."""
    about = Q(subject_id__in=subjects)
    for one in subjects:
        about |= Q(check_subject__contains=one)
    return Case.objects.filter(about).exists()


def _orders_of(plan: Subscription) -> list[str]:
    return list(plan.orders.values_list("pk", flat=True))


def _got_nothing(charge: Charge, now: datetime) -> bool:
    """Whether its order wasn't delivered, granted nothing, or had what it granted revoked by the
    refund of another charge.
    """
    if charge.order.delivered_at is None:
        return True
    granted = ledger.purchase(charge.account_id, charge.order_id, now).granted
    revoked = Refund.objects.filter(
        charge__order=charge.order_id, state=RefundState.SUCCEEDED, revokes_credits=True
    ).exclude(charge=charge)
    return not granted or revoked.exists()


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
