"""Everything about one account on one timeline."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock
from jewelrymodel.kernel.money import in_words
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.words import refund_words
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries as support
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.disputes import reason_words, state_words


@dataclass(frozen=True)
class Happening:
    """One thing that happened in an account, and where to read more."""

    at: datetime
    words: str
    url: str


@require_safe
@for_staff()
def customer(request: StaffRequest, account_id: str) -> HttpResponse:
    """Show an account: who, what they hold, and everything that happened, newest first."""
    try:
        account = accounts.account(account_id=account_id)
    except Account.DoesNotExist:
        raise Http404 from None
    context = {
        "account": account,
        "members": accounts.members_of(account_id=account_id),
        "balance": ledger.balance(account_id, clock.now()),
        "plans": [one for one in payments.subscriptions(account_id=account_id) if one.is_live],
        "cases": [one for one in support.cases(account_id=account_id) if one.is_open],
        "disputes": [
            (one, reason_words(one), state_words(one))
            for one in payments.disputes(account_id=account_id)
            if one.is_open
        ],
        "happenings": sorted(_happenings(account_id), key=lambda one: one.at, reverse=True)[:200],
    }
    return render(request, "desk/customer.html", context)


def _happenings(account_id: str) -> list[Happening]:
    found = [
        Happening(
            one.created_at,
            _order_words(one),
            reverse("desk_order", args=[one.pk]),
        )
        for one in payments.orders(account_id=account_id)
    ]
    found += [
        Happening(
            one.created_at,
            _job_words(one),
            reverse("desk_task", args=[one.pk]),
        )
        for one in generation.tasks(account_id=account_id)[:100]
    ]
    found += [
        Happening(
            one.opened_at,
            f"{one.label}: {one.get_ground_display()}, {one.get_state_display()}",
            reverse("desk_case", args=[one.pk]),
        )
        for one in support.cases(account_id=account_id)
    ]
    found += [
        Happening(
            one.decided_at,
            _decision_words(one),
            reverse("desk_decision", args=[one.pk]),
        )
        for one in remedies.decisions(account_id=account_id)
    ]
    found += [
        Happening(
            one.created_at,
            f"Money back for {one.charge.order.label}: {refund_words(one)}",
            reverse("desk_order", args=[one.charge.order_id]),
        )
        for one in payments.refunds(account_id=account_id)
    ]
    found += [
        Happening(
            one.opened_at,
            f"Dispute: {reason_words(one)}, {state_words(one)}",
            reverse("desk_dispute", args=[one.pk]),
        )
        for one in payments.disputes(account_id=account_id)
    ]
    return found


def _order_words(order: Order) -> str:
    amount, state = in_words(order.total_minor, order.currency), order.get_state_display().lower()
    return f"{order.label}: {order.product_version.name}, {amount}, {state}"


def _job_words(task: Task) -> str:
    """How a job stands and what it took; while it goes on, what is held for it."""
    n = task.credits_held if task.credits_charged is None else task.credits_charged
    told = ngettext("%(n)s credit", "%(n)s credits", n) % {"n": n}
    return f"Job {task.kind}: {task.get_status_display().lower()}, {told}"


def _decision_words(row: DecisionRecord) -> str:
    told = "not granted" if row.denied else "; ".join(map(remedies.words, row.remedies.all()))
    return f"Decision: {told}"
