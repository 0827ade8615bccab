"""Outages at the desk: open, close, correct, withdraw; who was touched, and a case for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from jewelrymodel.incidents import operations, queries
from jewelrymodel.incidents.models import Incident
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.period import Period
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Charge, Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support.categories import Ground
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import Channel
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.incident_forms import CloseForm, CorrectForm, OpenForm, WithdrawForm
from jewelrymodel.web.responses import or_404

CHECK = "outage"
_DONE = {
    "close": gettext_lazy("Over: its end is written."),
    "correct": gettext_lazy("Corrected. What it said before is kept below."),
    "withdraw": gettext_lazy("Withdrawn: it counts for nothing, and left the status page."),
}
"""What a colleague can do to an incident, and what they read once it is done."""
_ACTIONS = {
    "incident.opened": gettext_lazy("Opened"),
    "incident.closed": gettext_lazy("Closed"),
    "incident.corrected": gettext_lazy("Corrected"),
    "incident.withdrawn": gettext_lazy("Withdrawn"),
}
_BLAMED: dict[type[operations.Refused], tuple[str, ...]] = {
    operations.AlreadyOpen: ("feature", "ended_at"),
    operations.StartsLater: ("started_at",),
    operations.StartsLongAgo: ("started_at",),
    operations.EndsLater: ("ended_at",),
    operations.EndsFirst: ("ended_at",),
}
"""The field beside which a refusal is told: the first of them that the form has."""


@dataclass(frozen=True)
class Touched:
    """A paid period that an outage touched: for how many minutes, and what came of it."""

    order: Order
    minutes: int
    case: Case | None
    money_back: str
    """How the buyer has all of the money back, in a word; empty while we keep some of it."""

    is_answered: bool
    """Whether its case speaks for this outage; one that was answered before it is about another."""

    @property
    def wants_case(self) -> bool:
        """Whether a case can be opened for it still."""
        return not self.is_answered and not self.money_back


@require_http_methods(["GET", "POST"])
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """List the incidents; on POST open one."""
    now = clock.now()
    form = OpenForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid() and _is_done(
        form,
        lambda: operations.open_incident(
            feature=form.cleaned_data["feature"],
            title=form.cleaned_data["title"],
            note="",
            started_at=form.cleaned_data["started_at"],
            reason=form.cleaned_data["reason"],
            actor=Actor.user(request.user.pk),
            now=now,
        ),
    ):
        messages.success(request, _("Open: it stands on the status page."))
        return redirect("desk_incidents")
    incidents = [*queries.recent(), *queries.withdrawn()]
    context = {"incidents": incidents, "form": form}
    return render(request, "desk/incidents.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_staff()
def incident(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Show one incident with the paid periods it touched; on POST do what the button says."""
    found = or_404(lambda: queries.incident(incident_id=incident_id))
    now = clock.now()
    if request.method != "POST":
        return _show(request, found, _forms(found, now), now)
    do = request.POST.get("do", "")
    if do == "propose" and not found.withdrawn_at:
        messages.info(request, _propose(_touched(found, now), found, now))
        return redirect("desk_incident", incident_id=found.pk)
    if do not in _DONE:
        raise Http404
    filled = _forms(found, now, do, request.POST)
    form = filled[do]
    told = {"incident_id": found.pk, "actor": Actor.user(request.user.pk), "now": now}
    if not form.is_valid() or not _is_done(form, lambda: _act(do, form, told)):
        return _show(request, found, filled, now, status=422)
    messages.success(request, str(_DONE[do]))
    return redirect("desk_incident", incident_id=found.pk)


