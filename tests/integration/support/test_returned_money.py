"""Money of a held order that goes back at the processor: its customer is told, each time once."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.support import operations, reconcilers
from jewelrymodel.support.models import CaseEntry
from jewelrymodel.support.statuses import REFUNDED, Channel
from jewelrymodel.support.tasks import notify_refunded
from tests.support.held_orders import held
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(sandbox: Sandbox, seller: Membership) -> Order:
    return held(sandbox, seller)


def test_a_refund_there_after_one_that_failed_is_told_too(order: Order, sandbox: Sandbox) -> None:
    (charge,) = order.charges.all()
    told = []
    for failing in (1, 0):
        sandbox.panel("faults", fail_refunds=failing, refund_delay_s=60)
        sandbox.panel(f"charges/{charge.processor_charge_id}/refund")
        at = now() + timedelta(minutes=5 - 4 * failing)
        payments.adopt_refunds(charge_id=charge.pk, now=at)
        for _ in range(2):
            told.append(operations.notify_refunded(order_id=order.pk, now=at))
        if failing:
            sandbox.panel("clock", offset_s=120)
            payments.follow_refund(refund_id=Refund.objects.get().pk, now=at)
            assert not operations.notify_refunded(order_id=order.pk, now=at)
    assert told == [True, False, True, False]
    assert CaseEntry.objects.filter(author=str(REFUNDED), mail_due=True).count() == 2


def test_money_that_goes_back_at_the_processor_is_told_once(order: Order, sandbox: Sandbox) -> None:
    reconcilers.run(now=now())
    charge_id = Charge.objects.get().processor_charge_id
    hint = {"object": "charge", "object_id": charge_id}
    sandbox.panel(f"charges/{charge_id}/refund", amount=780)
    payments.handle_event(hint, now=now())
    assert not ProcrastinateJob.objects.filter(task_name="support.notify_refunded").exists()
    sandbox.panel(f"charges/{charge_id}/refund", amount=3900)
    payments.handle_event(hint, now=now())
    payments.handle_event(hint, now=now())
    (job,) = ProcrastinateJob.objects.filter(task_name="support.notify_refunded")
    for _again in range(2):
        notify_refunded(**job.args)
    _notice, told = CaseEntry.objects.filter(mail_due=True).order_by("id")
    assert told.author == str(REFUNDED)
    assert "refunded your payment of $46.80 for order JM-000001" in told.text
    order.refresh_from_db()
    assert order.state == OrderState.REQUIRES_REVIEW, "a person closes it"


def test_a_customer_whom_nobody_wrote_to_yet_is_told_too(order: Order, sandbox: Sandbox) -> None:
    charge_id = Charge.objects.get().processor_charge_id
    sandbox.panel(f"charges/{charge_id}/refund")
    payments.handle_event({"object": "charge", "object_id": charge_id}, now=now())
    notify_refunded(subject_id=order.pk)
    (told,) = CaseEntry.objects.filter(mail_due=True)
    assert (told.author, told.case.channel) == (str(REFUNDED), Channel.MACHINE)
