"""The page that a link in an invitation leads to: who invites, to what, and accepting it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import User
from jewelrymodel.infra.clock import now
from jewelrymodel.web import landing
from jewelrymodel.web.tenant import ACCOUNT_KEY


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation; on POST whoever is signed in accepts it. A used one is said to be over.

    Whoever isn't signed in is led to do that first, and back here.
    """
    at = now()
    try:
        row = operations.invitation_of(token=token, now=at)
        if request.method == "POST" and isinstance(request.user, User):
            joined = operations.accept_invitation(token=token, user_id=request.user.pk, now=at)
            request.session[ACCOUNT_KEY] = joined.account_id
            words = _("You now work in %(account)s.") % {"account": row.account.name}
            messages.success(request, words)
            return redirect(landing.start_of(request, as_member=True))
    except operations.NoInvitation:
        return render(request, "customer/people/over.html", status=410)
    except operations.OtherAddress:
        context = {"invitation": row, "is_other": True}
        return render(request, "customer/people/invitation.html", context, status=409)
    return render(request, "customer/people/invitation.html", {"invitation": row})
