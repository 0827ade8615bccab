"""Working on a request at the desk: replies, notes, deadline, closing, assignment, subject."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.support import operations
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.cases import case_or_404, show
from jewelrymodel.web.desk.message_actions import message_form
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.desk.request_forms import AssignForm, SubjectForm, close_of_business
from jewelrymodel.web.form_addresses import form_of

_REFUSALS = (
    operations.CaseOver,
    operations.EmptyMessage,
    operations.InvalidExtension,
    operations.SamePerson,
)


@for_staff(Act.CASES)
@form_of("desk_case")
def reply(request: StaffRequest, case_id: str) -> HttpResponse:
    """Reply to the customer; the clock runs on."""

    def send(form: forms.Form, now: datetime) -> str:
        text = form.cleaned_data["text"]
        operations.reply(case_id=case_id, text=text, user_id=request.user.pk, now=now)
        return _("Reply sent.")

    return _submit(request, case_id, "reply", send)


@for_staff(Act.CASES)
@form_of("desk_case")
def ask(request: StaffRequest, case_id: str) -> HttpResponse:
    """Ask the customer for what is missing (7.1 to 7.5); the clock stops."""

    def send(form: forms.Form, now: datetime) -> str:
        text = form.cleaned_data["text"]
        operations.ask(case_id=case_id, text=text, user_id=request.user.pk, now=now)
        return _("Question sent. The clock is paused until the customer replies.")

    return _submit(request, case_id, "ask", send)


@for_staff(Act.CASES)
@form_of("desk_case")
def add_note(request: StaffRequest, case_id: str) -> HttpResponse:
    """Write a note that only colleagues read."""

    def add(form: forms.Form, now: datetime) -> str:
        text = form.cleaned_data["text"]
        operations.add_note(case_id=case_id, text=text, user_id=request.user.pk, now=now)
        return _("Note added.")

    return _submit(request, case_id, "note", add)


@for_staff(Act.CASES)
@form_of("desk_case")
def extend(request: StaffRequest, case_id: str) -> HttpResponse:
    """Extend the deadline, with a reason that the customer reads (7.7)."""

    def extend_deadline(form: forms.Form, now: datetime) -> str:
        operations.extend(
            case_id=case_id,
            to=close_of_business(form.cleaned_data["until"]),
            reason=form.cleaned_data["text"],
            user_id=request.user.pk,
            now=now,
        )
        return _("Deadline extended. The customer is emailed.")

    return _submit(request, case_id, "extend", extend_deadline)


@for_staff(Act.CASES)
@form_of("desk_case")
def close(request: StaffRequest, case_id: str) -> HttpResponse:
    """Close the request, and tell the customer why."""
    return _submit(request, case_id, "close", _closing(request, case_id, is_silent=False))


@for_staff(Act.CASES)
@form_of("desk_case")
def close_silently(request: StaffRequest, case_id: str) -> HttpResponse:
    """Close what is spam or not for us; nobody is emailed."""
    return _submit(request, case_id, "close_silently", _closing(request, case_id, is_silent=True))


@for_staff(Act.CASES)
@form_of("desk_case")
def assign(request: StaffRequest, case_id: str) -> HttpResponse:
    """Assign the request to whoever asks."""
    _assign(request, case_or_404(case_id).pk, request.user.pk)
    messages.success(request, _("Assigned to you."))
    return redirect("desk_case", case_id=case_id)


@for_staff(Act.CASES)
@form_of("desk_case")
def unassign(request: StaffRequest, case_id: str) -> HttpResponse:
    """Assign the request to nobody."""
    _assign(request, case_or_404(case_id).pk, None)
    messages.success(request, _("Unassigned. Anyone on the team can take it."))
    return redirect("desk_case", case_id=case_id)


@for_staff(Act.CASES)
@form_of("desk_case")
def hand_over(request: StaffRequest, case_id: str) -> HttpResponse:
    """Assign the request to a colleague, or to nobody."""
    form = AssignForm(case_or_404(case_id), request.POST, now=clock.now())
    if form.is_valid():
        _assign(request, case_id, form.user_id)
        messages.success(request, _("Assigned.") if form.user_id else _("Unassigned."))
    else:
        messages.error(request, _("Choose a colleague who works at the desk."))
    return redirect("desk_case", case_id=case_id)


@for_staff(Act.CASES)
@form_of("desk_case")
def edit_subject(request: StaffRequest, case_id: str) -> HttpResponse:
    """Correct what the request is about; the facts are looked up again."""
    case = case_or_404(case_id)
    form = SubjectForm(request.POST, account_id=case.account_id or "", auto_id="subject_%s")
    if not form.is_valid():
        return show(request, case, {"subject": form}, status=422)
    try:
        operations.categorize(
            case_id=case_id,
            category=form.cleaned_data["category"],
            subject=form.cleaned_data["about"],
            verified_records=form.cleaned_data["records"],
            user_id=request.user.pk,
            now=clock.now(),
        )
    except (operations.CaseOver, operations.GroundRefused, operations.UnknownRecord) as refusal:
        form.add_error(None, refusal_message(refusal))
        return show(request, case_or_404(case_id), {"subject": form}, status=CONFLICT)
    return redirect("desk_case", case_id=case_id)


def _submit(
    request: StaffRequest,
    case_id: str,
    name: str,
    act: Callable[[forms.Form, datetime], str],
) -> HttpResponse:
    """Do *act* with the form called *name*; a refusal keeps what was typed."""
    case, form = case_or_404(case_id), message_form(name, request.POST)
    if not form.is_valid():
        return show(request, case, {name: form}, status=422)
    try:
        messages.success(request, act(form, clock.now()))
        operations.end_draft(case_id=case_id, user_id=request.user.pk, form=name)
    except _REFUSALS as refusal:
        form.add_error(None, refusal_message(refusal))
        return show(request, case_or_404(case_id), {name: form}, status=CONFLICT)
    return redirect("desk_case", case_id=case_id)


def _closing(
    request: StaffRequest, case_id: str, *, is_silent: bool
) -> Callable[[forms.Form, datetime], str]:
    def close_case(form: forms.Form, now: datetime) -> str:
        operations.close(
            case_id=case_id,
            reason=form.cleaned_data["text"],
            user_id=request.user.pk,
            tell=not is_silent,
            now=now,
        )
        return _("Closed. Nobody was emailed.") if is_silent else _("Closed.")

    return close_case


def _assign(request: StaffRequest, case_id: str, user_id: int | None) -> None:
    operations.assign(case_id=case_id, user_id=user_id, by_user_id=request.user.pk, now=clock.now())
