"""Requests that were closed without an email: a second person looks at some of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import clock
from jewelrymodel.support import operations, queries
from jewelrymodel.support.statuses import ClosingVerdict
from jewelrymodel.web.desk import actor_names
from jewelrymodel.web.desk.access import StaffRequest, for_staff
from jewelrymodel.web.desk.queue_views import queue_views
from jewelrymodel.web.desk.refusal_messages import refusal_message
from jewelrymodel.web.form_addresses import form_of
from jewelrymodel.web.responses import or_404

SHOWN = 10


@require_safe
@for_staff(Act.DESK)
def index(request: StaffRequest) -> HttpResponse:
    """Show some that others closed, drawn by chance, and how many there are."""
    now = clock.now()
    closings = queries.closings_to_review(user_id=request.user.pk, now=now, limit=SHOWN)
    names = actor_names.names(one.closed_by for one in closings)
    newest = queries.last_messages([one.case for one in closings])
    context = {
        "rows": [(one, names[one.closed_by], newest.get(one.case_id)) for one in closings],
        "counts": queries.closing_counts(now=now),
        "views": queue_views("desk_silent_closings"),
    }
    return render(request, "desk/silent_closings.html", context)


@for_staff(Act.DECIDE)
@form_of("desk_silent_closings")
def review(request: StaffRequest, closing_id: int) -> HttpResponse:
    """Say whether it was right to close one; open it again where it wasn't."""
    said = request.POST.get("verdict", "")
    if said not in ClosingVerdict.values:
        messages.error(request, _("Say whether it was right to close it. Nothing was changed."))
        return redirect("desk_silent_closings")
    verdict = ClosingVerdict(said)
    try:
        closing = or_404(
            lambda: operations.review_closing(
                closing_id=closing_id, verdict=verdict, user_id=request.user.pk, now=clock.now()
            )
        )
    except (
        operations.OwnClosing,
        operations.ClosingReviewed,
        operations.ClosingOver,
    ) as refusal:
        messages.error(request, refusal_message(refusal))
        return redirect("desk_silent_closings")
    if verdict is ClosingVerdict.WRONG:
        messages.success(request, _("The request is open again. Its days begin now."))
        return redirect("desk_case", case_id=closing.case_id)
    messages.success(request, _("Saved."))
    return redirect("desk_silent_closings")
