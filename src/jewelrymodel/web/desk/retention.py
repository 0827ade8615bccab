"""What is kept how long and why, and what the last look at it removed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, housekeeping
from jewelrymodel.infra.models import HousekeepingRun
from jewelrymodel.web.desk.access import StaffRequest, for_staff

LATE = timedelta(days=2)
"""Everything is looked at each hour or each night: after so long nobody does."""


@dataclass(frozen=True)
class Row:
    """One kind of thing, and the last *run* that looked for what of it is over its term."""

    term: Any
    run: HousekeepingRun | None
    is_late: bool
    shares_run: bool
    """Whether a row above has the same run: it counts for all of them together."""


@require_safe
@for_staff(Act.SERVICE)
def index(request: StaffRequest) -> HttpResponse:
    """Show the table; nothing can be changed here."""
    return render(request, "desk/retention.html", {"rows": _rows()})


def _rows() -> list[Row]:
    runs, shown = housekeeping.runs(), set[str]()
    before, rows = clock.real_now() - LATE, []
    for term in import_string(settings.RETENTION)():
        run = runs.get(term.task)
        is_late = run is not None and run.ended_at < before
        rows.append(Row(term, run, is_late, term.task in shown))
        shown |= {term.task} - {""}
    return rows
