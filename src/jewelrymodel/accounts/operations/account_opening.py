"""Writes: open an account, change it, change a person's name. One transaction each."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.roles import BuyerCapacity, Role
from jewelrymodel.audit import operations as audit
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.kernel.one_line import one_line


class NotTheOwner(CodedError):
    """Only an owner of the account may change this. Nothing was changed."""


def open_account(
    *,
    user_id: int,
    name: str,
    now: datetime,
    country: str = "",
    buyer_capacity: BuyerCapacity = BuyerCapacity.UNKNOWN,
) -> Membership:
    """Return the owner's membership of a new account called *name*, or by its id where that is
    nothing that could be seen.
    """
    with transaction.atomic():
        account_id = new_id("acct", now=now)
        account = Account.objects.create(
            id=account_id,
            name=one_line(name) or account_id,
            country=country,
            buyer_capacity=buyer_capacity,
            created_at=now,
        )
        return Membership.objects.create(
            account=account, user_id=user_id, role=Role.OWNER, joined_at=now
        )


def register(
    *,
    email: str,
    password: str | None,
    account_name: str,
    now: datetime,
    country: str = "",
    buyer_capacity: BuyerCapacity = BuyerCapacity.UNKNOWN,
) -> Membership:
    """Return the membership of a new person whose address is known to be theirs, and their account.

    Visitors sign up through the pages, which confirm the address first; this is for the rest.
    """
    with transaction.atomic():
        user = User.objects.create_user(email, password, date_joined=now)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return open_account(
            user_id=user.pk,
            name=account_name,
            country=country,
            buyer_capacity=buyer_capacity,
            now=now,
        )


def change_account(
    *,
    account_id: str,
    by_user_id: int,
    name: str,
    country: str,
    buyer_capacity: BuyerCapacity,
    now: datetime,
) -> Account:
    """Return the account with its new name, country and capacity; raises NotTheOwner.

    What was bought before keeps the country and capacity that its order recorded.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        owners = account.memberships.filter(user_id=by_user_id, role=Role.OWNER)
        if not owners.exists():
            raise NotTheOwner(account=account_id)
        former_particulars = _particulars(account)
        account.name = one_line(name)
        account.country, account.buyer_capacity = country, buyer_capacity
        account.save(update_fields=["name", "country", "buyer_capacity"])
        audit.record(
            actor=Actor.user(by_user_id),
            action="account.changed",
            subject=f"account:{account_id}",
            reason=f"{former_particulars} → {_particulars(account)}",
            account_id=account_id,
            now=now,
        )
        return account


def _particulars(account: Account) -> str:
    return f"{account.name} ({account.country or '??'}, {account.buyer_capacity})"


def rename_person(*, user_id: int, first_name: str, last_name: str) -> None:
    """Change what a person is called."""
    User.objects.filter(pk=user_id).update(
        first_name=one_line(first_name), last_name=one_line(last_name)
    )


def choose_language(*, user_id: int, language: str) -> None:
    """Have pages and emails to this person written in *language*, a code of two letters."""
    User.objects.filter(pk=user_id).update(language=language)


def choose_emails(*, user_id: int, when_ready: bool) -> None:
    """Have it emailed to this person, or not, that images are ready which nobody has seen yet."""
    User.objects.filter(pk=user_id).update(wants_ready_email=when_ready)


def note_buyer(*, account_id: str, country: str, buyer_capacity: str) -> None:
    """Keep what was said at checkout, so that the next checkout comes filled in."""
    Account.objects.filter(pk=account_id).update(country=country, buyer_capacity=buyer_capacity)
