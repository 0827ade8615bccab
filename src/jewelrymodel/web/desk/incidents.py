"""Outages at the desk: open, close, correct, withdraw; who was affected, and a request for each."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.incidents import operations, queries
from jewelrymodel.incidents.models import Incident, IncidentProposal
from jewelrymodel.infra import clock
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.affected_periods import affected_periods, open_cases
from jewelrymodel.web.desk.incident_forms import (
    CloseForm,
    CorrectForm,
    DismissForm,
    OpenForm,
    ReviewedForm,
    WithdrawForm,
    instant,
    numbers_of,
)
from jewelrymodel.web.desk.refusal_messages import refusal_message
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

_AUDIT_LABELS = {
    "incident.opened": gettext_lazy("Opened"),
    "incident.closed": gettext_lazy("Closed"),
    "incident.corrected": gettext_lazy("Corrected"),
    "incident.withdrawn": gettext_lazy("Withdrawn"),
    queries.PAYMENTS_REVIEWED: gettext_lazy("Payments reviewed"),
}
_FIELDS_OF: dict[type[operations.IncidentRefused], tuple[str, ...]] = {
    operations.AlreadyOpen: ("feature", "ended_at"),
    operations.StartsLater: ("started_at",),
    operations.StartsLongAgo: ("started_at",),
    operations.EndsLater: ("ended_at",),
    operations.EndsFirst: ("ended_at",),
}
"""The field beside which a refusal is shown: the first of them that the form has."""


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """List the incidents, with the form to open one, filled in from a proposal that is named."""
    proposal = queries.proposal(proposal_id=request.GET.get("proposal", ""))
    return _show_list(request, OpenForm(None, now=clock.now(), proposal=proposal))


@for_staff(Act.INCIDENTS)
@form_of("desk_incidents")
def open_incident(request: StaffRequest) -> HttpResponse:
    """Open an incident; the status page shows it at once."""
    now = clock.now()
    form = OpenForm(request.POST, now=now)
    data = form.cleaned_data if form.is_valid() else {}
    if form.errors or not _is_done(
        form,
        lambda: operations.open_incident(
            feature=data["feature"],
            title=data["title"],
            note="",
            started_at=data["started_at"],
            reason=data["reason"],
            actor=Actor.user(request.user.pk),
            now=now,
            proposal_id=_open_proposal(data["proposal"]),
        ),
    ):
        return _show_list(request, form, status=422)
    messages.success(request, _("Incident opened. The status page shows it now."))
    return redirect("desk_incidents")


@for_staff(Act.INCIDENTS)
@form_of("desk_incidents")
def dismiss(request: StaffRequest, proposal_id: str) -> HttpResponse:
    """Dismiss a proposed incident, with a reason."""
    row = or_404(lambda: IncidentProposal.objects.get(pk=proposal_id))
    form = DismissForm(request.POST)
    if not form.is_valid() or not _is_done(
        form,
        lambda: operations.dismiss_proposal(
            proposal_id=row.pk,
            reason=form.cleaned_data["reason"],
            actor=Actor.user(request.user.pk),
            now=clock.now(),
        ),
    ):
        opening = OpenForm(None, now=clock.now())
        return _show_list(request, opening, dismissing={row.pk: form}, status=422)
    messages.success(request, _("Proposal dismissed."))
    return redirect("desk_incidents")


@require_safe
@for_staff(Act.DESK)
def incident(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Show one incident with the billing periods that it affected."""
    return _show(request, _incident_or_404(incident_id))


