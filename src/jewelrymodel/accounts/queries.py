"""Reads: who belongs to what."""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from jewelrymodel.accounts.models import Account, Invitation, Membership, StaffMember, User
from jewelrymodel.accounts.rights import Act, may
from jewelrymodel.accounts.roles import Role
from jewelrymodel.kernel.errors import CodedError


class NoAccount(CodedError):
    """This person belongs to no open account."""


class OwnAccount(CodedError):
    """Nobody decides about an account that they belong to themselves. Nothing was changed."""


def refuse_own_account(*, user_id: int, account_id: str | None) -> None:
    """Raise OwnAccount where this person belongs to the account, closed or not, in any role."""
    if Membership.objects.filter(user_id=user_id, account_id=account_id).exists():
        raise OwnAccount(account=account_id or "")


def memberships_of(*, user_id: int) -> list[Membership]:
    """Return the memberships of a person in open accounts, with these loaded, oldest first."""
    rows = Membership.objects.filter(user_id=user_id, account__closed_at__isnull=True)
    return list(rows.select_related("account").order_by("joined_at", "id"))


def membership_of(*, user_id: int, account_id: str | None = None) -> Membership:
    """Return the membership of a person, with its account loaded: in *account_id*, else the oldest.

    An account that isn't theirs, or is closed, counts as not asked for. Raises NoAccount.
    """
    return chosen_of(memberships_of(user_id=user_id), user_id=user_id, account_id=account_id)


def chosen_of(memberships: list[Membership], *, user_id: int, account_id: str | None) -> Membership:
    """Return the one of a person's *memberships* that ``membership_of`` does; raises NoAccount."""
    if not memberships:
        raise NoAccount(user=user_id)
    chosen = [membership for membership in memberships if membership.account_id == account_id]
    return (chosen or memberships)[0]


def closed_account_of(*, user_id: int) -> Account | None:
    """Return the closed account that a person owns and can still keep, the latest; else None."""
    rows = Account.objects.filter(
        memberships__user_id=user_id,
        memberships__role=Role.OWNER,
        closed_at__isnull=False,
        erased_at__isnull=True,
    )
    return rows.order_by("-closed_at").first()


def members_of(*, account_id: str) -> list[Membership]:
    """Return the memberships of an account with their users loaded, oldest first."""
    members = Membership.objects.filter(account_id=account_id).select_related("user")
    return list(members.order_by("joined_at", "id"))


def may_act(*, email: str, account_id: str, act: Act) -> bool:
    """Return whether the person with this address may do *act* in the account, closed or not."""
    rows = Membership.objects.filter(account_id=account_id, user__email=email.strip().lower())
    return any(may(Role(role), act) for role in rows.values_list("role", flat=True))


def open_invitations(*, account_id: str, now: datetime) -> list[Invitation]:
    """Return the invitations of an account that can still be accepted, newest first."""
    rows = Invitation.objects.filter(account_id=account_id, ended_at=None, expires_at__gt=now)
    return list(rows.order_by("-created_at", "id"))


def language_of(*, account_id: str | None) -> str:
    """Return the language of emails and receipts to an account: its first owner's, "" if unknown.

    Without an account, or before the owner chose one, it is not known.
    """
    owners = Membership.objects.filter(account_id=account_id, role=Role.OWNER)
    first = owners.order_by("joined_at", "id").values_list("user__language", flat=True).first()
    return first or ""


def language_of_address(*, email: str) -> str:
    """Return the language that the person with this address chose, "" if there is none."""
    chosen = User.objects.filter(email=email.strip().lower()).values_list("language", flat=True)
    return chosen.first() or ""


def current_staff(now: datetime) -> QuerySet[StaffMember]:
    """Return the rights of our staff that hold at *now*."""
    lasts = Q(until_at__isnull=True) | Q(until_at__gt=now)
    return StaffMember.objects.filter(lasts, since_at__lte=now)


def staff_member(*, user_id: int, now: datetime) -> StaffMember | None:
    """Return what somebody of ours may do at *now*; None for everybody else."""
    return current_staff(now).filter(user_id=user_id).first()


def staff_without_second_factor(*, now: datetime) -> list[str]:
    """Return the addresses of those who work at the desk and have set up none, in their order."""
    with_one = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
    rows = current_staff(now).exclude(user__in=with_one).order_by("user__email")
    return list(rows.values_list("user__email", flat=True))


def staff_named(*, email: str) -> StaffMember | None:
    """Return the right of the person with this address, also one that has ended."""
    rows = StaffMember.objects.filter(user__email=email.strip().lower())
    return rows.select_related("user").first()


def staff() -> list[StaffMember]:
    """Return everybody who works or worked for us, with their users loaded, by address."""
    return list(StaffMember.objects.select_related("user").order_by("user__email"))


def account(*, account_id: str) -> Account:
    """Return one account, for staff; raises Account.DoesNotExist."""
    return Account.objects.get(pk=account_id)


def accounts_named(*, text: str, also_closed: bool = False) -> list[Account]:
    """Return the accounts with this id, or of the person with this address, by their ids.

    Closed ones only where *also_closed* asks for them.
    """
    rows = Account.objects.all() if also_closed else Account.objects.filter(closed_at__isnull=True)
    named = rows.filter(Q(pk=text) | Q(memberships__user__email=text.lower())).distinct()
    return list(named.order_by("pk"))


def search_accounts(*, text: str, limit: int) -> list[Account]:
    """Return the accounts that *text* names, with their people loaded, by name.

    Those of the person with that address; where nobody has it, those with *text* anywhere in their
    name or at the beginning of somebody's address. Names have no index: accounts are few.
    """

    def some(rows: QuerySet[Account]) -> list[Account]:
        rows = rows.prefetch_related("memberships__user")
        return list(rows.order_by("name", "id")[:limit])

    address = text.lower()
    people = Membership.objects.filter(user__email__startswith=address).values("account_id")
    named = Q(name__icontains=text) | Q(pk__in=people)
    exact = Account.objects.filter(memberships__user__email=address)
    return some(exact) or some(Account.objects.filter(named))


def names_of(*, user_ids: Iterable[int]) -> dict[int, str]:
    """Return how people call themselves, else their addresses, by id; the unknown are left out."""
    rows = User.objects.filter(pk__in=set(user_ids)).only("first_name", "last_name", "email")
    return {one.pk: one.get_full_name() or one.email for one in rows}
