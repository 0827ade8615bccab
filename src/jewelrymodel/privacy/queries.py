"""Reads: how far somebody's file with their data is, and what the closing of an account meets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.generation.statuses import PHOTO_OPEN, TASK_OPEN
from jewelrymodel.ledger.models import Lot
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import (
    Charge,
    ChargeDispute,
    Order,
    PlanChange,
    Refund,
    Subscription,
)
from jewelrymodel.payments.statuses import OPEN_REFUNDS, UNPAID_STATES, OrderState
from jewelrymodel.privacy.models import AccountClosing, DataExport
from jewelrymodel.support import queries as support
from jewelrymodel.support.models import Case


@dataclass(frozen=True)
class OpenMatters:
    """What isn't over in an account.

    The first four have to end before it can be closed. The others go on by email, and what is
    about them stays until they are decided.
    """

    generations: list[Task]
    cutouts: int
    unpaid_orders: list[Order]
    plan_changes: list[PlanChange]
    cases: list[Case]
    disputes: list[ChargeDispute]
    held_orders: list[Order]
    refunds: list[Refund]

    @property
    def must_end_first(self) -> bool:
        """Whether something keeps the account from being closed now."""
        return bool(self.generations or self.cutouts or self.unpaid_orders or self.plan_changes)

    @property
    def goes_on(self) -> bool:
        """Whether somebody has still to decide, or money is on its way."""
        return bool(self.cases or self.disputes or self.held_orders or self.refunds)


def latest_export(*, account_id: str) -> DataExport | None:
    """Return the account's latest export, in whichever state; None where there was none."""
    return DataExport.objects.filter(account_id=account_id).order_by("-created_at").first()


def open_matters(*, account_id: str, now: datetime) -> OpenMatters:
    """Return what isn't over in an account at *now*."""
    mine = Q(account_id=account_id)
    under_way = Q(status__in=TASK_OPEN) | Q(late_until_at__isnull=False)
    payable = Q(state__in=UNPAID_STATES, payable_until_at__gt=now)
    unpaid = payable | Q(state=OrderState.PAYMENT_PENDING)
    kept = Charge.objects.filter(mine, kept_minor__gt=0).values("order_id")
    owed = Q(state=OrderState.REFUND_DUE, pk__in=kept)  # the state stays when it went back
    reviewed = Q(state=OrderState.REQUIRES_REVIEW) | owed
    return OpenMatters(
        generations=list(Task.objects.filter(mine, under_way).order_by("created_at")),
        cutouts=Photo.live.filter(mine, status__in=PHOTO_OPEN).count(),
        unpaid_orders=list(Order.objects.filter(mine, unpaid).order_by("number")),
        plan_changes=payments.changes_to_settle(account_id=account_id),
        cases=[one for one in support.cases(account_id=account_id) if one.is_open],
        disputes=[one for one in payments.disputes(account_id=account_id) if one.is_open],
        held_orders=list(Order.objects.filter(mine, reviewed).order_by("number")),
        refunds=list(
            Refund.objects.filter(mine, state__in=OPEN_REFUNDS).select_related("charge__order")
        ),
    )


def has_package_credits(*, account_id: str, now: datetime) -> bool:
    """Return whether credits of a package that was bought are unused."""
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    bought = Lot.objects.filter(account_id=account_id, source=LotSource.PACKAGE_ORDER)
    return bought.filter(alive, available__gt=0).exists()


def renewing(*, account_id: str) -> list[Subscription]:
    """Return the subscriptions that would be renewed unless somebody cancels them."""
    return [one for one in payments.subscriptions(account_id=account_id) if one.renews]


def closing_of(*, account_id: str) -> AccountClosing | None:
    """Return the closing of an account that wasn't undone; None where there is none."""
    return AccountClosing.objects.filter(account_id=account_id, undone_at=None).first()


def closings_due(*, now: datetime) -> Iterable[str]:
    """Return the ids of closings that can't be undone any more and aren't carried out yet."""
    rows = AccountClosing.objects.filter(due_at__lte=now, undone_at=None, erased_at=None)
    return list(rows.order_by("due_at").values_list("pk", flat=True))
