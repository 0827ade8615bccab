"""Who belongs to an account: owners invite, change roles and remove, each noted with who did it."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction

from jewelrymodel.accounts.models import Account, Invitation, Membership
from jewelrymodel.accounts.operations.account_opening import NotTheOwner
from jewelrymodel.accounts.roles import Role
from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id

LASTS = timedelta(days=7)
KEPT_AFTER = timedelta(days=30)
MOST_OPEN = 20
"""How many invitations of one account can be open at once."""
_SALT = "accounts.invitation"


class AlreadyMember(CodedError):
    """This person belongs to the account already. Nothing was changed."""


class TooManyInvitations(CodedError):
    """Too many invitations of this account are open. Nobody was invited."""


class NoInvitation(CodedError):
    """There is no such invitation any more: it was used, revoked, or its time is over."""


class OtherAddress(CodedError):
    """This invitation is for somebody with another email address. Nothing was changed."""


class LastOwner(CodedError):
    """Nobody would be left who owns the account. Nothing was changed."""


def invite(
    *, account_id: str, by_user_id: int, email: str, role: Role, now: datetime
) -> Invitation:
    """Return the invitation of whoever has this address; an open one to it is replaced.

    Raises NotTheOwner, AlreadyMember, TooManyInvitations.
    """
    address = email.strip().lower()
    with transaction.atomic():
        _require_owner(account_id, by_user_id)
        if Membership.objects.filter(account_id=account_id, user__email=address).exists():
            raise AlreadyMember(account=account_id)
        waiting = Invitation.objects.filter(account_id=account_id, ended_at=None)
        waiting.filter(email=address).update(ended_at=now)
        if waiting.filter(expires_at__gt=now).count() >= MOST_OPEN:
            raise TooManyInvitations(most=MOST_OPEN)
        invitation = Invitation.objects.create(
            id=new_id("inv", now=now),
            account_id=account_id,
            email=address,
            role=role,
            invited_by=by_user_id,
            created_at=now,
            expires_at=now + LASTS,
        )
        _note(account_id, by_user_id, f"member.invited.{role}", invitation.pk, now)
    return invitation


def token_of(invitation: Invitation) -> str:
    """Return what the link in the email carries; only who reads that mail has it."""
    return signing.dumps(invitation.pk, salt=_SALT)


def invitation_of(*, token: str, now: datetime) -> Invitation:
    """Return the open invitation that a link names, its account loaded; raises NoInvitation."""
    try:
        invitation_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise NoInvitation from None
    rows = Invitation.objects.select_related("account").filter(
        pk=invitation_id, ended_at=None, expires_at__gt=now, account__closed_at=None
    )
    if (invitation := rows.first()) is None:
        raise NoInvitation
    return invitation


def accept_invitation(*, token: str, user_id: int, now: datetime) -> Membership:
    """Return the membership of who was invited: the address has to be one that they confirmed.

    Raises NoInvitation, and OtherAddress. Who belongs to the account already keeps their role.
    """
    with transaction.atomic():
        invitation = invitation_of(token=token, now=now)
        account = Account.objects.select_for_update().get(pk=invitation.account_id)
        addresses = EmailAddress.objects.filter(user_id=user_id, verified=True)
        if not addresses.filter(email__iexact=invitation.email).exists():
            raise OtherAddress
        if not Invitation.objects.filter(pk=invitation.pk, ended_at=None).update(ended_at=now):
            raise NoInvitation
        membership, _ = Membership.objects.get_or_create(
            account=account,
            user_id=user_id,
            defaults={"role": invitation.role, "joined_at": now},
        )
        _note(account.pk, user_id, f"member.joined.{membership.role}", invitation.pk, now)
    return membership


def revoke_invitation(
    *, account_id: str, by_user_id: int, invitation_id: str, now: datetime
) -> None:
    """End an open invitation; its link leads nowhere any more. Raises NotTheOwner, NoInvitation."""
    with transaction.atomic():
        _require_owner(account_id, by_user_id)
        rows = Invitation.objects.filter(pk=invitation_id, account_id=account_id, ended_at=None)
        if not rows.update(ended_at=now):
            raise NoInvitation
        _note(account_id, by_user_id, "member.invitation_revoked", invitation_id, now)


def change_role(
    *, account_id: str, by_user_id: int, member_id: int, role: Role, now: datetime
) -> None:
    """Give somebody of the account another role. Raises NotTheOwner, LastOwner and
    Membership.DoesNotExist.
    """
    with transaction.atomic():
        _require_owner(account_id, by_user_id)
        member = Membership.objects.get(account_id=account_id, pk=member_id)
        if role != Role.OWNER:
            _require_another_owner(member)
        member.role = role
        member.save(update_fields=["role"])
        _note(account_id, by_user_id, f"member.{role}", f"user:{member.user_id}", now)


def remove_member(*, account_id: str, by_user_id: int, member_id: int, now: datetime) -> None:
    """Take somebody out of the account; what they made stays there. Raises NotTheOwner, LastOwner
    and Membership.DoesNotExist.
    """
    with transaction.atomic():
        _require_owner(account_id, by_user_id)
        member = Membership.objects.get(account_id=account_id, pk=member_id)
        _require_another_owner(member)
        member.delete()
        _note(account_id, by_user_id, "member.removed", f"user:{member.user_id}", now)


def forget_invitations(*, now: datetime) -> int:
    """Remove the addresses of invitations that ended or expired a while ago; return how many."""
    before = now - KEPT_AFTER
    ended = Invitation.objects.filter(ended_at__lt=before)
    expired = Invitation.objects.filter(expires_at__lt=before)
    return int((ended | expired).delete()[0])


def _require_owner(account_id: str, user_id: int) -> None:
    """Hold the account's row, and raise NotTheOwner for whoever doesn't own it."""
    account = Account.objects.select_for_update().get(pk=account_id)
    if not account.memberships.filter(user_id=user_id, role=Role.OWNER).exists():
        raise NotTheOwner(account=account_id)


def _require_another_owner(member: Membership) -> None:
    owners = Membership.objects.filter(account_id=member.account_id, role=Role.OWNER)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner(account=member.account_id)


def _note(account_id: str, user_id: int, action: str, subject: str, now: datetime) -> None:
    audit.record(
        actor=Actor.user(user_id),
        action=action,
        subject=subject if ":" in subject else f"invitation:{subject}",
        reason="people of the account",
        account_id=account_id,
        now=now,
    )
