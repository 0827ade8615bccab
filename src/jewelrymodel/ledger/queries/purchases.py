"""What became of a purchase's credits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from jewelrymodel.ledger.models import (
    EntitlementPeriod,
    Hold,
    Lot,
    LotQuerySet,
    LotSuspension,
    Movement,
    Transfer,
)
from jewelrymodel.ledger.movement_kinds import (
    Cause,
    CauseKind,
    HoldState,
    LotSource,
    Operation,
    Side,
)
from jewelrymodel.ledger.rules import credit_lifetime

_OF_ORDERS = (LotSource.PACKAGE_ORDER, LotSource.SUBSCRIPTION_PERIOD)


@dataclass(frozen=True)
class Purchase:
    """The credits that an order brought: where they are now. ``granted`` 0: nothing came."""

    lot_ids: tuple[str, ...]
    granted: int
    remaining: int
    used: int
    held: int
    has_period: bool


def lots_of_order(account_id: str, order_id: str) -> list[str]:
    """Return the ids of the lots that an order granted (not their continuations)."""
    roots = _lots(account_id, order_id).filter(continues__isnull=True)
    return list(roots.values_list("id", flat=True))


def is_held(account_id: str, order_id: str) -> bool:
    """Return whether a task holds credits that this order brought."""
    return _lots(account_id, order_id).live().filter(held__gt=0).exists()


def is_suspended_for(account_id: str, cause: Cause) -> bool:
    """Return whether *cause* still suspends credits of the account."""
    rows = LotSuspension.objects.filter(account_id=account_id, reinstated_at__isnull=True)
    return rows.filter(cause_kind=cause.kind, cause_id=cause.id).exists()


def suspended_for(kind: CauseKind) -> list[str]:
    """Return the ids of what still suspends credits of anybody, of one kind of cause."""
    rows = LotSuspension.objects.filter(cause_kind=kind, reinstated_at__isnull=True)
    return list(rows.order_by("cause_id").values_list("cause_id", flat=True).distinct())


def spent_between(account_id: str, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether a task was paid with the account's credits within that time."""
    rows = Movement.objects.filter(account_id=account_id, operation=Operation.HOLD)
    return rows.filter(happened_at__gt=starts_at, happened_at__lt=ends_at).exists()


def was_restored(account_id: str, refund_id: str) -> bool:
    """Return whether credits that a refund had revoked came back, because it failed."""
    rows = Movement.objects.filter(account_id=account_id, operation=Operation.GRANT)
    return rows.filter(cause_kind=CauseKind.REFUND, cause_id=refund_id).exists()


def was_revoked(account_id: str, refund_id: str) -> bool:
    """Return whether a refund took credits: there may have been none left."""
    rows = Movement.objects.filter(account_id=account_id, operation=Operation.REVOKE)
    taken = rows.filter(cause_kind=CauseKind.REFUND, cause_id=refund_id)
    return taken.filter(transfers__to_kind=Side.REVOKED).exists()


def purchase(account_id: str, order_id: str, at: datetime) -> Purchase:
    """Return what the order brought, and what is left of it at *at*."""
    lots = list(_lots(account_id, order_id))
    used = Transfer.objects.filter(from_lot__in=lots, to_kind=Side.CONSUMED)
    left = [lot.available for lot in lots if not credit_lifetime.is_expired(lot.expires_at, at)]
    return Purchase(
        lot_ids=tuple(lot.id for lot in lots),
        granted=sum(lot.quantity for lot in lots if lot.continues_id is None),
        remaining=sum(left),
        used=sum(used.values_list("quantity", flat=True)),
        held=sum(lot.held for lot in lots),
        has_period=EntitlementPeriod.objects.filter(
            account_id=account_id, order_ref=order_id
        ).exists(),
    )


def _lots(account_id: str, order_id: str) -> LotQuerySet:
    """The order's lot with its continuations: they keep its source."""
    return Lot.objects.filter(account_id=account_id, source__in=_OF_ORDERS, source_ref=order_id)


@dataclass(frozen=True)
class HoldFate:
    """What became of a task's hold, and which orders' credits it took from."""

    is_open: bool
    captured: int
    order_ids: tuple[str, ...]


def hold_fate(account_id: str, hold_id: str) -> HoldFate:
    """Return what became of one of the account's holds; raises Hold.DoesNotExist."""
    hold = Hold.objects.get(account_id=account_id, pk=hold_id)
    orders = hold.lines.filter(lot__source__in=_OF_ORDERS).order_by("position")
    return HoldFate(
        is_open=hold.state == HoldState.HELD,
        captured=hold.captured,
        order_ids=tuple(dict.fromkeys(orders.values_list("lot__source_ref", flat=True))),
    )


@dataclass(frozen=True)
class Kept:
    """What a hold keeps from its account: all of it while it is open, else what was captured."""

    is_open: bool
    captured: int


def kept_by_holds(hold_ids: Collection[str]) -> dict[str, Kept]:
    """Return what each of these holds keeps; one that gave everything back isn't in it.

    One query however many they are.
    """
    holds = Hold.objects.filter(pk__in=hold_ids).exclude(state=HoldState.RELEASED)
    return {
        hold_id: Kept(is_open=state == HoldState.HELD, captured=captured)
        for hold_id, state, captured in holds.values_list("id", "state", "captured")
    }


def values_of_holds(hold_ids: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    """Return, for each hold of which credits were spent, what those were paid with: currencies with
    minor units. What nobody paid for has no currency.
    """
    spent = Transfer.objects.filter(to_kind=Side.CONSUMED, movement__hold__in=hold_ids)
    sums = spent.values_list("movement__hold_id", "from_lot__currency").annotate(
        value=Sum("value_minor")
    )
    values: dict[str, list[tuple[str, int]]] = {}
    for hold_id, currency, value in sums:
        values.setdefault(str(hold_id), []).append((currency, value))
    return values
