"""Mail in quarantine: read, let out as a case of its own, or put aside; it never joins a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jewelrymodel.infra import clock
from jewelrymodel.support import operations, queries
from jewelrymodel.web.desk.door import StaffRequest, for_staff
from jewelrymodel.web.desk.forms import DismissForm
from jewelrymodel.web.found import or_404


@require_http_methods(["GET", "POST"])
@for_staff()
def quarantined(request: StaffRequest, mail_id: str) -> HttpResponse:
    """Show one mail and why it is here; on POST open a case from it, or put it aside."""
    taken, content = or_404(lambda: queries.quarantined(mail_id=mail_id))
    form, now, user_id = DismissForm(request.POST or None), clock.now(), request.user.pk
    if request.POST.get("do") == "release":
        case = operations.release_mail(mail_id=mail_id, user_id=user_id, now=now)
        messages.success(
            request, _("A case was opened; its sender is asked to prove who they are.")
        )
        return redirect("desk_case", case_id=case.pk)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        operations.dismiss_mail(mail_id=mail_id, reason=reason, user_id=user_id, now=now)
        messages.success(request, _("Put aside. The mail is kept."))
        return redirect("desk")
    context = {"taken": taken, "content": content, "form": form}
    return render(request, "desk/mail.html", context, status=422 if form.errors else 200)
