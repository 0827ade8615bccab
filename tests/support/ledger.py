"""One account and short words for what happens to its credits."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.models import EntitlementPeriod, Hold, Lot
from jewelrymodel.ledger.movement_kinds import Cause, LotSource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def later(**lapse: float) -> datetime:
    return NOW + timedelta(**lapse)


@dataclass
class Shop:
    """A ring maker's account."""

    account_id: str
    numbers: "count[int]"

    @classmethod
    def opened(cls) -> "Shop":
        account = Account.objects.create(
            id=new_id("acc", now=NOW), name="Ring maker", created_at=NOW
        )
        return cls(account.id, count(1))

    def grant(
        self,
        quantity: int,
        *,
        source: LotSource = LotSource.PACKAGE_ORDER,
        paid_minor: int = 0,
        expires_at: datetime | None = None,
        now: datetime = NOW,
    ) -> Lot:
        number = next(self.numbers)
        return operations.grant(
            account_id=self.account_id,
            source=source,
            source_ref=f"ref_{number}",
            quantity=quantity,
            paid_minor=paid_minor,
            currency="EUR" if paid_minor else "",
            expires_at=expires_at,
            idempotency_key=f"grant_{number}",
            now=now,
        )

    def hold(self, quantity: int, *, now: datetime = NOW, subject: str = "task_1") -> Hold:
        return operations.hold(
            account_id=self.account_id,
            quantity=quantity,
            subject=subject,
            idempotency_key=f"hold_{next(self.numbers)}",
            now=now,
        )

    def capture(self, hold: Hold, quantity: int, *, now: datetime = NOW) -> Hold:
        key = f"capture_{next(self.numbers)}"
        return operations.capture(hold_id=hold.id, quantity=quantity, idempotency_key=key, now=now)

    def release(self, hold: Hold, *, now: datetime = NOW) -> Hold:
        key = f"release_{next(self.numbers)}"
        return operations.release(hold_id=hold.id, idempotency_key=key, now=now)

    def suspend(self, lot: Lot, cause: Cause, *, now: datetime = NOW) -> None:
        operations.suspend(
            account_id=self.account_id,
            lot_id=lot.id,
            cause=cause,
            idempotency_key=f"suspend_{next(self.numbers)}",
            now=now,
        )

    def reinstate(self, cause: Cause, *, now: datetime = NOW) -> None:
        key = f"reinstate_{next(self.numbers)}"
        operations.reinstate(account_id=self.account_id, cause=cause, idempotency_key=key, now=now)

    def revoke(self, lot: Lot, cause: Cause, *, key: str = "revoke", now: datetime = NOW) -> int:
        return operations.revoke(
            account_id=self.account_id, lot_id=lot.id, cause=cause, idempotency_key=key, now=now
        )

    def owe(self, lot: Lot, quantity: int, cause: Cause, *, key: str = "debt") -> int:
        return operations.record_debt(
            account_id=self.account_id,
            lot_id=lot.id,
            quantity=quantity,
            cause=cause,
            idempotency_key=key,
            now=NOW,
        )

    def has(self, at: datetime = NOW) -> tuple[int, int, int]:
        """What is available, held, suspended."""
        balance = queries.balance(self.account_id, at)
        return balance.available, balance.held, balance.suspended


def grant_period(
    shop: Shop, *, order_ref: str = "order_1", key: str = "period", features: str = "studio"
) -> EntitlementPeriod:
    """Thirty days of *features* for the shop."""
    return operations.grant_period(
        account_id=shop.account_id,
        features=frozenset(features.split()),
        starts_at=NOW,
        ends_at=later(days=30),
        order_ref=order_ref,
        plan_version_id="plan_1",
        idempotency_key=key,
        now=NOW,
    )
