"""Hints about one dispute at once, on real connections: it is followed once."""

import pytest
from django.core import mail

from jewelrymodel.disputes import operations
from jewelrymodel.disputes.models import DisputeWork
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.ledger.models import LotSuspension
from jewelrymodel.payments.models import Charge, ChargeDispute
from tests.support.bank import Bank
from tests.support.shop import Sandbox, now, register, register_terms
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_hints_at_once_suspend_once_and_a_loss_is_owed_once(sandbox: Sandbox) -> None:
    register_terms()
    bank = Bank(sandbox, register())
    order = bank.buy()
    bank.spend(9)
    charge = Charge.objects.get(order=order).processor_charge_id
    opened = sandbox.panel(f"charges/{charge}/dispute", reason="product_not_received")
    works = at_once(lambda: bank.hear(opened["id"]), 3)
    assert {(one.suspended, one.turns) for one in works} == {(True, 1)}
    assert DisputeWork.objects.count() == LotSuspension.objects.count() == 1
    sandbox.panel(f"disputes/{opened['id']}/decide", outcome="lost")
    works = at_once(lambda: bank.hear(opened["id"]), 3)
    assert {one.debt_credits for one in works} == {9}
    found = ChargeDispute.objects.get()
    assert operations.notify_customer(dispute_id=found.pk, now=now())
    assert len(mail.outbox) == 1
    assert ledger.verify() == []
