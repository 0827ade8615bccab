"""Who has access to the desk. Every page of it goes through ``for_staff``."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from jewelrymodel.accounts import queries
from jewelrymodel.accounts.models import StaffMember, User
from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.infra import clock
from jewelrymodel.web.acts import say_acts
from jewelrymodel.web.desk.sign_in import asked_again
from jewelrymodel.web.security_record import note_refusal

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of somebody of ours, with what they may do."""

    user: User
    staff: StaffMember


def for_staff(
    act: Act,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Return a decorator that lets in those of ours who may do *act*.

    Nobody signed in: to the sign-in page. Without the right the page doesn't exist (404); signed in
    without a second factor, or too long ago, they are asked for it first.
    """

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            member = queries.staff_member(user_id=request.user.pk, now=clock.now())
            if member is None or not may(StaffRole(member.role), act):
                note_refusal(request, act)
                raise Http404
            if page := asked_again(request, request.user):
                return page
            request.staff = member  # type: ignore[attr-defined]  # what StaffRequest adds
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is one now

        say_acts(guarded, act)
        return guarded

    return decorate
