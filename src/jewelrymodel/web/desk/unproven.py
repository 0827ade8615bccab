"""Requests whose senders haven't confirmed their address: no clock runs; closed many at once."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.support import operations, queries
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.queue import ROWS_OF_A_PAGE
from jewelrymodel.web.desk.queue_views import queue_views
from jewelrymodel.web.desk.unproven_forms import CloseUnprovenForm
from jewelrymodel.web.form_addresses import form_of

NAMED = 20
"""How many of the requests to close are named before they are."""


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """List the requests that wait for their sender, newest first."""
    read_up_to = queries.newest_entry()  # before the rows: what comes meanwhile may not be in them
    page = Paginator(queries.unproven(), ROWS_OF_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    newest = queries.last_messages(rows)
    context = {
        "rows": [(one, newest.get(one.pk)) for one in rows],
        "ticked": request.GET.getlist("chosen"),
        "page": page,
        "read_up_to": read_up_to,
        "closed": queries.closed_batch(user_id=request.user.pk, now=clock.now()),
        "views": queue_views("desk_unproven"),
    }
    return render(request, "desk/unproven.html", context)


@for_staff(Act.CASES)
@form_of("desk_unproven")
def close(request: StaffRequest) -> HttpResponse:
    """Say how many requests would be closed and ask why; then close them, and mail nobody."""
    form = CloseUnprovenForm(request.POST)
    is_confirmed = "reason" in request.POST
    if form.is_valid() and is_confirmed:
        batch = operations.close_unproven(
            case_ids=form.case_ids,
            reason=form.cleaned_data["reason"],
            read_up_to=form.cleaned_data["read_up_to"],
            user_id=request.user.pk,
            now=clock.now(),
        )
        if not batch:
            messages.info(request, _("Nothing was closed: none of these still wait."))
        return redirect("desk_unproven")
    if "what" in form.errors or "read_up_to" in form.errors:
        messages.error(request, _("Choose the requests to close."))
        return redirect("desk_unproven")
    read_up_to = form.cleaned_data["read_up_to"]
    rows = queries.closable(case_ids=form.case_ids, read_up_to=read_up_to).order_by("-opened_at")
    count = rows.count()
    if not count:
        messages.error(request, _("Choose the requests to close."))
        return redirect("desk_unproven")
    shown = form if is_confirmed else CloseUnprovenForm(initial={"reason": _("Spam or not for us")})
    named = rows[:NAMED]
    context = {
        "form": shown,
        "count": count,
        "posted": form,
        "named": named,
        "more": count - len(named),
        "ticked": urlencode([("chosen", one) for one in form.chosen]),
    }
    return render(request, "desk/close_unproven.html", context, status=422 if is_confirmed else 200)


@for_staff(Act.CASES)
@form_of("desk_unproven")
def undo(request: StaffRequest) -> HttpResponse:
    """Open again what was closed together, where it is still closed."""
    batch = request.POST.get("batch", "")[:32]
    count = operations.undo_closing(batch=batch, user_id=request.user.pk, now=clock.now())
    done = ngettext("%(n)s request waits again.", "%(n)s requests wait again.", count)
    messages.success(request, done % {"n": count})
    return redirect("desk_unproven")
