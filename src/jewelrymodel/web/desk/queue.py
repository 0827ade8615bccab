"""The queue: what waits for us, due first, with its clock, what is at stake, and on whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.infra import clock, inbox
from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Ground
from jewelrymodel.support.models import Case
from jewelrymodel.support.queries import Said
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.web.desk import actor_names, processor_problems
from jewelrymodel.web.desk.access import StaffRequest, for_staff

SOON = timedelta(hours=8)


@dataclass(frozen=True)
class Row:
    """One case in the queue: its clock in words, what is at stake, what was said, whose turn."""

    case: Case
    clock: str
    kind: str
    stake: str
    said: Said | None
    waits_for: str


@require_safe
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """Show the cases, due first; filters by state, ground and whose they are."""
    now = clock.now()
    mine = request.user.pk if request.GET.get("mine") else None
    found = queries.queue(
        state=request.GET.get("state", ""), ground=request.GET.get("ground", ""), mine=mine
    )
    context = {
        "rows": _rows(found, now),
        "overdue": queries.overdue(now=now),
        "states": CaseState.choices,
        "grounds": Ground.choices,
        "chosen": request.GET,
        "seconds": _seconds(),
        "failed": {one.pk for one in remedies.decisions_failed()},
        "quarantine": queries.quarantine(limit=5),
        "troubles": processor_problems.rows(),
        "held": payments.orders_held(),
        "parked": len(inbox.parked(source=paying.INBOX)),
    }
    return render(request, "desk/queue.html", context)


def _rows(cases: list[Case], now: datetime) -> list[Row]:
    stakes, said = queries.stakes(cases), queries.last_said(cases)
    return [
        Row(
            one,
            *clock_words(one, now),
            stake=stakes.get(one.pk, ""),
            said=said.get(one.pk),
            waits_for=_waits_for(one),
        )
        for one in cases
    ]


def _waits_for(case: Case) -> str:
    """Whose turn it is and, apart from that, in whose hands the case is."""
    if not case.is_open:
        return "–"
    whom = _("the customer") if case.state == CaseState.WAITING else _("us")
    owner = case.assigned_to
    return f"{whom} · {owner.first_name or owner.email}" if owner else whom


def _seconds() -> list[tuple[DecisionRecord, str, str]]:
    """What waits for a second person: the decision, how much it gives, and who took it."""
    rows = remedies.awaiting_second()
    names = actor_names.names(one.decided_by for one in rows)
    return [(one, _size(one), names[one.decided_by]) for one in rows]


def _size(row: DecisionRecord) -> str:
    """All that a decision gives: money of one charge, in one currency, and credits."""
    owed = list(row.remedies.all())
    money = sum(one.amount_minor for one in owed)
    credits_given = sum(one.credits for one in owed)
    currency = next((one.currency for one in owed if one.currency), "")
    told = ngettext("%(n)s credit", "%(n)s credits", credits_given) % {"n": credits_given}
    return ", ".join([in_words(money, currency)] * bool(money) + [told] * bool(credits_given))


def clock_words(case: Case, now: datetime) -> tuple[str, str]:
    """Return how a case stands against its deadline, in words and as a badge's kind."""
    if not case.is_open:
        return str(case.get_state_display()), ""
    if case.paused_at is not None:
        return _("clock stands still"), "warn"
    left = case.due_at - now
    if left < timedelta():
        return _("overdue by %(span)s") % {"span": _span(-left)}, "bad"
    return _("due in %(span)s") % {"span": _span(left)}, "warn" if left < SOON else "info"


def _span(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours >= 48:
        return _("%(n)s days") % {"n": hours // 24}
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
