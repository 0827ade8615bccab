"""Our own people: who works at the desk, as what, and since when; letting them in and out."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.rights import Act
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra import clock, email_queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.web import staff_letter
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.setting_forms import ReasonForm
from jewelrymodel.web.fields import NameField
from jewelrymodel.web.form_addresses import form_of


class StaffForm(ReasonForm):
    """Whom to let in, or whose role to change, and why."""

    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254)
    name = NameField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("What colleagues and customers read. Only for somebody new."),
        required=False,
        max_length=150,
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=StaffRole.choices)
    field_order = ("email", "name", "role", "reason", "sure")


@require_safe
@for_staff(Act.STAFF)
def index(request: StaffRequest) -> HttpResponse:
    """List everybody who works or worked here."""
    return _page(request, StaffForm(), ReasonForm(prefix="end"))


@for_staff(Act.STAFF)
@form_of("desk_staff")
def add(request: StaffRequest) -> HttpResponse:
    """Let somebody in, or give them another role; somebody new gets a letter."""
    form = StaffForm(request.POST)
    if not form.is_valid():
        return _page(request, form, ReasonForm(prefix="end"), status=422)
    try:
        member = operations.add_staff(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=StaffRole(form.cleaned_data["role"]),
            actor=Actor.user(request.user.pk),
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except operations.LastOperator:
        form.add_error("role", _("This is the last operator. Add another one first."))
        return _page(request, form, ReasonForm(prefix="end"), status=422)
    if not member.user.has_usable_password():
        text, _link = staff_letter.letter(member)
        email_queue.send_later(
            to=member.user.email,
            subject=staff_letter.subject(),
            text=text,
            machine_now=clock.real_now(),
        )
    messages.success(request, _("Saved: %(email)s.") % {"email": member.user.email})
    return redirect("desk_staff")


@for_staff(Act.STAFF)
@form_of("desk_staff")
def end(request: StaffRequest) -> HttpResponse:
    """End somebody's right and sign them out everywhere."""
    form = ReasonForm(request.POST, prefix="end")
    named = request.POST.get("user", "")
    if not form.is_valid() or not named.isdecimal() or len(named) > 18:
        return _page(request, StaffForm(), form, status=422)
    try:
        operations.end_staff(
            user_id=int(named),
            actor=Actor.user(request.user.pk),
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
        messages.success(request, _("Their right has ended, and they are signed out everywhere."))
    except operations.LastOperator:
        messages.error(request, _("This is the last operator. Add another one first."))
    except operations.NotStaff:
        messages.info(request, _("They don’t work here any more. Nothing was changed."))
    return redirect("desk_staff")


def _page(
    request: StaffRequest, form: StaffForm, end_form: ReasonForm, status: int = 200
) -> HttpResponse:
    everybody = queries.staff()
    now = clock.now()
    context = {
        "form": form,
        "end_form": end_form,
        "current": [one for one in everybody if one.until_at is None or one.until_at > now],
        "former": [one for one in everybody if one.until_at and one.until_at <= now],
        "chosen": request.POST.get("user", ""),
    }
    return render(request, "desk/staff.html", context, status=status)
