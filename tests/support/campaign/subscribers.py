"""Customers with a plan: they take it, cancel it, resume it, pay what couldn't be collected, and go
to their bank; and what all of them do in the end.
"""

import re

from tests.support.campaign.crowd import Customer
from tests.support.campaign.plan import After, Dispute, Fate, PlanStep, Purchase, Step

PLAN = "bench"
_PLAN_ADDRESS = "/billing/subscriptions/{plan}/{act}"
_OFFERED = {
    act: re.compile(rf'href="/billing/subscriptions/(\w+)/{act}"')
    for act in ("cancel", "resume", "pay")
}


def do(customer: Customer, act: PlanStep) -> None:
    """Take the step, where the page offers it; what isn't offered is counted as refused."""
    if act.step is Step.SUBSCRIBE:
        customer.buy(_subscription(act), PLAN)
    elif act.step is Step.ASK:
        customer.ask("charged_after_cancel")
    elif act.step is Step.DISPUTE:
        dispute(customer, act.dispute)
    elif act.step is Step.PAY:
        _pay(customer)
    else:
        send(customer, act.step.value)


def send(customer: Customer, act: str) -> bool:
    """Send the form that cancels or resumes the customer's plan; return whether it was offered."""
    plan = _offered(customer, act)
    if plan:
        customer.send(_PLAN_ADDRESS.format(plan=plan, act=act), {})
    else:
        customer.records.count(customer.records.refusals, f"plan: no {act}")
    return bool(plan)


def _subscription(act: PlanStep) -> Purchase:
    return Purchase(
        customer=act.customer,
        key=act.key,
        fate=Fate.PAID_AND_GONE,
        after=After.NOTHING,
        dispute=act.dispute,
        asks=False,
    )


def _pay(customer: Customer) -> None:
    plan = _offered(customer, "pay")
    page = customer.page(_PLAN_ADDRESS.format(plan=plan, act="pay")) if plan else None
    url = page.headers.get("Location", "") if page else ""
    if "/c/invoice/" in url:
        customer.pay(url)
    else:
        customer.records.count(customer.records.refusals, "plan: nothing to pay")


def dispute(customer: Customer, what: Dispute) -> None:
    """Dispute the newest charge that the customer paid."""
    charge = customer.bank.newest_charge_of(customer.email)
    if charge:
        customer.bank.dispute(charge, what)
    else:
        customer.records.count(customer.records.refusals, "plan: nothing to dispute")


def _offered(customer: Customer, act: str) -> str:
    found = _OFFERED[act].search(customer.page("/billing").text)
    return found[1] if found else ""
