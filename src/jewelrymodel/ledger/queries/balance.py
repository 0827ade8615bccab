"""What an account has: its credits lot by lot, and its features."""

from datetime import datetime

from django.db.models import QuerySet

from jewelrymodel.ledger.balances import Balance, LotBalance
from jewelrymodel.ledger.models import EntitlementPeriod, Lot, LotSuspension, Transfer
from jewelrymodel.ledger.movement_kinds import CauseKind, LotSource, Side
from jewelrymodel.ledger.queries.movement_labels import source_words, suspension_reason
from jewelrymodel.ledger.rules import credit_lifetime


def balance(account_id: str, at: datetime) -> Balance:
    """Return the account's credits at the instant *at*, its lots in the order in which they burn.

    Only what a hold could take counts as available: nothing expired, nothing suspended. What is
    held stays held, also when its lot expires.
    """
    live = Lot.objects.filter(account_id=account_id).live().in_burn_order().with_suspended()
    reasons = _suspension_reasons([lot.id for lot in live if lot.suspended])
    lots = tuple(_lot_balance(lot, at, reasons.get(lot.id, "")) for lot in live)
    return Balance(
        available=sum(lot.available for lot in lots if not lot.suspended),
        held=sum(lot.held for lot in lots),
        suspended=sum(lot.available for lot in lots if lot.suspended),
        lots=tuple(lot for lot in lots if lot.available or lot.held),
    )


def features(account_id: str, at: datetime) -> frozenset[str]:
    """Return the features that the account's entitlement periods give it at *at* (clause 3.5)."""
    periods = EntitlementPeriod.objects.filter(
        account_id=account_id, starts_at__lte=at, ends_at__gt=at
    )
    return frozenset(name for names in periods.values_list("features", flat=True) for name in names)


def is_made_from_suspended(hold_id: str) -> bool:
    """Return whether any credit that this hold captured came from a lot that is suspended now."""
    return taken_from_suspended().filter(movement__hold_id=hold_id).exists()


def taken_from_suspended() -> QuerySet[Transfer]:
    """Return the transfers by which holds captured credits of lots that are suspended now.

    Not where only a withdrawal suspends them: what was used before it is paid for.
    """
    suspensions = LotSuspension.objects.filter(reinstated_at__isnull=True)
    unpaid = suspensions.exclude(cause_kind=CauseKind.WITHDRAWAL).values("lot_id")
    return Transfer.objects.filter(to_kind=Side.CONSUMED, from_lot_id__in=unpaid)


def order_of_lot(*, lot_id: str) -> str:
    """Return the id of the order that brought a lot; raises Lot.DoesNotExist for others' lots."""
    bought = (LotSource.PACKAGE_ORDER, LotSource.SUBSCRIPTION_PERIOD)
    return Lot.objects.get(pk=lot_id, source__in=bought).source_ref


def _suspension_reasons(lot_ids: list[str]) -> dict[str, str]:
    if not lot_ids:
        return {}
    rows = LotSuspension.objects.filter(lot__in=lot_ids, reinstated_at__isnull=True)
    kinds = rows.order_by("created_at", "id").values_list("lot_id", "cause_kind")
    return {lot_id: suspension_reason(CauseKind(kind)) for lot_id, kind in kinds}


def _lot_balance(lot: Lot, at: datetime, suspended_because: str) -> LotBalance:
    available = 0 if credit_lifetime.is_expired(lot.expires_at, at) else lot.available
    return LotBalance(
        lot_id=lot.id,
        source=LotSource(lot.source),
        source_ref=lot.source_ref,
        quantity=lot.quantity,
        available=available,
        held=lot.held,
        suspended=lot.suspended,
        suspended_because=suspended_because,
        expires_at=lot.expires_at,
        created_at=lot.created_at,
        words=source_words(LotSource(lot.source)),
        worth_minor=lot.value_minor(lot.quantity - available - lot.held, available + lot.held),
        currency=lot.currency,
    )
