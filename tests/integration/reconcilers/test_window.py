"""``jewelrymodel reconcile``: any window of the books beside the processor's, mended or a case."""

import argparse
import csv
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.config.commands import reconcile as command
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund
from jewelrymodel.payments.operations import Outcome, window_reconciliation
from jewelrymodel.support.models import Case
from tests.support.shop import Sandbox, now, settle, start

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def buy(sandbox: Sandbox, seller: Membership, sku: str = "case") -> Order:
    checkout = start(seller, sku=sku)
    sandbox.pay(checkout.url)
    return checkout.order


def compared() -> list[tuple[str, Outcome]]:
    later = now() + HOUR
    rows = operations.reconcile_window(since=later - 2 * DAY, before=later, now=later)
    return [(one.kind, one.outcome) for one in rows]


def newest_charge() -> Charge:
    return Charge.objects.latest("charged_at")


def test_what_only_lacked_its_news_is_mended_and_told(sandbox: Sandbox, seller: Membership) -> None:
    buy(sandbox, seller)
    assert compared() == [("charge", Outcome.MENDED)]
    charge = newest_charge()
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=500)
    sandbox.panel(f"charges/{charge.processor_charge_id}/dispute", reason="fraudulent")
    assert compared() == [("charge", Outcome.MENDED)], "a look at it finds all that is about it"
    assert (Refund.objects.count(), ChargeDispute.objects.count()) == (1, 1)
    assert compared() == []


def test_what_differs_is_told_with_its_order_and_opens_one_case(
    sandbox: Sandbox, seller: Membership, tmp_path: Path
) -> None:
    order = settle(buy(sandbox, seller))
    sandbox.panel("reset")
    file = tmp_path / "differences.csv"
    sent = argparse.Namespace(since=(now() - DAY).date(), before=(now() + 2 * DAY).date(), csv=file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command.clock, "now", lambda: now() + HOUR)
        assert [command.run(sent), command.run(sent)] == [1, 1]
    (row,) = csv.DictReader(file.read_text("utf-8").splitlines())
    assert (row["kind"], row["order"], row["outcome"]) == ("charge", order.label, "differs")
    assert row["processor_id"] == newest_charge().processor_charge_id
    assert row["new_case"] == "", "it had its case by then"
    assert Case.objects.get().subject_id == order.pk


def test_one_day_of_the_window_is_listed_at_a_time(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = []
    real = window_reconciliation.compare_charges

    def noted(**window: object) -> object:
        listed.append((window["since"], window["before"]))
        return real(**window)  # type: ignore[arg-type]  # instants

    monkeypatch.setattr(window_reconciliation, "compare_charges", noted)
    ends_at = now()
    starts_at = ends_at - 3 * DAY - HOUR
    assert list(operations.reconcile_window(since=starts_at, before=ends_at, now=ends_at)) == []
    assert len(listed) == 4
    assert listed[0][0] == starts_at
    assert listed[-1][1] == ends_at
    assert all(one[1] == other[0] for one, other in pairwise(listed))


def test_what_was_made_in_the_second_in_which_two_days_meet_is_in_one_of_them(
    sandbox: Sandbox, seller: Membership
) -> None:
    settle(buy(sandbox, seller))
    middle = newest_charge().charged_at + timedelta(milliseconds=500)
    for since, before in ((middle - DAY, middle), (middle, middle + DAY), (middle - DAY, None)):
        until = before or middle + DAY
        assert list(operations.reconcile_window(since=since, before=until, now=now())) == []


def test_a_dispute_of_ours_that_is_not_there_differs(sandbox: Sandbox, seller: Membership) -> None:
    settle(buy(sandbox, seller))
    charge = newest_charge()
    sandbox.panel(f"charges/{charge.processor_charge_id}/dispute", reason="fraudulent")
    operations.mirror_disputes_of(charge_id=charge.pk, now=now())
    sandbox.panel("reset")
    assert ("dispute", Outcome.DIFFERS) in compared()


def test_a_plan_that_ended_there_is_mended_whatever_the_window(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = settle(buy(sandbox, seller, sku="bench"))
    assert order.subscription is not None
    there = order.subscription.processor_subscription_id
    sandbox.panel(f"subscriptions/{there}/cancel", how="at_period_end")
    assert compared() == [("subscription", Outcome.MENDED)]
    order.subscription.refresh_from_db()
    assert not order.subscription.renews


def test_while_the_processor_is_away_it_says_so(
    sandbox: Sandbox, seller: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.panel("faults", down=True)
    assert command.run(argparse.Namespace(since=None, before=None, csv=None)) == 1
    assert "can't be compared now" in capsys.readouterr().err
