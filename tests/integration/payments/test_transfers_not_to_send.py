"""A transfer that waits and must not be sent: refused, canceled, or recorded as sent already."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.models import Charge, Refund
from jewelrymodel.payments.statuses import PayoutWay, RefundState, TransferObstacle
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.refunds import books, dispute, follow, intend
from tests.support.shop import Sandbox, at_the_desk, now

pytestmark = pytest.mark.django_db
COLLEAGUE = 7


@pytest.fixture
def waiting(sandbox: Sandbox, charge: Charge) -> Refund:
    """A refund that waits for its bank transfer, as the first one came back."""
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=60)
    refund = follow(intend(charge))
    sandbox.panel("clock", offset_s=120)
    assert follow(refund).state == RefundState.FAILED
    operations.choose_payout(
        charge_id=charge.pk,
        way=PayoutWay.TRANSFER,
        reason="Card closed.",
        user_id=COLLEAGUE,
        now=now(),
    )
    return follow(intend(charge, why="dec_2"))


def record(refund: Refund, *, anyway: bool = False) -> Refund:
    return operations.record_transfer(
        refund_id=refund.pk,
        amount_minor=refund.amount_minor,
        reference="TRF-1",
        sent_on=now().date(),
        user_id=COLLEAGUE,
        now=now(),
        is_sent_anyway=anyway,
    )


def refunded_at_the_dashboard(sandbox: Sandbox, charge: Charge) -> None:
    sandbox.panel(f"charges/{charge.processor_charge_id}/refund", amount=500)
    operations.adopt_refunds(charge_id=charge.pk, now=now())
    assert books(charge) == (3400, 500, 0)


def decided(sandbox: Sandbox, charge: Charge, outcome: str) -> None:
    (one,) = charge.disputes.all()
    sandbox.panel(f"disputes/{one.processor_dispute_id}/decide", outcome=outcome)
    operations.mirror_dispute(processor_dispute_id=one.processor_dispute_id, now=now())


def _split(charge_id: str, **minor: int) -> None:
    Charge.objects.filter(pk=charge_id).update(**minor)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def cases() -> list[Case]:
    reconcilers.run(now=now() + timedelta(minutes=6))
    return list(Case.objects.filter(check_name="processor_and_ledger_disagree"))


@pytest.mark.parametrize("inquiry", [False, True])
def test_none_is_sent_while_a_bank_may_take_the_money(
    sandbox: Sandbox, waiting: Refund, inquiry: bool
) -> None:
    dispute(sandbox, waiting.charge, inquiry=inquiry)
    with pytest.raises(operations.ChargeDisputed):
        record(waiting)
    assert books(waiting.charge) == (3900, 0, 0)
    html = at_the_desk().get(f"/desk/orders/{waiting.charge.order_id}").content.decode()
    assert "Send it first" not in html
    assert "the bank is disputing this charge" in html


def test_once_the_bank_decides_for_us_it_is_sent(sandbox: Sandbox, waiting: Refund) -> None:
    dispute(sandbox, waiting.charge)
    decided(sandbox, waiting.charge, "won")
    assert queries.transfer_obstacle(waiting, waiting.charge) is None
    assert record(waiting).state == RefundState.SUCCEEDED


def test_where_less_is_kept_the_page_offers_only_what_can_be_done(
    sandbox: Sandbox, waiting: Refund
) -> None:
    refunded_at_the_dashboard(sandbox, waiting.charge)
    assert queries.transfer_obstacle(waiting, waiting.charge) is TransferObstacle.LESS_KEPT
    desk, page = at_the_desk(), f"/desk/orders/{waiting.charge.order_id}"
    html = desk.get(page).content.decode()
    assert "Send it first" not in html
    assert "no longer keeps that much" in html
    form = {
        "refund": waiting.pk,
        "amount": "39.00",
        "reference": "TRF-1",
        "sent_on": now().date().isoformat(),
        "sure": "on",
    }
    refused = desk.post(f"{page}/transfer", form)
    assert refused.status_code == 409
    assert "if it was sent already, record that" in refused.content.decode()
    assert 'value="TRF-1"' in refused.content.decode(), "what was typed is kept"
    assert desk.post(f"{page}/transfer", form | {"anyway": "1"}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.transfer_reference) == (RefundState.SUCCEEDED, "TRF-1")
    html = desk.get(page).content.decode()
    assert "$5.00 more was paid back than was paid." in html


@pytest.mark.parametrize("refunded_elsewhere", [True, False])
def test_the_record_blames_nobody_where_nothing_kept_a_transfer_from_being_sent(
    sandbox: Sandbox, waiting: Refund, *, refunded_elsewhere: bool
) -> None:
    """Whatever a form says: the obstacle counts, not the box."""
    if refunded_elsewhere:
        refunded_at_the_dashboard(sandbox, waiting.charge)
    record(waiting, anyway=True)
    entry = AuditEntry.objects.filter(action="order.transfer_succeeded").get()
    assert ("although it should not have been" in entry.reason) is refunded_elsewhere


def test_what_was_sent_beyond_the_payment_is_booked_and_one_case(
    sandbox: Sandbox, waiting: Refund
) -> None:
    charge = waiting.charge
    refunded_at_the_dashboard(sandbox, charge)
    for _ in range(2):
        record(waiting, anyway=True)
    assert books(charge) == (0, 3900, 0)
    assert queries.paid_back_beyond() == {charge.pk: 500}
    assert not ledger.verify()
    (case,) = cases()
    assert "$5.00" in case.entries.get(internal=True).text
    assert len(cases()) == 1
    operations.return_transfer(
        refund_id=waiting.pk, reason="Returned.", user_id=COLLEAGUE, now=now()
    )
    assert books(charge) == (3400, 500, 0)
    assert queries.paid_back_beyond() == {}


def test_the_database_refuses_a_split_of_less_than_went(waiting: Refund) -> None:
    record(waiting)
    with pytest.raises(IntegrityError), transaction.atomic():
        _split(waiting.charge_id, kept_minor=500, refunded_minor=3400)


def test_a_dispute_that_is_lost_after_it_was_sent_is_not_lost_from_sight(
    sandbox: Sandbox, waiting: Refund
) -> None:
    charge = waiting.charge
    dispute(sandbox, charge)
    record(waiting, anyway=True)
    assert (books(charge), queries.paid_back_beyond()) == ((0, 3900, 0), {})
    decided(sandbox, charge, "lost")
    assert (books(charge), queries.paid_back_beyond()) == ((0, 3900, 0), {charge.pk: 3900})
    assert len(cases()) == 1
    assert not ledger.verify()


def test_a_dispute_that_is_won_after_all_leaves_nothing_to_pay_again(
    sandbox: Sandbox, waiting: Refund
) -> None:
    charge = waiting.charge
    dispute(sandbox, charge)
    decided(sandbox, charge, "lost")
    with pytest.raises(operations.LessIsKept):
        record(waiting)
    record(waiting, anyway=True)
    assert queries.paid_back_beyond() == {charge.pk: 3900}
    decided(sandbox, charge, "won")
    assert (books(charge), queries.paid_back_beyond()) == ((0, 3900, 0), {})
    with pytest.raises(operations.RefundTooLarge):
        intend(charge, 1, why="dec_3")
