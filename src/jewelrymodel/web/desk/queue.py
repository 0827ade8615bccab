"""The queue: open requests, due first, with their SLA, the amount at stake, and whose turn."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, webhook_inbox
from jewelrymodel.infra.formats import deadline
from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.queries import LastMessage
from jewelrymodel.support.statuses import CaseState, Channel
from jewelrymodel.web.desk import actor_names, processor_problems
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.category_labels import CATEGORY_LABELS, category_label
from jewelrymodel.web.desk.queue_views import queue_views
from jewelrymodel.web.former_addresses import former_parameter

DUE_SOON = timedelta(hours=8)
ROWS_OF_A_PAGE = 50
STATUS_LABELS = {
    CaseState.OPEN: gettext_lazy("Open"),
    CaseState.WAITING: gettext_lazy("Waiting on customer"),
    CaseState.UNPROVEN: gettext_lazy("Unconfirmed sender"),
    CaseState.DECIDED: gettext_lazy("Decided"),
    CaseState.CLOSED: gettext_lazy("Closed"),
    CaseState.MERGED: gettext_lazy("Merged"),
}
CHANNEL_LABELS = {
    Channel.FORM: gettext_lazy("Form"),
    Channel.MAIL: gettext_lazy("Email"),
    Channel.MACHINE: gettext_lazy("Opened by our team"),
}


@dataclass(frozen=True)
class Sla:
    """How a request stands against its deadline: in words, as a badge's kind, and when it is."""

    label: str
    kind: str
    due: str


@dataclass(frozen=True)
class Row:
    """One request in the queue, with its newest message and whose turn it is."""

    case: Case
    category: str
    sla: Sla
    stake: str
    newest: LastMessage | None
    waiting_on: str
    channel: str


@require_safe
@former_parameter("ground", now="category")
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """Show the requests, due first; filters by status, category, assignee and page."""
    now = clock.now()
    mine = request.user.pk if request.GET.get("mine") else None
    cases = queries.queue(
        state=request.GET.get("state", ""), category=request.GET.get("category", ""), mine=mine
    )
    page = Paginator(cases, ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": _rows(list(page), now),
        "page": page,
        "overdue": queries.overdue(now=now),
        "views": queue_views("desk"),
        "statuses": [(value.value, label) for value, label in STATUS_LABELS.items()],
        "categories": [(value.value, label) for value, label in CATEGORY_LABELS.items()],
        "chosen": request.GET,
        "second_approvals": _second_approvals(),
        "failed": {one.pk for one in remedies.decisions_failed()},
        "appeals": queries.appeals(list(page)),
        "quarantine": queries.quarantine(limit=5),
        "problems": processor_problems.rows(),
        "held": payments.orders_held(),
        "parked": len(webhook_inbox.parked(source=paying.INBOX)),
    }
    return render(request, "desk/queue.html", context)


def _rows(cases: list[Case], now: datetime) -> list[Row]:
    stakes, newest = queries.stakes(cases), queries.last_messages(cases)
    return [
        Row(
            one,
            category_label(one.category),
            sla(one, now),
            stake=stakes.get(one.pk, ""),
            newest=newest.get(one.pk),
            waiting_on=_waiting_on(one),
            channel=str(CHANNEL_LABELS[Channel(one.channel)]),
        )
        for one in cases
    ]


def _waiting_on(case: Case) -> str:
    """Whose turn it is and, apart from that, to whom the request is assigned."""
    if not case.is_open:
        return "–"
    whom = _("Us") if case.state == CaseState.OPEN else _("Customer")
    owner = case.assigned_to
    return f"{whom} · {owner.first_name or owner.email}" if owner else whom


def _second_approvals() -> list[tuple[DecisionRecord, str, str]]:
    """What needs second approval: the decision, how much it gives, and who made it."""
    rows = remedies.awaiting_second_approval()
    names = actor_names.names(one.decided_by for one in rows)
    return [(one, _size(one), names[one.decided_by]) for one in rows]


def _size(row: DecisionRecord) -> str:
    """All that a decision gives: money of one charge, in one currency, and credits."""
    owed = list(row.remedies.all())
    money = sum(one.amount_minor for one in owed)
    credit_count = sum(one.credits for one in owed)
    currency = next((one.currency for one in owed if one.currency), "")
    credits_given = ngettext("%(n)s credit", "%(n)s credits", credit_count) % {"n": credit_count}
    return ", ".join(
        [in_words(money, currency)] * bool(money) + [credits_given] * bool(credit_count)
    )


def sla(case: Case, now: datetime) -> Sla:
    """Return how a case stands against its deadline."""
    due = deadline(case.due_at) if case.state == CaseState.OPEN else ""
    if not case.is_open:
        return Sla(str(STATUS_LABELS[CaseState(case.state)]), "", due)
    if case.state == CaseState.UNPROVEN:
        return Sla(str(STATUS_LABELS[CaseState.UNPROVEN]), "", due)
    if case.paused_at is not None:
        return Sla(_("Paused"), "warn", due)
    left = case.due_at - now
    if left < timedelta():
        return Sla(_("Overdue by %(span)s") % {"span": _span(-left)}, "bad", due)
    kind = "warn" if left < DUE_SOON else "info"
    return Sla(_("Due in %(span)s") % {"span": _span(left)}, kind, due)


def _span(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours >= 48:
        return _("%(n)s days") % {"n": hours // 24}
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes}
    return _("%(m)s min") % {"m": minutes}
