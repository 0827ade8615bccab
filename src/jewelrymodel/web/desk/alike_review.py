"""Approving alike requests of an outage together; each is its own decision, and can be undone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.queries import OwnAccount
from jewelrymodel.accounts.rights import Act
from jewelrymodel.incidents import queries as incidents
from jewelrymodel.incidents.models import Incident
from jewelrymodel.infra import clock
from jewelrymodel.support import operations
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.alike_requests import AlikeRequests, alike_requests, undone_together
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

_SHOWN_FOR = 3600  # seconds that what was shown can be approved; carrying out compares the facts


class ApproveAlikeForm(forms.Form):
    """Which of the alike requests are approved, as the page that showed them has signed them."""

    sure = forms.BooleanField(
        label=gettext_lazy("I have reviewed these recommendations"),
        error_messages={"required": gettext_lazy("Confirm that you have reviewed the list.")},
    )

    def __init__(self, *args: Any, signer: TimestampSigner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer
        self.chosen: list[tuple[str, str, int]] = []

    def clean(self) -> dict[str, Any]:
        """Read what was chosen: a request, the facts that were shown and the newest message then;
        refuse what isn't ours.
        """
        values = self.data.getlist("chosen") if isinstance(self.data, QueryDict) else []
        if not values:
            raise forms.ValidationError(_("Choose at least one request."))
        try:
            read = [self.signer.unsign(one, max_age=_SHOWN_FOR).split(":") for one in values]
        except BadSignature:
            refusal = _("This list is too old. Nothing was confirmed; please review it again.")
            raise forms.ValidationError(refusal) from None
        self.chosen = [(case_id, signature, int(newest)) for case_id, signature, newest in read]
        return super().clean() or {}


@require_safe
@for_staff(Act.DESK)
def review(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Show the requests of an outage side by side."""
    incident, requests = _requests(request, incident_id)
    form = ApproveAlikeForm(signer=_signer(request, incident_id))
    return _show(request, incident, requests, form)


@for_staff(Act.DECIDE)
@form_of("desk_review_requests")
def approve(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Approve what is recommended for each request that was chosen.

    Where the customer wrote since the list was shown, nothing is: the list sets that one apart.
    """
    form = ApproveAlikeForm(request.POST, signer=_signer(request, incident_id))
    if not form.is_valid():
        incident, requests = _requests(request, incident_id)
        return _show(request, incident, requests, form, status=422)
    confirmed = unread = 0
    for case_id, signature, newest in form.chosen:
        try:
            operations.confirm_decision(
                case_id=case_id,
                signature=signature,
                remedies_chosen=None,
                reason="",
                user_id=request.user.pk,
                now=clock.now(),
                machine_clock=clock.real_now,
                read_up_to=newest,
                from_list=incident_id,
            )
            confirmed += 1
        except operations.NewMessage:
            unread += 1
        except (operations.AlreadyConfirmed, operations.CaseOver):
            continue  # a colleague was quicker: the list says what became of it
    count = ngettext("%(n)s approval confirmed.", "%(n)s approvals confirmed.", confirmed)
    messages.success(request, count % {"n": confirmed})
    if unread:
        count = ngettext(
            "%(n)s request has a new message and wasn’t approved.",
            "%(n)s requests have a new message and weren’t approved.",
            unread,
        )
        messages.warning(request, count % {"n": unread})
    return redirect("desk_review_requests", incident_id=incident_id)


@for_staff(Act.DECIDE)
@form_of("desk_review_requests")
def undo(request: StaffRequest, incident_id: str) -> HttpResponse:
    """Undo what was confirmed in the outage's list, or by this person, and isn't carried out."""
    undone = 0
    incident = or_404(lambda: incidents.incident(incident_id=incident_id))
    for case_id in undone_together(incident, user_id=request.user.pk, now=clock.now()):
        try:
            operations.undo_confirmed(case_id=case_id, user_id=request.user.pk, now=clock.now())
            undone += 1
        except (operations.NothingConfirmed, OwnAccount):
            continue  # it was carried out in the same moment, and stays so
    count = ngettext("%(n)s approval undone.", "%(n)s approvals undone.", undone)
    messages.info(request, count % {"n": undone})
    return redirect("desk_review_requests", incident_id=incident_id)


def _requests(request: StaffRequest, incident_id: str) -> tuple[Incident, AlikeRequests]:
    incident = or_404(lambda: incidents.incident(incident_id=incident_id))
    return incident, alike_requests(incident, user_id=request.user.pk, now=clock.now())


def _signer(request: StaffRequest, incident_id: str) -> TimestampSigner:
    """What only this page can have shown, and only to this person: what stands apart isn't in."""
    return TimestampSigner(salt=f"alike-requests:{incident_id}:{request.user.pk}")


def _show(
    request: StaffRequest,
    incident: Incident,
    requests: AlikeRequests,
    form: ApproveAlikeForm,
    *,
    status: int = 200,
) -> HttpResponse:
    signer = _signer(request, incident.pk)
    rows = [
        (one, signer.sign(f"{one.case.pk}:{one.signature}:{one.newest_message}"))
        for one in requests.alike
    ]
    context = {"incident": incident, "requests": requests, "rows": rows, "form": form}
    return render(request, "desk/review_requests.html", context, status=status)
