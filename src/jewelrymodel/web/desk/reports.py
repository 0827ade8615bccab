"""Reports: how fast the desk answered, what was decided, by which clause and by whom."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock, formats
from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.kernel.period import Period
from jewelrymodel.support import queries
from jewelrymodel.support.queries import DecidedCounts, Report, RequestCounts
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.report_chart import bar_chart

DAYS = 90
MOST_DAYS = 366
_HOUR = 3600
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


class RangeForm(forms.Form):
    """From which day to which, both included."""

    since = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """The days are in their order, and not too many."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        elif since and until and (until - since).days >= MOST_DAYS:
            self.add_error("since", _("Choose at most %(n)s days.") % {"n": MOST_DAYS})
        return data


@require_safe
@for_staff(Act.REPORTS)
def index(request: StaffRequest) -> HttpResponse:
    """Show the report of some days: the last DAYS where none are chosen."""
    form = _range(request)
    if not form.is_valid():
        return render(request, "desk/reports.html", {"form": form}, status=422)
    found = _report(form)
    names = actor_names.names(one.name for one in found.deciders)
    context = {
        "form": form,
        "query": request.GET.urlencode(),
        "report": found,
        "total": _row(found.total),
        "weeks": [_row(one) for one in found.weeks],
        "deciders": [(names[one.name], _is_person(one), one) for one in found.deciders],
        "in_time": _in_time_chart(found),
        "first_answers": _first_answers_chart(found),
        "denials": sum(one.declined for one in found.deciders) + found.closed,
    }
    return render(request, "desk/reports.html", context)


@require_safe
@for_staff(Act.REPORTS)
def table(request: StaffRequest) -> HttpResponse:
    """Hand out the same figures as CSV: one figure a line."""
    form = _range(request)
    if not form.is_valid():
        return render(request, "desk/reports.html", {"form": form}, status=422)
    data = form.cleaned_data
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "row", "figure", "value"])
    writer.writerows([_cell(one) for one in row] for row in _figures(_report(form)))
    name = f"report-{data['since']}-{data['until']}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), "text/csv; charset=utf-8", headers=headers)


def _range(request: StaffRequest) -> RangeForm:
    today = clock.now().astimezone(UTC).date()
    usual = {"since": today - timedelta(days=DAYS - 1), "until": today}
    asked = {name: request.GET[name] for name in usual if request.GET.get(name)}
    return RangeForm({**usual, **asked}, auto_id="report_%s")


def _report(form: RangeForm) -> Report:
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    within = Period(_begin(since), _begin(until + timedelta(days=1)))
    return queries.report(within=within, now=clock.now())


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _row(one: RequestCounts) -> dict[str, Any]:
    """A week's figures as they are read: times in hours."""
    return {
        "counts": one,
        "median": _hours(one.median_s),
        "slowest_tenth": _hours(one.slowest_tenth_s),
    }


def _hours(seconds: int | None) -> str:
    return "" if seconds is None else formats.number(seconds / _HOUR, 1)


def _is_person(one: DecidedCounts) -> bool:
    return one.name.startswith(USER_PREFIX)


def _in_time_chart(found: Report) -> object:
    return bar_chart(
        [
            (
                one.week,
                [("bars__ok", one.on_time), ("bars__bad", one.late), ("bars__rest", one.waiting)],
            )
            for one in found.weeks
            if one.week
        ]
    )


def _first_answers_chart(found: Report) -> object:
    return bar_chart(
        [(one.week, [("bars__ok", (one.median_s or 0) / _HOUR)]) for one in found.weeks if one.week]
    )


def _figures(found: Report) -> Iterator[tuple[str, str, str, object]]:
    for one in (found.total, *found.weeks):
        row = str(one.week or "all")
        yield "requests", row, "opened", one.opened
        yield "requests", row, "answered by a person", one.answered
        yield "requests", row, "median seconds to the first answer", one.median_s
        yield "requests", row, "90th percentile, seconds", one.slowest_tenth_s
        yield "requests", row, "settled by the deadline", one.on_time
        yield "requests", row, "late", one.late
        yield "requests", row, "withdrawn by the customer", one.withdrawn
        yield "requests", row, "waiting", one.waiting
        yield "requests", row, "deadline extended", one.extended
    names = actor_names.names(one.name for one in found.deciders)
    for decided in found.deciders:
        yield "decided by", names[decided.name], "approved", decided.approved
        yield "decided by", names[decided.name], "declined", decided.declined
    for decided in found.clauses:
        yield "clause", decided.name, "approved", decided.approved
        yield "clause", decided.name, "declined", decided.declined
    yield "appeals", "all", "decided", found.appeals
    yield "appeals", "all", "overturned", found.overturned
    yield "closed silently", "all", "closed", found.closed
    yield "closed silently", "all", "reviewed", found.reviewed
    yield "closed silently", "all", "wrong", found.wrong


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