@for_staff(Act.INCIDENTS)
@form_of("desk_incident")
def close(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Close an incident that is over."""

    def act(form: forms.Form, **by: Any) -> None:
        data = form.cleaned_data
        operations.close_incident(ended_at=data["ended_at"], reason=data["reason"], **by)

    return _submit(request, incident_id, "close", act, _("Incident closed."))


@for_staff(Act.INCIDENTS)
@form_of("desk_incident")
def correct(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Correct an incident's text or times."""

    def act(form: forms.Form, **by: Any) -> None:
        data = form.cleaned_data
        operations.correct_incident(
            title=data["title"],
            note=data["note"],
            started_at=instant(form, "started_at"),
            ended_at=instant(form, "ended_at"),
            reason=data["reason"],
            **by,
        )

    done = _("Incident corrected. The earlier version is kept under History.")
    return _submit(request, incident_id, "correct", act, done)


@for_staff(Act.INCIDENTS)
@form_of("desk_incident")
def withdraw(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Withdraw an incident that was opened by mistake."""

    def act(form: forms.Form, **by: Any) -> None:
        operations.withdraw_incident(reason=form.cleaned_data["reason"], **by)

    done = _("Incident withdrawn. It no longer counts and is off the status page.")
    return _submit(request, incident_id, "withdraw", act, done)


@for_staff(Act.INCIDENTS)
@form_of("desk_incident")
def reviewed(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Note that the payments of a withdrawn incident were reviewed; customers keep them."""

    def act(form: forms.Form, **by: Any) -> None:
        operations.note_payments_reviewed(reason=form.cleaned_data["reason"], **by)

    return _submit(request, incident_id, "reviewed", act, _("Noted. Customers keep what they got."))


@for_staff(Act.INCIDENTS)
@form_of("desk_incident")
def open_requests(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Open a request for each affected billing period that needs one."""
    row, now = _incident_or_404(incident_id), clock.now()
    if row.withdrawn_at:
        messages.error(request, refusal_message(operations.Withdrawn()))
        return redirect("desk_incident", incident_id=row.pk)
    periods = affected_periods(row, now)
    opened = open_cases(periods, row, now)
    known = sum(one.is_answered or one.needs_case for one in periods) - opened
    sentences = [_("No requests were opened.")]
    if opened:
        count = ngettext("%(n)s request was opened.", "%(n)s requests were opened.", opened)
        sentences = [count % {"n": opened}]
    if known:
        count = ngettext(
            "%(n)s billing period already had one.", "%(n)s billing periods already had one.", known
        )
        sentences.append(count % {"n": known})
    messages.info(request, " ".join(sentences))
    return redirect("desk_incident", incident_id=row.pk)


def _incident_or_404(incident_id: str) -> Incident:
    return or_404(lambda: queries.incident(incident_id=incident_id))


def _submit(
    request: StaffRequest, incident_id: str, name: str, act: Callable[..., None], done: str
) -> HttpResponse:
    """Do *act* with the form called *name*; a refusal keeps what was typed."""
    row, now = _incident_or_404(incident_id), clock.now()
    form = _form(name, row, now, request.POST)
    by = {"incident_id": row.pk, "actor": Actor.user(request.user.pk), "now": now}
    if not form.is_valid() or not _is_done(form, lambda: act(form, **by)):
        return _show(request, row, {name: form}, status=422)
    messages.success(request, done)
    return redirect("desk_incident", incident_id=row.pk)


def _open_proposal(proposal_id: str) -> str:
    """The id of a proposal that still waits; empty where none is named, or it was decided."""
    proposal = queries.proposal(proposal_id=proposal_id)
    return proposal.pk if proposal else ""


def _show_list(
    request: StaffRequest,
    form: OpenForm,
    *,
    dismissing: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "proposals": [
            (
                one,
                numbers_of(one),
                (dismissing or {}).get(one.pk, DismissForm(auto_id=f"{one.pk}_%s")),
            )
            for one in queries.proposals()
        ],
        "incidents": [*queries.recent(), *queries.withdrawn()],
        "to_review": _to_review(),
        "form": form,
    }
    return render(request, "desk/incidents.html", context, status=status)


def _to_review() -> list[tuple[Incident, int]]:
    """The withdrawn incidents that paid something nobody has reviewed, with how many decisions."""
    unreviewed = queries.withdrawn_unreviewed()
    paid = remedies.paid_for_incidents(since={one.pk: one.created_at for one in unreviewed})
    return [(one, paid[one.pk]) for one in unreviewed if one.pk in paid]


def _show(
    request: StaffRequest,
    row: Incident,
    filled: Mapping[str, forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    periods = affected_periods(row, now)
    history = queries.history(incident_id=row.pk)
    names = actor_names.names(one.actor for one in history)
    context = {
        "incident": row,
        "forms": {**_forms(row, now), **(filled or {})},
        "periods": periods if not row.withdrawn_at else [one for one in periods if one.case],
        "paid": [
            (one, [remedies.remedy_status(remedy) for remedy in one.remedies.all()])
            for one in (_paid(row) if row.withdrawn_at else [])
        ],
        "open_requests": sum(one.case is not None and one.case.is_open for one in periods),
        "needing_case": sum(one.needs_case for one in periods),
        "history": [
            (one, names[one.actor], _AUDIT_LABELS.get(one.action, one.action)) for one in history
        ],
    }
    return render(request, "desk/incident.html", context, status=status)


def _paid(row: Incident) -> list[DecisionRecord]:
    """The decisions in which an incident counted; none was taken before it was opened."""
    return remedies.paid_for_incident(incident_id=row.pk, since=row.created_at)


def _is_to_review(row: Incident) -> bool:
    """Whether somebody still has to look at what an incident paid that never was."""
    if row.withdrawn_at is None or queries.is_reviewed(incident_id=row.pk):
        return False
    return bool(_paid(row))


def _forms(row: Incident, now: datetime) -> dict[str, forms.Form]:
    """The forms of what can still be done to an incident, by name."""
    possible = {
        "close": row.is_running,
        "correct": not row.withdrawn_at,
        "withdraw": not row.withdrawn_at,
        "reviewed": _is_to_review(row),
    }
    return {name: _form(name, row, now) for name, can_be_done in possible.items() if can_be_done}


def _form(name: str, row: Incident, now: datetime, posted: QueryDict | None = None) -> forms.Form:
    nothing = dict[str, Any]()
    now_or_end = {"close": {"ended_at": now}, "withdraw": nothing, "reviewed": nothing}
    current = {
        "title": row.title,
        "note": row.note,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }
    kinds = {
        "close": CloseForm,
        "correct": CorrectForm,
        "withdraw": WithdrawForm,
        "reviewed": ReviewedForm,
    }
    initial = now_or_end.get(name, current)
    return kinds[name](posted, initial=initial, auto_id=f"{name}_%s")


def _is_done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether it was done; a refusal is shown beside the field that is to blame."""
    try:
        act()
    except operations.IncidentRefused as refusal:
        fields = (name for name in _FIELDS_OF.get(type(refusal), ()) if name in form.fields)
        form.add_error(next(fields, None), refusal_message(refusal))
        return False
    return True
