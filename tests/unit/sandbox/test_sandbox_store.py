"""The file refuses what must never be, and time moves as it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jewelrymodel.sandbox import clock, faults, scheduled_events
from jewelrymodel.sandbox.billing_periods import period_end
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.resources.balance import fee_for
from jewelrymodel.sandbox.settings import SandboxSettings, from_environment
from jewelrymodel.sandbox.store import Store

CHARGE = {
    "object": "charge",
    "payment_intent": "pi_1",
    "paid": True,
    "amount_captured": 100,
    "amount_refunded": 0,
}
MONTHLY = {"interval": "month", "interval_count": 1}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    empty = Store(tmp_path / "sandbox.sqlite")
    yield empty
    empty.close()


def test_an_intent_is_paid_once(store: Store) -> None:
    with store.transaction() as tx:
        tx.insert({**CHARGE, "id": "ch_1"})
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.insert({**CHARGE, "id": "ch_2"})
    with store.transaction() as tx:
        tx.insert({**CHARGE, "id": "ch_3", "paid": False, "amount_captured": 0})


def test_refunds_never_come_to_more_than_the_charge(store: Store) -> None:
    refund = {"object": "refund", "charge": "ch_1", "amount": 60, "status": "succeeded"}
    with store.transaction() as tx:
        tx.insert({**CHARGE, "id": "ch_1"})
        tx.insert({**refund, "id": "re_1"})
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.insert({**refund, "id": "re_2"})
    with store.transaction() as tx:
        tx.save({**refund, "id": "re_1", "status": "failed"})
        tx.insert({**refund, "id": "re_3"})
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.save({**CHARGE, "id": "ch_1", "amount_refunded": 101})


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(Refused), store.transaction() as tx:
        tx.need("charge", tx.insert({**CHARGE, "id": "ch_1"})["id"] + "x")
    with store.transaction() as tx:
        assert tx.get("ch_1") is None


def test_the_clock_runs_beside_real_time(store: Store) -> None:
    with store.transaction() as tx:
        clock.set_offset(tx.conn, 3600)
        assert abs(clock.sandbox_time(tx.conn) - clock.real_time() - 3600) < 1


def test_a_step_back_takes_along_what_waits_to_be_sent(store: Store) -> None:
    with store.transaction() as tx:
        clock.set_offset(tx.conn, 3600)
        due = clock.sandbox_time(tx.conn)
        tx.conn.execute(
            "INSERT INTO deliveries (event_id, endpoint_id, due) VALUES ('e', 'w', ?)", (due,)
        )
        clock.set_offset(tx.conn, 0)
        moved = tx.conn.execute("SELECT due FROM deliveries").fetchone()[0]
        assert moved <= clock.sandbox_time(tx.conn)


def test_a_job_that_stumbles_does_not_keep_the_next_from_being_done(store: Store) -> None:
    with store.transaction() as tx:
        tx.schedule(tx.now, "no such job", "x")
        tx.schedule(tx.now, "refund:fails", "re_none")
        tx.schedule(tx.now + 60, "refund:fails", "re_later")
    assert scheduled_events.run_due(store) == 2
    assert scheduled_events.run_due(store) == 0


def test_faults_are_counted_down_and_checked(store: Store) -> None:
    with store.transaction() as tx:
        faults.change(tx.conn, {"server_errors": 1, "drop_webhooks": faults.UNTIL_CLEARED})
        struck = [faults.take(tx.conn, "server_errors") for _ in range(2)]
        assert struck == [True, False]
        assert all(faults.take(tx.conn, "drop_webhooks") for _ in range(3))
        for wrong in ({"rain": 1}, {"down": 1}, {"server_errors": True}, {"timeout_s": -1.0}):
            with pytest.raises(Refused):
                faults.change(tx.conn, wrong)


def test_a_31st_comes_back_after_a_short_month() -> None:
    anchor = int(datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp())
    ends = [datetime.fromtimestamp(period_end(anchor, MONTHLY, n), UTC) for n in (1, 2, 12, 25)]
    assert [(end.year, end.month, end.day) for end in ends] == [
        (2026, 2, 28),
        (2026, 3, 31),
        (2027, 1, 31),
        (2028, 2, 29),
    ]


def test_years_and_weeks_count_too() -> None:
    anchor = int(datetime(2028, 2, 29, tzinfo=UTC).timestamp())
    yearly = period_end(anchor, {"interval": "year", "interval_count": 1}, 1)
    assert datetime.fromtimestamp(yearly, UTC).day == 28
    fortnight = period_end(anchor, {"interval": "week", "interval_count": 2}, 1)
    assert fortnight - anchor == 14 * 86_400


def test_the_fee_is_rounded_half_up() -> None:
    assert [fee_for(amount) for amount in (50, 500, 2000, 2017)] == [31, 45, 88, 88]


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    settings = from_environment(
        {"SANDBOX_DB": str(tmp_path), "SANDBOX_PUBLIC_URL": "http://shop.localhost:8310/"}
    )
    assert settings == SandboxSettings(db_path=tmp_path, public_url="http://shop.localhost:8310")
    assert settings.host == "shop.localhost"
    with pytest.raises(KeyError):
        from_environment({})
