"""The queue: what waits for us, due first, with its clock, what is at stake, and on whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.infra import clock
from jewelrymodel.kernel.money import in_words
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.values import CaseState, Ground
from jewelrymodel.web.desk import actors
from jewelrymodel.web.desk.door import StaffRequest, for_staff

SOON = timedelta(hours=8)


@dataclass(frozen=True)
class Row:
    """One case in the queue, with its clock in words and what is at stake."""

    case: Case
    clock: str
    kind: str
    stake: str


@require_safe
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """Show the cases, due first; filters by state, ground and whose they are."""
    now = clock.now()
    mine = request.user.pk if request.GET.get("mine") else None
    found = queries.queue(
        state=request.GET.get("state", ""), ground=request.GET.get("ground", ""), mine=mine
    )
    stakes = queries.stakes(found)
    context = {
        "rows": [Row(one, *clock_words(one, now), stakes.get(one.pk, "")) for one in found],
        "overdue": queries.overdue(now=now),
        "states": CaseState.choices,
        "grounds": Ground.choices,
        "chosen": request.GET,
        "seconds": _seconds(),
        "failed": {one.pk for one in remedies.decisions_failed()},
        "quarantine": queries.quarantine(limit=5),
    }
    return render(request, "desk/queue.html", context)


def _seconds() -> list[tuple[DecisionRecord, str, str]]:
    """What waits for a second person: the decision, how much it gives, and who took it."""
    rows = remedies.awaiting_second()
    names = actors.in_words(one.decided_by for one in rows)
    return [(one, _money(one), names[one.decided_by]) for one in rows]


def _money(row: DecisionRecord) -> str:
    """All that a decision gives back; its remedies are of one charge, in one currency."""
    owed = list(row.remedies.all())
    currency = next(one.currency for one in owed if one.currency)
    return in_words(sum(one.amount_minor for one in owed), currency)


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
