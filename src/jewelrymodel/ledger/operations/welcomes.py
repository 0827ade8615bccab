"""The first images of a new account are free: credits that nobody paid for, and that expire."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction

from jewelrymodel.accounts.mailboxes import mailbox_of
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.infra import rate_limiter
from jewelrymodel.infra.networks import network_of
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger.models import Lot, Welcome
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.ledger.operations.grants import grant
from jewelrymodel.ledger.refusals import LedgerRefusal

_DAY_S = 86_400


class AlreadyWelcomed(LedgerRefusal):
    """This account, or another of this mailbox, had its free images. Nothing was granted."""


class NoWelcome(LedgerRefusal):
    """New accounts get nothing free at present. Nothing was granted."""


def grant_welcome(*, account_id: str, email: str, address: str, now: datetime) -> Lot:
    """Grant what the catalog offers new accounts, to the one whose confirmed address is *email*.

    Once for an account and once for a mailbox, and to so many accounts of one network within a day
    as WELCOMES_PER_NETWORK says; *address* is where the request came from. Raises NoWelcome,
    AlreadyWelcomed and rate_limiter.TooOften.
    """
    offer = catalog.welcome_offer(now)
    if offer is None:
        raise NoWelcome
    mailbox = sha256(mailbox_of(email).encode()).hexdigest()
    if _is_welcomed(account_id, mailbox):
        raise AlreadyWelcomed
    try:
        with transaction.atomic():
            _count(address, now)
            return _grant(account_id, mailbox, offer, now)
    except IntegrityError:  # the same press came twice, and the other one was first
        if _is_welcomed(account_id, mailbox):
            raise AlreadyWelcomed from None
        raise


def _is_welcomed(account_id: str, mailbox: str) -> bool:
    rows = Welcome.objects.filter(account_id=account_id) | Welcome.objects.filter(
        mailbox_sha256=mailbox
    )
    return rows.exists()


def _count(address: str, now: datetime) -> None:
    """What is refused afterwards isn't counted: it is undone with the transaction."""
    rate_limiter.count_or_refuse(
        f"welcome:{network_of(address)}",
        limit=settings.WELCOMES_PER_NETWORK,
        window_s=_DAY_S,
        now=now,
    )


def _grant(account_id: str, mailbox: str, offer: catalog.Welcome, now: datetime) -> Lot:
    welcome_id = new_id("wel", now=now)
    lot = grant(
        account_id=account_id,
        source=LotSource.WELCOME,
        source_ref=welcome_id,
        quantity=offer.credits,
        paid_minor=0,
        currency="",
        expires_at=now + timedelta(days=offer.expire_after_days),
        idempotency_key=f"grant:{welcome_id}",
        now=now,
    )
    Welcome.objects.create(
        id=welcome_id, account_id=account_id, mailbox_sha256=mailbox, lot=lot, created_at=now
    )
    return lot
