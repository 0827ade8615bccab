"""The real ledger beside a plain model: whatever is done in whatever order, they agree."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations, queries
from jewelrymodel.ledger.movement_kinds import Cause, CauseKind, LotSource
from tests.support.plain_ledger import PlainHold, PlainLedger, PlainLot
from tests.support.shop import register_terms

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUANTITIES = st.integers(1, 9)
LIVES = st.sampled_from([None, timedelta(hours=5), timedelta(days=3), timedelta(days=30)])
LAPSES = st.sampled_from([timedelta(hours=5), timedelta(days=3), timedelta(days=8)])
CAUSES = st.sampled_from([CauseKind.REFUND, CauseKind.DISPUTE, CauseKind.WITHDRAWAL])


@dataclass
class Pair:
    """A hold in both ledgers."""

    hold_id: str
    plain: PlainHold


class Ledgers(RuleBasedStateMachine):
    """Both ledgers, one account, and time that only goes forward."""

    lots = Bundle("lots")
    holds = Bundle("holds")
    resolved = Bundle("resolved")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = START
        self.plain = PlainLedger()
        self.keys = 0
        self.last: tuple[Any, dict[str, Any], Any] | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def open_account(self) -> None:
        self.account_id = new_id("acc", now=START)
        Account.objects.create(id=self.account_id, name="Earrings", created_at=START)

    def do(self, operation: Any, **arguments: Any) -> Any:
        """Do it once more than the last time: every operation has a key of its own."""
        self.keys += 1
        told = {"idempotency_key": f"key_{self.keys}", "now": self.now, **arguments}
        result = operation(**told)
        self.last = (operation, told, result)
        return result

    @rule(target=lots, quantity=st.integers(4, 20), life=LIVES, paid=st.sampled_from([0, 1000]))
    def grant(self, quantity: int, life: timedelta | None, paid: int) -> tuple[str, PlainLot]:
        expires_at = self.now + life if life else None
        self.now += timedelta(milliseconds=1)  # "oldest" is a matter of milliseconds
        lot = self.do(
            operations.grant,
            account_id=self.account_id,
            source=LotSource.PACKAGE_ORDER,
            source_ref=f"order_{self.keys}",
            quantity=quantity,
            paid_minor=paid,
            currency="EUR",
            expires_at=expires_at,
        )
        return lot.id, self.plain.grant(quantity, expires_at, paid > 0)

    @rule(target=holds, quantity=QUANTITIES)
    def hold(self, quantity: int) -> Any:
        available = self.plain.available(self.now)
        arguments = {"account_id": self.account_id, "quantity": quantity, "subject": "task_1"}
        if quantity > available:
            suspended = self.plain.suspended(self.now)
            wanted = (
                operations.LotSuspended
                if quantity <= available + suspended
                else operations.NotEnoughCredits
            )
            with pytest.raises(operations.NotEnoughCredits) as refused:
                self.do(operations.hold, **arguments)
            assert type(refused.value) is wanted
            assert refused.value.available == available
            return multiple()
        hold = self.do(operations.hold, **arguments)
        plain = self.plain.hold(quantity, self.now)
        lines = hold.lines.order_by("position").select_related("lot")
        assert [
            (line.quantity, line.remaining_life, line.lot.paid_minor > 0) for line in lines
        ] == [(part, life, lot.paid) for lot, part, life in plain.lines]
        return Pair(hold.id, plain)

    @rule(target=resolved, pair=consumes(holds), spend=st.sampled_from(["none", "one", "all"]))
    def resolve(self, pair: Pair, spend: str) -> Pair:
        captured = {"none": 0, "one": 1, "all": pair.plain.quantity}[spend]
        self.now += timedelta(milliseconds=1)
        if captured:
            self.do(operations.capture, hold_id=pair.hold_id, quantity=captured)
        else:
            self.do(operations.release, hold_id=pair.hold_id)
        self.plain.resolve(pair.plain, captured, self.now)
        return pair

    @rule(pair=resolved)
    def resolve_again(self, pair: Pair) -> None:
        with pytest.raises(operations.HoldAlreadyResolved):
            self.do(operations.release, hold_id=pair.hold_id)

    @rule(lot=lots, kind=CAUSES)
    def suspend(self, lot: tuple[str, PlainLot], kind: CauseKind) -> None:
        cause = Cause(kind, f"{kind}_{lot[0]}")
        self.do(operations.suspend, account_id=self.account_id, lot_id=lot[0], cause=cause)
        self.plain.suspensions.add((lot[1].family, kind))

    @rule(lot=lots, kind=CAUSES)
    def reinstate(self, lot: tuple[str, PlainLot], kind: CauseKind) -> None:
        cause = Cause(kind, f"{kind}_{lot[0]}")
        self.do(operations.reinstate, account_id=self.account_id, cause=cause)
        self.plain.suspensions.discard((lot[1].family, kind))

    @rule(lot=lots)
    def revoke(self, lot: tuple[str, PlainLot]) -> None:
        arguments = {
            "account_id": self.account_id,
            "lot_id": lot[0],
            "cause": Cause(CauseKind.REFUND, "rf_1"),
        }
        if self.plain.held_of(lot[1].family):
            with pytest.raises(operations.LotStillHeld):
                self.do(operations.revoke, **arguments)
        else:
            self.plain.expire(self.now)
            assert self.do(operations.revoke, **arguments) == self.plain.revoke(lot[1].family)

    @rule()
    def repeat_the_last_request(self) -> None:
        if self.last:
            operation, told, result = self.last
            assert operation(**{**told, "now": self.now}) == result

    @rule(lot=lots)
    def reach_an_expiry(self, lot: tuple[str, PlainLot]) -> None:
        if lot[1].expires_at:
            self.now = max(self.now, lot[1].expires_at)

    @rule(lapse=LAPSES, sweep=st.booleans())
    def let_time_pass(self, lapse: timedelta, sweep: bool) -> None:
        self.now += lapse
        if sweep:
            operations.expire_lots(now=self.now)
            self.plain.expire(self.now)

    @invariant()
    def both_agree_and_the_statement_adds_up(self) -> None:
        if not self.keys:
            return
        balance = queries.balance(self.account_id, self.now)
        expected = (
            self.plain.available(self.now),
            self.plain.held(),
            self.plain.suspended(self.now),
        )
        assert (balance.available, balance.held, balance.suspended) == expected
        lots = [(lot.available, lot.held, lot.expires_at, lot.suspended) for lot in balance.lots]
        assert lots == self.plain.lots_in_burn_order(self.now)
        entries = queries.statement(self.account_id, self.now)
        assert sum(entry.credits_in - entry.credits_out for entry in entries) == sum(expected)
        if entries:
            after = entries[0].after
            assert (after.available, after.held, after.suspended) == expected

    @invariant()
    def the_books_are_right(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert queries.verify() == []


@pytest.mark.django_db
def test_the_ledger_agrees_with_a_plain_model() -> None:
    register_terms()  # a lot that expires keeps a number of the edition in force
    run_state_machine_as_test(
        Ledgers,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            database=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
