"""Closing an account and keeping it after all; taking out who its people were."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from jewelrymodel.accounts.models import Account, Invitation, Membership, StaffMember, User
from jewelrymodel.accounts.operations.staff import end_sessions
from jewelrymodel.audit import operations as audit

NAMELESS = "Closed account"
"""What an erased account is called at the desk."""


def close(*, account: Account, now: datetime) -> list[User]:
    """Return the people of an account after closing it; the caller holds its row.

    Whoever belongs to no other open account is signed out everywhere.
    """
    account.closed_at = now
    account.save(update_fields=["closed_at"])
    people = [one.user for one in _members(account).select_related("user").order_by("pk")]
    for user in people:
        if not _elsewhere(user, account).filter(account__closed_at__isnull=True).exists():
            end_sessions(user_id=user.pk, now=now)
    return people


def reopen(*, account: Account) -> None:
    """Open a closed account again; the caller holds its row and knows that it isn't erased."""
    account.closed_at = None
    account.save(update_fields=["closed_at"])


def erase(*, account: Account, now: datetime) -> None:
    """Take the name of a closed account away, and who the people were that have no other.

    Their addresses are free from then on. Rows stay, because orders and records lead to them. The
    caller holds the account's row. Our own staff keep theirs.
    """
    with transaction.atomic():
        for member in _members(account).select_related("user").order_by("pk"):
            user = member.user
            is_staff = StaffMember.objects.filter(user=user).exists() or user.is_staff
            elsewhere = _elsewhere(user, account).filter(account__erased_at__isnull=True)
            if not (is_staff or elsewhere.exists()):
                _erase_person(user, now)
        Invitation.objects.filter(account=account).delete()
        account.name, account.erased_at = NAMELESS, now
        account.save(update_fields=["name", "erased_at"])


def _members(account: Account) -> QuerySet[Membership]:
    return Membership.objects.filter(account=account)


def _elsewhere(user: User, account: Account) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).exclude(account=account)


def _erase_person(user: User, now: datetime) -> None:
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()
    audit.forget_person(user_id=user.pk)
    user.email = f"closed-{user.pk}@closed.invalid"
    user.first_name = user.last_name = user.language = ""
    user.is_active = user.wants_ready_email = False
    user.last_login = None
    user.sessions_ended_at = now
    user.set_unusable_password()
    user.save()
