"""Giving an account credits that nobody paid for, and taking back what is left of them.

Many credits are worth money, so they wait for a second approval as a decision does (edge 18). What
one account is given within a day counts together: several small gifts are a large one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.queries import refuse_own_account
from jewelrymodel.audit import operations as audit
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger.models import CreditGift
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, GiftState, LotSource
from jewelrymodel.ledger.operations.grants import grant
from jewelrymodel.ledger.operations.suspensions import revoke
from jewelrymodel.ledger.refusals import LedgerRefusal

_TOGETHER = timedelta(days=1)


class GiftKeyReused(LedgerRefusal):
    """This page gave other credits already. Nothing was given again."""


class GiftOver(LedgerRefusal):
    """Somebody else has approved or ended this gift by now. Nothing was changed."""


class GiftOverAlready(LedgerRefusal):
    """Who asks has approved or ended this gift before. Nothing was changed."""


class GiftAccountClosed(LedgerRefusal):
    """The account is closed. Nothing was given; what waits can still be refused."""


class GiftNeedsAnother(LedgerRefusal):
    """Somebody else has to approve this gift. Nothing was given."""


class GiftTooEarly(LedgerRefusal):
    """With one operator only, this waits a while before it is approved. Nothing was given."""


class NothingLeftOfGift(LedgerRefusal):
    """All credits of this gift are spent, so none can be taken back."""


def needs_approval(*, account_id: str, quantity: int, now: datetime) -> bool:
    """Return whether so many more credits for the account wait for a second approval.

    What was spent of a gift counts also after the rest of it was taken back.
    """
    recent = CreditGift.objects.filter(account_id=account_id, asked_at__gt=now - _TOGETHER)
    kept = recent.exclude(state=GiftState.REJECTED).aggregate(
        total=Sum(F("quantity") - F("taken_back"))
    )
    return bool((kept["total"] or 0) + quantity > settings.SECOND_APPROVAL_LIMIT_CREDITS)


def give_credits(
    *, account_id: str, quantity: int, reason: str, key: str, user_id: int, now: datetime
) -> CreditGift:
    """Return the gift: given, or waiting for a second approval; the first one for a repeated key.

    Raises OwnAccount for the account of who gives, GiftKeyReused where the key gave something else,
    GiftOver and GiftOverAlready where its gift was refused or taken back since, GiftAccountClosed,
    and what ``grant`` raises.
    """
    refuse_own_account(user_id=user_id, account_id=account_id)
    gift = CreditGift(
        id=new_id("gift", now=now),
        account_id=account_id,
        idempotency_key=key,
        quantity=quantity,
        reason=reason,
        asked_by=str(Actor.user(user_id)),
        asked_at=now,
        state=GiftState.PENDING_APPROVAL,
    )
    try:
        # One after the other for an account: two at once would both be small.
        with locked_in_transaction(f"gifts {account_id}"):
            known = CreditGift.objects.filter(idempotency_key=key).first()
            if known is not None:
                return _same(known, gift, user_id)
            _refuse_closed(account_id)
            waits = needs_approval(account_id=account_id, quantity=quantity, now=now)
            gift.save(force_insert=True)
            _note(gift, "credits.gift_asked" if waits else "credits.given", user_id, reason, now)
            if not waits:
                _grant(gift, now)
    except IntegrityError:  # the same page's other press, for another account
        return _same(CreditGift.objects.get(idempotency_key=key), gift, user_id)
    return gift


@transaction.atomic
def approve_gift(*, gift_id: str, user_id: int, now: datetime) -> CreditGift:
    """Return the gift, given after a second person, or the only operator after a while, approved.

    Raises OwnAccount, GiftNeedsAnother, GiftTooEarly, GiftAccountClosed, GiftOver and
    GiftOverAlready.
    """
    gift = _locked(gift_id, GiftState.PENDING_APPROVAL, user_id)
    refuse_own_account(user_id=user_id, account_id=gift.account_id)
    _refuse_closed(gift.account_id)
    if gift.asked_by == str(Actor.user(user_id)):
        _require_self_approval(gift, now)
    gift.second_approver = str(Actor.user(user_id))
    _note(gift, "credits.given", user_id, f"approved: {gift.reason}", now)
    _grant(gift, now)
    return gift


@transaction.atomic
def reject_gift(*, gift_id: str, reason: str, user_id: int, now: datetime) -> CreditGift:
    """Return the gift, rejected: nothing of it is given. Who asked may reject it as well.

    Raises OwnAccount, GiftOver and GiftOverAlready.
    """
    gift = _locked(gift_id, GiftState.PENDING_APPROVAL, user_id)
    refuse_own_account(user_id=user_id, account_id=gift.account_id)
    _end(gift, GiftState.REJECTED, user_id, now)
    _note(gift, "credits.gift_rejected", user_id, reason, now)
    return gift


@transaction.atomic
def undo_gift(*, gift_id: str, reason: str, user_id: int, now: datetime) -> CreditGift:
    """Return the gift, undone: what is left of it is taken back by an entry of its own.

    What was spent stays spent. Raises OwnAccount, GiftOver, GiftOverAlready, NothingLeftOfGift, and
    LotStillHeld while a generation holds any of it.
    """
    gift = _locked(gift_id, GiftState.GIVEN, user_id)
    refuse_own_account(user_id=user_id, account_id=gift.account_id)
    gift.taken_back = revoke(
        account_id=gift.account_id,
        lot_id=gift.lot_id or "",
        cause=Cause(CauseKind.PROMOTION, gift.pk),
        idempotency_key=f"undo:{gift.pk}",
        now=now,
    )
    if not gift.taken_back:
        raise NothingLeftOfGift
    _end(gift, GiftState.UNDONE, user_id, now)
    _note(gift, "credits.taken_back", user_id, reason, now)
    return gift


def self_approval_from(gift: CreditGift) -> datetime | None:
    """Return from when who asked may approve it alone (edge 18); None where two have to."""
    if not settings.SINGLE_OPERATOR:
        return None
    return gift.asked_at + timedelta(hours=settings.SECOND_APPROVAL_WAIT_HOURS)


def _require_self_approval(gift: CreditGift, now: datetime) -> None:
    begins = self_approval_from(gift)
    if begins is None:
        raise GiftNeedsAnother
    if now < begins:
        raise GiftTooEarly


def _locked(gift_id: str, state: GiftState, user_id: int) -> CreditGift:
    """The gift in this state, its row locked; raises GiftOver and GiftOverAlready."""
    gift = CreditGift.objects.select_for_update().get(pk=gift_id)
    if gift.state != state:
        raise _over(gift, user_id)
    return gift


def _over(gift: CreditGift, user_id: int) -> LedgerRefusal:
    """Whose doing it was that the gift is no more what the page showed."""
    last = gift.ended_by or gift.second_approver or gift.asked_by
    return GiftOverAlready() if last == str(Actor.user(user_id)) else GiftOver()


def _refuse_closed(account_id: str) -> None:
    """Raise GiftAccountClosed; an account that is being closed is waited for, and the other way."""
    account = Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is not None and account.closed_at is not None:
        raise GiftAccountClosed(account=account_id)


def _same(known: CreditGift, gift: CreditGift, user_id: int) -> CreditGift:
    if (known.account_id, known.quantity) != (gift.account_id, gift.quantity):
        raise GiftKeyReused
    if known.state in (GiftState.REJECTED, GiftState.UNDONE):
        raise _over(known, user_id)
    return known


def _grant(gift: CreditGift, now: datetime) -> None:
    gift.lot = grant(
        account_id=gift.account_id,
        source=LotSource.PROMOTION,
        source_ref=gift.pk,
        quantity=gift.quantity,
        paid_minor=0,
        currency="",
        expires_at=None,
        idempotency_key=gift.pk,
        now=now,
    )
    gift.state = GiftState.GIVEN
    gift.save(update_fields=["lot", "state", "second_approver"])


def _end(gift: CreditGift, state: GiftState, user_id: int, now: datetime) -> None:
    gift.state, gift.ended_by, gift.ended_at = state, str(Actor.user(user_id)), now
    gift.save(update_fields=["state", "ended_by", "ended_at", "taken_back"])


def _note(gift: CreditGift, action: str, user_id: int, reason: str, now: datetime) -> None:
    audit.record(
        actor=Actor.user(user_id),
        action=action,
        subject=f"gift:{gift.pk}",
        reason=f"{gift.quantity}: {reason}",
        account_id=gift.account_id,
        now=now,
    )
