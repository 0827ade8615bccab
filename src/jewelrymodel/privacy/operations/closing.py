"""Closing an account, keeping it after all, and what is erased once that is no longer possible.

Each step may be cut off anywhere and is done again: closing and keeping are one transaction each,
and what is erased is erased twice without harm, until one last transaction says that it is done.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.accounts.roles import Role
from jewelrymodel.audit import operations as audit
from jewelrymodel.generation import operations as generation
from jewelrymodel.infra import email_queue, languages, storage
from jewelrymodel.infra.row_isolation import attempt_each
from jewelrymodel.infra.storage_places import PLACES
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Subscription
from jewelrymodel.privacy import queries
from jewelrymodel.privacy.models import AccountClosing, DataExport
from jewelrymodel.privacy.statuses import ExportState

ERASURE = Actor.system("account-erasure")
"""Who erases what a closed account leaves, once its term is over."""
_CLOSED, _KEPT, _ERASED = "closed", "kept", "erased"


class NotConfirmed(CodedError):
    """The name of the account wasn't entered as it is. Nothing was changed."""


class MustEndFirst(CodedError):
    """Something of the account is under way and has to end before it is closed."""


class AlreadyClosed(CodedError):
    """The account is closed already."""


class NothingToKeep(CodedError):
    """The account isn't closed, or its data is being erased: it can't be kept any more."""


def close_account(
    *, account_id: str, user_id: int, name: str, now: datetime, machine_now: datetime
) -> AccountClosing:
    """Return the closing: subscriptions are canceled, people signed out, nothing new is taken.

    *name* is the account's, as its owner typed it. Raises accounts.NotTheOwner, NotConfirmed,
    AlreadyClosed and MustEndFirst.
    """
    with transaction.atomic():
        _lock_subscriptions(account_id)
        account = _locked_by_owner(account_id, user_id)
        if account.closed_at is not None:
            raise AlreadyClosed(account=account_id)
        if _plain(name) != _plain(account.name):
            raise NotConfirmed(account=account_id)
        if queries.open_matters(account_id=account_id, now=now).must_end_first:
            raise MustEndFirst(account=account_id)
        closing = AccountClosing.objects.create(
            id=new_id("close", now=now),
            account=account,
            user_id=user_id,
            credits=ledger.balance(account_id, now).available,
            canceled=_cancel_subscriptions(account_id, user_id, now),
            closed_at=now,
            due_at=now + timedelta(days=settings.CLOSING_UNDO_DAYS),
        )
        people = accounts.close(account=account, now=now)
        _tell(people, _CLOSED, closing, machine_now)
        _note(closing, "account.closed", Actor.user(user_id), now)
    return closing


def keep_account(
    *, account_id: str, user_id: int, now: datetime, machine_now: datetime
) -> AccountClosing:
    """Return the closing that an owner undid; subscriptions that it canceled stay canceled.

    Raises accounts.NotTheOwner and NothingToKeep.
    """
    with transaction.atomic():
        account = _locked_by_owner(account_id, user_id)
        closing = queries.closing_of(account_id=account_id)
        if closing is None or closing.due_at <= now:
            raise NothingToKeep(account=account_id)
        closing.undone_at = now
        closing.save(update_fields=["undone_at"])
        accounts.reopen(account=account)
        people = User.objects.filter(memberships__account=account, is_active=True)
        _tell(list(people.order_by("pk")), _KEPT, closing, machine_now)
        _note(closing, "account.kept", Actor.user(user_id), now)
    return closing


def erase_due(*, now: datetime, machine_now: datetime) -> int:
    """Erase what closed accounts leave whose term is over; return how many have to wait.

    They wait while a request, a dispute, an order in review or a refund isn't over, and are looked
    at again the next time.
    """
    waiting: list[str] = []

    def erase(closing_id: str) -> None:
        if not erase_account(closing_id=closing_id, now=now, machine_now=machine_now):
            waiting.append(closing_id)

    due = queries.closings_due(now=now)
    return attempt_each(due, erase, doing="erasing a closed account") + len(waiting)


def erase_account(*, closing_id: str, now: datetime, machine_now: datetime) -> bool:
    """Erase what one closed account leaves; return False where that has to wait.

    Files, words and pictures go first, then in one transaction who its people were. Orders,
    receipts, requests and decisions stay as they are, for the books.
    """
    closing = AccountClosing.objects.select_related("account").get(pk=closing_id)
    account_id = closing.account_id
    if closing.erased_at is not None or closing.undone_at is not None:
        return True
    matters = queries.open_matters(account_id=account_id, now=now)
    if closing.due_at > now or matters.goes_on or matters.must_end_first:
        return False
    generation.erase_work(account_id=account_id, now=now)
    for place in PLACES.values():
        if place.is_by_account:
            storage.delete_tree(f"{place.folder}/{account_id}/")
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        closing = AccountClosing.objects.select_for_update().get(pk=closing_id)
        if closing.erased_at is not None:
            return True
        DataExport.objects.filter(account=account).exclude(state=ExportState.FAILED).update(
            state=ExportState.EXPIRED, key=""
        )
        people = User.objects.filter(memberships__account=account, is_active=True)
        _tell(list(people.order_by("pk")), _ERASED, closing, machine_now)
        accounts.erase(account=account, now=now)
        closing.erased_at = now
        closing.save(update_fields=["erased_at"])
        _note(closing, "account.erased", ERASURE, now)
    return True


def _lock_subscriptions(account_id: str) -> None:
    """Before the account's row: a renewal holds its subscription when it writes of the account."""
    rows = Subscription.objects.filter(account_id=account_id).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _locked_by_owner(account_id: str, user_id: int) -> Account:
    """The whole row: whoever writes something new of the account waits, and is seen or refused."""
    account = Account.objects.select_for_update().get(pk=account_id)
    owners = Membership.objects.filter(account=account, role=Role.OWNER, user_id=user_id)
    if not owners.exists():
        raise accounts.NotTheOwner(account=account_id)
    return account


def _cancel_subscriptions(account_id: str, user_id: int, now: datetime) -> list[str]:
    ids = [one.pk for one in queries.renewing(account_id=account_id)]
    for subscription_id in ids:
        payments.cancel_subscription(
            account_id=account_id,
            subscription_id=subscription_id,
            actor=Actor.user(user_id),
            now=now,
        )
    return ids


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _tell(people: list[User], news: str, closing: AccountClosing, machine_now: datetime) -> None:
    for user in people:
        with languages.speaking(user.language):
            context = {
                "news": news,
                "closing": closing,
                "account": closing.account,
                "brand": settings.BRAND,
                "years": settings.RECORDS_KEPT_YEARS,
                "url": f"{settings.PUBLIC_URL}/settings/closed",
                "support_email": settings.SUPPORT_EMAIL,
            }
            email_queue.send_later(
                to=user.email,
                subject=_subjects()[news],
                text=render_to_string("privacy/closing.txt", context),
                machine_now=machine_now,
            )


def _subjects() -> dict[str, str]:
    return {
        _CLOSED: _("Your account is closed"),
        _KEPT: _("You’ve kept your account"),
        _ERASED: _("Your account’s data has been deleted"),
    }


def _note(closing: AccountClosing, action: str, actor: Actor, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=f"account:{closing.account_id}",
        reason=closing.pk,
        account_id=closing.account_id,
        now=now,
    )
