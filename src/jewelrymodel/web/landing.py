"""Where somebody who is signed in begins."""

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from jewelrymodel.accounts import queries
from jewelrymodel.accounts.models import StaffMember, User
from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import Role
from jewelrymodel.infra import clock


def staff_of(request: HttpRequest, at: datetime) -> StaffMember | None:
    """Return what the person who asks may do at the desk at *at*; None for who isn't staff."""
    if not isinstance(request.user, User):
        return None
    known = getattr(request, "staff", None)  # at the desk it was looked up already
    return known or queries.staff_member(user_id=request.user.pk, now=at)


def start_of(request: HttpRequest, *, as_member: bool = False) -> str:
    """Return the address at which the person who asks begins their work: the desk for our own
    people, unless they come *as_member* of an account.
    """
    if not as_member and staff_of(request, clock.now()) is not None:
        return reverse("desk")
    try:
        chosen = request.session.get("account_id")
        membership = queries.membership_of(user_id=request.user.pk or 0, account_id=chosen)
    except queries.NoAccount:
        closed = queries.closed_account_of(user_id=request.user.pk or 0)
        return reverse("account-closed" if closed else "home")
    return reverse("studio" if may(Role(membership.role), Act.STUDIO) else "billing")
