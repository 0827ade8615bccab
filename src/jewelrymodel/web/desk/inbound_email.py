"""Email to support: all that was kept, and each one: read, opened as a request, or dismissed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.support import operations, queries
from jewelrymodel.support.statuses import MailOutcome
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.inbound_email_forms import DismissForm
from jewelrymodel.web.desk.queue_views import queue_views
from jewelrymodel.web.desk.refusal_messages import CONFLICT, refusal_message
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.message_text import message_text
from jewelrymodel.web.responses import or_404

PART_LIMIT = 200_000  # characters of one part on the page; the source has them all
_AUDIT_LABELS = {
    "mail.released": gettext_lazy("Opened as a new request"),
    "mail.dismissed": gettext_lazy("Dismissed"),
    "mail.downloaded": gettext_lazy("Source downloaded"),
}
_STATUSES = {
    MailOutcome.OPENED: (gettext_lazy("New request"), "ok"),
    MailOutcome.THREADED: (gettext_lazy("Added to a request"), "ok"),
    MailOutcome.QUARANTINED: (gettext_lazy("In quarantine"), "warn"),
    MailOutcome.UNANSWERED: (gettext_lazy("Kept, not answered"), ""),
    MailOutcome.DISMISSED: (gettext_lazy("Dismissed"), ""),
    MailOutcome.NOTED: (gettext_lazy("Noted in a request"), ""),
}
"""An email's status, and how its badge looks."""


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """List the newest emails to support and the status of each."""
    rows = [(one, _STATUSES[MailOutcome(one.outcome)]) for one in queries.inbound_emails()]
    context = {"rows": rows, "views": queue_views("desk_mails")}
    return render(request, "desk/inbound_emails.html", context)


@require_safe
@for_staff(Act.DESK)
def email(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Show one email; what has a request is read there: its page leads to it."""
    details = or_404(lambda: queries.inbound_email(mail_id=mail_id))
    if details.email.case_id:
        return redirect("desk_case", details.email.case_id)
    return _show(request, details, DismissForm())


@for_staff(Act.INBOUND_EMAIL)
@form_of("desk_mail")
def release(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Open a request from an email; its sender is asked to verify who they are."""
    or_404(lambda: queries.inbound_email(mail_id=mail_id))
    try:
        case = operations.release_email(
            mail_id=mail_id,
            user_id=request.user.pk,
            now=clock.now(),
            expected=_outcome_shown(request),
        )
    except operations.NotInQuarantine as refusal:
        return _refused(request, mail_id, refusal)
    messages.success(request, _("Request opened. The sender is asked to verify who they are."))
    return redirect("desk_case", case_id=case.pk)


@for_staff(Act.INBOUND_EMAIL)
@form_of("desk_mail")
def dismiss(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Dismiss an email in quarantine, with a reason."""
    details = or_404(lambda: queries.inbound_email(mail_id=mail_id))
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _show(request, details, form, status=422)
    try:
        operations.dismiss_email(
            mail_id=mail_id,
            reason=form.cleaned_data["reason"],
            user_id=request.user.pk,
            now=clock.now(),
            expected=_outcome_shown(request),
        )
    except operations.NotInQuarantine as refusal:
        return _refused(request, mail_id, refusal)
    messages.success(request, _("Email dismissed. It is kept under All email."))
    return redirect("desk")


@require_safe
@for_staff(Act.DESK)
def original(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Show an email as it arrived: its parts as text, nothing of it run, fetched or drawn."""
    details = or_404(lambda: queries.original_email(mail_id=mail_id))
    context = {
        "email": details.email,
        "original": details.original,
        "received_at": details.received_at,
        "part_limit": PART_LIMIT,
    }
    return render(request, "desk/original_email.html", context)


@for_staff(Act.DESK)
@form_of("desk_mail")
def source(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Hand out an email's bytes as a text file, and note who downloaded them."""
    details = or_404(lambda: queries.original_email(mail_id=mail_id))
    operations.note_download(mail_id=mail_id, user_id=request.user.pk, now=clock.now())
    name = f'attachment; filename="{details.email.pk}.eml.txt"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(details.raw, content_type="text/plain; charset=utf-8", headers=headers)


def _outcome_shown(request: StaffRequest) -> str:
    """What the email was when the page was made that sends this."""
    return request.POST.get("seen", MailOutcome.QUARANTINED)


def _refused(request: StaffRequest, mail_id: str, refusal: CodedError) -> HttpResponse:
    """Show what became of an email that a colleague handled in the meantime."""
    details = queries.inbound_email(mail_id=mail_id)
    sentence = refusal_message(refusal)
    return _show(request, details, DismissForm(), refusal=sentence, status=CONFLICT)


def _show(
    request: StaffRequest,
    details: queries.InboundEmailDetails,
    form: DismissForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    names = actor_names.names(one.actor for one in details.history)
    context = {
        "email": details.email,
        "status": _STATUSES[MailOutcome(details.email.outcome)],
        "text": message_text(details.content.text),
        "can_open_request": details.can_be_released,
        "is_quarantined": details.email.outcome == MailOutcome.QUARANTINED,
        "history": [
            (one, names[one.actor], _AUDIT_LABELS.get(one.action, one.action))
            for one in details.history
        ],
        "form": form,
        "refusal": refusal,
    }
    return render(request, "desk/inbound_email.html", context, status=status)
