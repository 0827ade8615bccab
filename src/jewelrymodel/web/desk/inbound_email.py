"""Mail to support: all that was kept, and one of them: read, let out as a case, or put aside."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jewelrymodel.infra import clock
from jewelrymodel.support import operations, queries
from jewelrymodel.support.statuses import MailOutcome
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.forms import DismissForm
from jewelrymodel.web.message_text import message_text
from jewelrymodel.web.responses import or_404

LONGEST_PART = 200_000  # characters of one part on the page; the source has them all
_ACTIONS = {
    "mail.released": gettext_lazy("Let out as a case of its own"),
    "mail.dismissed": gettext_lazy("Put aside"),
    "mail.downloaded": gettext_lazy("Source downloaded"),
}
_KINDS = {
    MailOutcome.OPENED: "ok",
    MailOutcome.THREADED: "ok",
    MailOutcome.QUARANTINED: "warn",
}
"""How a mail's badge looks; the rest are plain."""


@require_safe
@for_staff()
def index(request: StaffRequest) -> HttpResponse:
    """List the newest mails to support and what became of each."""
    rows = [(one, _kind(one.outcome)) for one in queries.kept_mails()]
    return render(request, "desk/inbound_emails.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@for_staff()
def kept(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Show one mail; on POST open a case from it, or put it aside.

    What has a case is read there: its page leads to it. Who acts on what a colleague handled
    meanwhile is told so, with what became of it (409).
    """
    found = or_404(lambda: queries.kept_mail(mail_id=mail_id))
    if request.method != "POST":
        if found.taken.case_id:
            return redirect("desk_case", found.taken.case_id)
        return _show(request, found, DismissForm())
    is_release = request.POST.get("do") == "release"
    form = DismissForm(None if is_release else request.POST)
    try:
        if is_release:
            return _release(request, mail_id, clock.now())
        if form.is_valid():
            return _dismiss(request, mail_id, form, clock.now())
    except operations.NotInQuarantine as refusal:
        found = queries.kept_mail(mail_id=mail_id)
        return _show(request, found, DismissForm(), refusal=_(str(refusal)), status=409)
    return _show(request, found, form, status=422)


@require_safe
@for_staff()
def original(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Show a mail as it came: its parts as text, nothing of it run, fetched or drawn."""
    found = or_404(lambda: queries.original_mail(mail_id=mail_id))
    context = {
        "taken": found.taken,
        "original": found.original,
        "received_at": found.received_at,
        "longest": LONGEST_PART,
    }
    return render(request, "desk/original_email.html", context)


@require_POST
@for_staff()
def source(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Hand out a mail's bytes as a text file, and note who took them."""
    found = or_404(lambda: queries.original_mail(mail_id=mail_id))
    operations.note_download(mail_id=mail_id, user_id=request.user.pk, now=clock.now())
    name = f'attachment; filename="{found.taken.pk}.eml.txt"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(found.raw, content_type="text/plain; charset=utf-8", headers=headers)


def _release(request: StaffRequest, mail_id: str, now: datetime) -> HttpResponse:
    case = operations.release_mail(
        mail_id=mail_id, user_id=request.user.pk, now=now, seen=_seen(request)
    )
    messages.success(request, _("A case was opened; its sender is asked to prove who they are."))
    return redirect("desk_case", case_id=case.pk)


def _dismiss(request: StaffRequest, mail_id: str, form: DismissForm, now: datetime) -> HttpResponse:
    operations.dismiss_mail(
        mail_id=mail_id,
        reason=form.cleaned_data["reason"],
        user_id=request.user.pk,
        now=now,
        seen=_seen(request),
    )
    messages.success(request, _("Put aside. The mail is kept."))
    return redirect("desk")


def _seen(request: StaffRequest) -> str:
    """What the mail was when the page was made that sends this."""
    return request.POST.get("seen", MailOutcome.QUARANTINED)


def _show(
    request: StaffRequest,
    found: queries.KeptMail,
    form: DismissForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    names = actor_names.names(one.actor for one in found.history)
    context = {
        "taken": found.taken,
        "kind": _kind(found.taken.outcome),
        "text": message_text(found.content.text),
        "can_be_let_out": found.can_be_let_out,
        "is_quarantined": found.taken.outcome == MailOutcome.QUARANTINED,
        "history": [(one, names[one.actor], _ACTIONS.get(one.action, "")) for one in found.history],
        "form": form,
        "refusal": refusal,
    }
    return render(request, "desk/inbound_email.html", context, status=status)


def _kind(outcome: str) -> str:
    return _KINDS.get(MailOutcome(outcome), "")