def _show(
    request: StaffRequest,
    found: Incident,
    shown: dict[str, forms.Form],
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    touched = _touched(found, now)
    history = queries.history(incident_id=found.pk)
    names = actor_names.names(one.actor for one in history)
    context = {
        "incident": found,
        "forms": shown,
        "touched": touched if not found.withdrawn_at else [row for row in touched if row.case],
        "wanting": sum(row.wants_case for row in touched),
        "history": [(one, names[one.actor], _ACTIONS.get(one.action, "")) for one in history],
    }
    return render(request, "desk/incident.html", context, status=status)


def _forms(
    found: Incident, now: datetime, do: str = "", sent: QueryDict | None = None
) -> dict[str, forms.Form]:
    """What can still be done to it, each as a form; that of *do* holds what was *sent*.

    A page grown stale sends what can't be done any more: its form is shown with the refusal.
    """
    stands: dict[str, Any] = {"title": found.title, "note": found.note}
    stands |= {"started_at": found.started_at, "ended_at": found.ended_at}
    made: list[tuple[str, type[forms.Form], dict[str, Any], bool]] = [
        ("close", CloseForm, {"ended_at": now}, found.is_running),
        ("correct", CorrectForm, stands, not found.withdrawn_at),
        ("withdraw", WithdrawForm, {}, not found.withdrawn_at),
    ]
    return {
        name: form(sent if name == do else None, initial=initial, auto_id=f"{name}_%s")
        for name, form, initial, can_be in made
        if can_be or name == do
    }


def _act(do: str, form: forms.Form, told: dict[str, Any]) -> None:
    data = form.cleaned_data
    if isinstance(form, CorrectForm):
        operations.correct_incident(
            title=data["title"],
            note=data["note"],
            started_at=form.instant("started_at"),
            ended_at=form.instant("ended_at"),
            reason=data["reason"],
            **told,
        )
    elif do == "close":
        operations.close_incident(ended_at=data["ended_at"], reason=data["reason"], **told)
    else:
        operations.withdraw_incident(reason=data["reason"], **told)


def _is_done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether it was done; a refusal is told beside the field that is to blame."""
    try:
        act()
    except operations.Refused as refusal:
        blamed = (name for name in _BLAMED.get(type(refusal), ()) if name in form.fields)
        form.add_error(next(blamed, None), _(str(refusal)))
        return False
    return True


def _touched(found: Incident, now: datetime) -> list[Touched]:
    orders = [
        order
        for order in payments.periods_within(
            starts_at=found.started_at, ends_at=found.ended_at or now
        )
        if found.feature in order.product_version.features
    ]
    cases, money_back = _cases(orders), _money_back(orders)
    return [
        Touched(
            order,
            _minutes(order, now),
            cases.get(order.pk),
            money_back.get(order.pk, ""),
            is_answered=_is_answered(cases.get(order.pk), found),
        )
        for order in orders
    ]


def _is_answered(case: Case | None, found: Incident) -> bool:
    """An open case counts every outage when it is decided; a decided one those known then."""
    return case is not None and (case.is_open or case.opened_at >= found.created_at)


def _minutes(order: Order, now: datetime) -> int:
    if not (order.period_starts_at and order.period_ends_at):
        return 0
    paid = Period(order.period_starts_at, order.period_ends_at)
    features = order.product_version.features
    return queries.minutes_touched(features=features, paid=paid, now=now)


def _cases(orders: Sequence[Order]) -> dict[str, Case]:
    """The newest case about each order's outages, by the order's id."""
    ids = [order.pk for order in orders]
    found = Case.objects.filter(check_name=CHECK, subject_id__in=ids).order_by("number")
    return {one.subject_id: one for one in found}


def _money_back(orders: Sequence[Order]) -> dict[str, str]:
    """How orders of which we keep nothing were given back, by the order's id."""
    sums = Charge.objects.filter(order__in=orders).values("order_id")
    sums = sums.annotate(kept=Sum("kept_minor"), paid=Sum("paid_minor"), lost=Sum("lost_minor"))
    found = sums.filter(kept=0, paid__gt=0).values_list("order_id", "lost")
    return {pk: _("taken back by the bank") if lost else _("refunded") for pk, lost in found}


def _propose(touched: Sequence[Touched], found: Incident, now: datetime) -> str:
    """Open a case for each month that wants one; return how many that were, in words."""
    opened = sum(_open_case(row, found, now) for row in touched if row.wants_case)
    known = sum(row.is_answered or row.wants_case for row in touched) - opened
    told = _("No case was opened.")
    if opened:
        told = ngettext("%(n)s case was opened.", "%(n)s cases were opened.", opened)
    had = ngettext("%(n)s month had one already.", "%(n)s months had one already.", known)
    parts = [told % {"n": opened}, *([had % {"n": known}] if known else [])]
    return " ".join(parts)


def _open_case(row: Touched, found: Incident, now: datetime) -> bool:
    """Whether it was us who opened it: one case for each paid period and outage, pressed or not."""
    opening = support.Opening(
        account_id=row.order.account_id,
        email=row.order.buyer_email,
        identity_level=3,
        channel=Channel.MACHINE,
        ground=Ground.OUTAGE,
        subject=Subject(SubjectKind.ORDER, row.order.pk),
        explanation=f"An outage took {row.minutes} minutes of this paid month.",
        check=(CHECK, f"order:{row.order.pk}:{found.pk}"),
    )
    try:
        with transaction.atomic():
            case = support.open_case(opening=opening, now=now)
    except IntegrityError:  # a colleague pressed in the same moment
        return False
    return case.opened_at == now
