"""Putting credits and entitlements on an account."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.catalog import terms
from jewelrymodel.catalog.models import TermsEdition
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.kernel.period import Period
from jewelrymodel.ledger.models import EntitlementPeriod, Lot
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, LotSource, Operation, grant_cause
from jewelrymodel.ledger.operations.journal import Journal, Request, instant, lock
from jewelrymodel.ledger.refusals import LedgerRefusal


class AlreadyGranted(LedgerRefusal):
    """This was granted already, under another key. Nothing was granted twice."""


class BadGrant(LedgerRefusal):
    """A grant needs at least one credit and a price that isn't negative. Nothing was granted."""


def grant(
    *,
    account_id: str,
    source: LotSource,
    source_ref: str,
    quantity: int,
    paid_minor: int,
    currency: str,
    expires_at: datetime | None,
    idempotency_key: str,
    now: datetime,
    terms_edition: TermsEdition | None = None,
) -> Lot:
    """Put *quantity* credits on the account as one lot, bought for *paid_minor* altogether.

    *source_ref* names the order, decision or promotion behind it and grants once per source. The
    *terms_edition* is the one that the order pinned; without an order, the one in force.
    Returns the lot, the first one for a repeated key. Raises BadGrant, UnknownAccount,
    AlreadyGranted and IdempotencyKeyReused.
    """
    if quantity < 1 or paid_minor < 0:
        raise BadGrant
    cause = Cause(grant_cause(source), source_ref)
    body = {
        "source": source,
        "quantity": quantity,
        "paid_minor": paid_minor,
        "currency": currency,
        "expires_at": instant(expires_at),
    }
    request = Request(account_id, Operation.GRANT, idempotency_key, cause, body)
    with transaction.atomic():
        first = lock(request)
        if first is not None:
            return Lot.objects.get(pk=first.lot_id)
        same = Lot.objects.filter(account_id=account_id, source=source, source_ref=source_ref)
        if same.exists():
            raise AlreadyGranted
        journal = Journal.open(account_id, now)
        lot = Lot(
            id=new_id("lot", now=now),
            account_id=account_id,
            source=source,
            source_ref=source_ref,
            quantity=quantity,
            paid_minor=paid_minor,
            currency=currency,
            expires_at=expires_at,
            continuation_days=None if expires_at is None else _continues(terms_edition, now),
            created_at=now,
            available=quantity,
        )
        journal.add(lot)
        journal.close(request, lot=lot)
        return lot


def _continues(row: TermsEdition | None, now: datetime) -> int:
    """For how many days credits live at least that come back after their lot has expired."""
    edition = terms.in_force(now) if row is None else terms.pinned(row)
    return edition.number("continuation_days")


def grant_period(
    *,
    account_id: str,
    features: frozenset[str],
    starts_at: datetime,
    ends_at: datetime,
    order_ref: str,
    plan_version_id: str,
    idempotency_key: str,
    now: datetime,
) -> EntitlementPeriod:
    """Give the account *features* from *starts_at* up to *ends_at*, once per order (clause 3.5).

    Returns the period, the first one for a repeated key. Raises ValueError for a period that
    doesn't run, UnknownAccount, AlreadyGranted and IdempotencyKeyReused.
    """
    Period(starts_at, ends_at)
    names = sorted(features)
    body = {
        "features": names,
        "plan_version_id": plan_version_id,
        "starts_at": instant(starts_at),
        "ends_at": instant(ends_at),
    }
    cause = Cause(CauseKind.ORDER, order_ref)
    request = Request(account_id, Operation.GRANT_PERIOD, idempotency_key, cause, body)
    with transaction.atomic():
        first = lock(request)
        same = EntitlementPeriod.objects.filter(account_id=account_id, order_ref=order_ref).first()
        if same is not None:
            if first is None:
                raise AlreadyGranted
            return same
        period = EntitlementPeriod.objects.create(
            id=new_id("per", now=now),
            account_id=account_id,
            features=names,
            starts_at=starts_at,
            ends_at=ends_at,
            order_ref=order_ref,
            plan_version_id=plan_version_id,
            created_at=now,
        )
        Journal.open(account_id, now).close(request)
        return period
