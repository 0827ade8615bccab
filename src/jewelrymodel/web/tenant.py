"""Which account a page works for. Every page of the workspace goes through ``for_account``."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from jewelrymodel.accounts import queries
from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.rights import Act
from jewelrymodel.accounts.roles import Role
from jewelrymodel.ledger.balances import Balance
from jewelrymodel.web.acts import require, say_acts
from jewelrymodel.web.customer.ended_generations import announce
from jewelrymodel.web.security_record import note_refusal

ACCOUNT_KEY = "account_id"
P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of someone signed in."""

    user: User


class TenantRequest(HttpRequest):
    """A request of someone signed in, with the account that they work for."""

    user: User
    account: Account
    membership: Membership
    memberships: list[Membership]
    """All of this person's, with their accounts."""
    balance: Balance
    """Set by a page that has looked it up, for its shell."""
    htmx: HtmxDetails


def for_account(
    *acts: Act,
) -> Callable[
    [Callable[Concatenate[TenantRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Return a decorator that sets ``request.account`` and ``request.membership``, and lets in who
    may do all *acts* there.

    Nobody signed in: to the sign-in page and back. Signed in without an open account: to the page
    of the closed one that they can still keep, else 404. In a role without the right: 403. The view
    must look everything up by ``request.account.id``, so that another account's id is a 404 too.
    """

    def decorate(
        view: Callable[Concatenate[TenantRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            try:
                every = queries.memberships_of(user_id=request.user.pk)
                membership = queries.chosen_of(
                    every,
                    user_id=request.user.pk,
                    account_id=request.session.get(ACCOUNT_KEY),
                )
            except queries.NoAccount:
                return _to_closed_account(request, request.user)
            request.memberships = every  # type: ignore[attr-defined]  # what TenantRequest adds
            request.membership = membership  # type: ignore[attr-defined]  # what TenantRequest adds
            request.account = membership.account  # type: ignore[attr-defined]  # and this
            try:
                require(Role(membership.role), *acts)
            except PermissionDenied:
                note_refusal(request, *acts)
                raise
            if _is_page(request):
                announce(request, membership.account_id)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is one now

        say_acts(guarded, *acts)
        return guarded

    return decorate


def for_person(
    view: Callable[Concatenate[PersonRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Return *view* for somebody signed in, whatever accounts they have; others sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return _to_sign_in(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # it is one now

    say_acts(guarded, Act.PROFILE)
    return guarded


def _to_closed_account(request: HttpRequest, user: User) -> HttpResponseBase:
    if queries.closed_account_of(user_id=user.pk) is None:
        raise Http404
    if HtmxDetails(request):
        return HttpResponseClientRedirect(reverse("account-closed"))
    return redirect("account-closed")


def _is_page(request: HttpRequest) -> bool:
    """Whether a whole page is opened, not a part of one, a picture or a file."""
    wants_page = "text/html" in request.headers.get("Accept", "")
    return request.method == "GET" and wants_page and not HtmxDetails(request)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead the whole page to the sign-in, also when only a part of it was asked for, and back."""
    details = HtmxDetails(request)
    if details:
        back = details.current_url_abs_path or settings.LOGIN_REDIRECT_URL
        return HttpResponseClientRedirect(redirect_to_login(back).url)
    can_repeat = request.method in ("GET", "HEAD")
    return redirect_to_login(request.get_full_path() if can_repeat else settings.LOGIN_REDIRECT_URL)
