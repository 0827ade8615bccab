"""One customer at the desk: their account, and everything that happened in it, on one timeline."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.rights import Act
from jewelrymodel.generation import queries as generation
from jewelrymodel.generation.models import Task
from jewelrymodel.infra import clock
from jewelrymodel.kernel.money import in_words
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.refund_status import refund_words
from jewelrymodel.privacy import queries as privacy
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries as support
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.category_labels import category_label
from jewelrymodel.web.desk.disputes import reason_words, state_words
from jewelrymodel.web.desk.queue import STATUS_LABELS


@dataclass(frozen=True)
class ActivityEntry:
    """One thing that happened in an account, and the page that shows it."""

    at: datetime
    text: str
    url: str


@require_safe
@for_staff(Act.DESK)
def customer(request: StaffRequest, account_id: str) -> HttpResponse:
    """Show an account: who, what they hold, and everything that happened, newest first."""
    try:
        account = accounts.account(account_id=account_id)
    except Account.DoesNotExist:
        raise Http404 from None
    context = {
        "account": account,
        "members": accounts.members_of(account_id=account_id),
        "closing": privacy.closing_of(account_id=account_id),
        "balance": ledger.balance(account_id, clock.now()),
        "plans": [one for one in payments.subscriptions(account_id=account_id) if one.is_live],
        "cases": [
            (one, category_label(one.category))
            for one in support.cases(account_id=account_id)
            if one.is_open
        ],
        "disputes": [
            (one, reason_words(one), state_words(one))
            for one in payments.disputes(account_id=account_id)
            if one.is_open
        ],
        "activity": sorted(_activity(account_id), key=lambda one: one.at, reverse=True)[:200],
    }
    return render(request, "desk/customer.html", context)


def _activity(account_id: str) -> list[ActivityEntry]:
    entries = [
        ActivityEntry(
            one.created_at,
            _order_text(one),
            reverse("desk_order", args=[one.pk]),
        )
        for one in payments.orders(account_id=account_id)
    ]
    entries += [
        ActivityEntry(
            one.created_at,
            _generation_text(one),
            reverse("desk_generation", args=[one.pk]),
        )
        for one in generation.tasks(account_id=account_id)[:100]
    ]
    entries += [
        ActivityEntry(
            one.opened_at,
            _case_text(one),
            reverse("desk_case", args=[one.pk]),
        )
        for one in support.cases(account_id=account_id)
    ]
    entries += [
        ActivityEntry(
            one.decided_at,
            _decision_text(one),
            reverse("desk_decision", args=[one.pk]),
        )
        for one in remedies.decisions(account_id=account_id)
    ]
    entries += [
        ActivityEntry(
            one.created_at,
            _("Refund for %(order)s: %(state)s")
            % {"order": one.charge.order.label, "state": refund_words(one)},
            reverse("desk_order", args=[one.charge.order_id]),
        )
        for one in payments.refunds(account_id=account_id)
    ]
    entries += [
        ActivityEntry(
            one.opened_at,
            _("Dispute: %(reason)s, %(state)s")
            % {"reason": reason_words(one), "state": state_words(one)},
            reverse("desk_dispute", args=[one.pk]),
        )
        for one in payments.disputes(account_id=account_id)
    ]
    return entries


def _order_text(order: Order) -> str:
    amount, state = in_words(order.total_minor, order.currency), order.get_state_display().lower()
    return f"{order.label}: {order.product_version.name}, {amount}, {state}"


def _generation_text(task: Task) -> str:
    """How a generation stands and what it cost; until it is finished, what is held for it."""
    n = task.credits_held if task.credits_charged is None else task.credits_charged
    size = ngettext("%(n)s credit", "%(n)s credits", n) % {"n": n}
    status = task.get_status_display().lower()
    return _("Generation (%(kind)s): %(status)s, %(size)s") % {
        "kind": task.kind,
        "status": status,
        "size": size,
    }


def _case_text(case: Case) -> str:
    status = str(STATUS_LABELS[CaseState(case.state)]).lower()
    return f"{case.label}: {category_label(case.category)}, {status}"


def _decision_text(row: DecisionRecord) -> str:
    outcome = "; ".join(map(remedies.remedy_status, row.remedies.all()))
    return _("Decision: %(outcome)s") % {"outcome": _("declined") if row.denied else outcome}
