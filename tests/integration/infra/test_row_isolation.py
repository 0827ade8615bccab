"""One row that fails keeps no other from its turn, whatever sweeps it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.infra.row_isolation import attempt_each
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.ledger.operations import expiry
from jewelrymodel.support import tasks as support
from jewelrymodel.support.models import CaseEntry
from tests.support.desk import open_case
from tests.support.shop import Sandbox, now, register, settle, start


def test_the_others_have_their_turn_and_the_failure_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = []

    def act(number: int) -> None:
        done.append(1 // number)

    assert attempt_each((1, 0, 1), act, doing="dividing") == 1
    assert done == [1, 1]
    assert "dividing failed for 0" in caplog.text


def test_a_database_that_is_away_is_so_for_all() -> None:
    def act(_row: int) -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        attempt_each((1, 2), act, doing="reading")


@pytest.mark.django_db
def test_lots_of_the_other_accounts_expire(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = (seller, register("eve@rings.example"))
    for member in members:
        ledger.grant(
            account_id=member.account_id,
            source=LotSource.PROMOTION,
            source_ref="gift",
            quantity=1,
            paid_minor=0,
            currency="",
            expires_at=now() + timedelta(hours=1),
            idempotency_key="gift",
            now=now(),
        )
    bad = min(member.account_id for member in members)
    real = expiry.lock_wallet

    def stumble(account_id: str) -> Any:
        if account_id == bad:
            raise AttributeError("wallet")
        return real(account_id)

    monkeypatch.setattr(expiry, "lock_wallet", stumble)
    assert ledger.expire_lots(now=now() + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_every_letter_that_waits_has_its_turn_however_many_fail(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    for _ in range(3):
        open_case(order, seller)
    due = set(CaseEntry.objects.filter(mail_due=True).values_list("pk", flat=True))
    assert len(due) == 3
    ProcrastinateJob.objects.all().delete()
    monkeypatch.setattr(support.clock, "now", lambda: now() + timedelta(minutes=5))
    support.sweep_mail(0)
    jobs = ProcrastinateJob.objects.filter(task_name="support.mail_entry")
    assert {job.args["entry_id"] for job in jobs} == due
