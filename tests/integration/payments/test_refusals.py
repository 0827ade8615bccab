"""A processor that says "not now": what was decided waits, alarms, and completes once mended."""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, queries
from jewelrymodel.payments.adapters import processor_alarms
from jewelrymodel.payments.adapters.stripe_client import client
from jewelrymodel.payments.adapters.stripe_refunds import refunds
from jewelrymodel.payments.gateway import ProcessorBlocked, ProcessorDown
from jewelrymodel.payments.models import Charge, ProcessorAlarm, Refund
from jewelrymodel.payments.processor_problems import troubles
from jewelrymodel.payments.refund_status import refund_words
from jewelrymodel.payments.statuses import BlockReason, RefundState
from jewelrymodel.payments.tasks import BATCH, follow_refund
from tests.support.refunds import books, free_and_suspended, intend
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, start

pytestmark = pytest.mark.django_db
MENDED = {"key": "", "missing_right": "", "refuse_refunds": ""}
NOT_NOW = [  # what is wrong, and the code under which it stands at the desk
    ({"key": "expired"}, "api_key_expired"),
    ({"key": "invalid"}, "key_not_accepted"),
    ({"missing_right": "charge_write"}, "permission_missing"),
    ({"missing_right": "charge_read"}, "permission_missing"),
    ({"refuse_refunds": "balance_insufficient"}, "balance_insufficient"),
    ({"refuse_refunds": "resource_missing"}, "resource_missing"),
    ({"refuse_refunds": "a_word_of_tomorrow"}, "a_word_of_tomorrow"),
]
TROUBLES = pytest.mark.parametrize(("fault", "code"), NOT_NOW)


def work(at: datetime) -> None:
    """Do what the sweeper finds due at that moment."""
    due = queries.refunds_to_look_at(now=at, since=at - timedelta(days=30), limit=BATCH)
    for refund_id in due:
        with suppress(ProcessorDown):
            operations.follow_refund(refund_id=refund_id, now=at)


def health(browser: Client) -> dict[str, Any]:
    return dict(browser.get("/healthz").json())


@TROUBLES
def test_what_is_decided_waits_and_completes_once_it_is_mended(
    sandbox: Sandbox, charge: Charge, fault: dict[str, str], code: str
) -> None:
    refund, desk, at = intend(charge), at_the_desk(), now()
    sandbox.panel("faults", **fault)
    for _ in range(4):
        work(at)
        refund.refresh_from_db()
        assert (refund.state, refund.refusal) == (RefundState.INTENDED, code)
        assert at + timedelta(minutes=1) <= refund.next_look_at <= at + timedelta(minutes=15)
        assert "delayed" in refund_words(refund)
        assert (books(charge), free_and_suspended(charge)) == ((3900, 0, 0), (0, 100))
        at = refund.next_look_at
    (trouble,) = troubles()
    assert (trouble.code, trouble.refunds) == (code, 1)
    shown = desk.get("/desk").content.decode()
    assert code in shown
    assert "1 refund is pending" in shown
    body = health(desk)
    assert not body["healthy"]
    assert [(one["code"], one["refunds_waiting"]) for one in body["alarms"]] == [(code, 1)]
    sandbox.panel("faults", **MENDED)
    work(at)
    refund.refresh_from_db()
    assert (refund.state, refund.refusal, books(charge)) == (
        RefundState.SUCCEEDED,
        "",
        (0, 3900, 0),
    )
    assert len(client().v1.refunds.list().data) == 1
    assert (troubles(), health(desk)["alarms"]) == ([], [])
    assert "1 refund is pending" not in desk.get("/desk").content.decode()
    assert not ledger.verify()


def test_a_worker_that_read_the_row_before_the_refusal_makes_no_second_refund(
    sandbox: Sandbox, charge: Charge
) -> None:
    """Each refusal changes the key, so what two workers ask for at once may have different ones."""
    refund = intend(charge, 900, lot=False)
    sandbox.panel("faults", refuse_refunds="balance_insufficient")
    work(now())
    sandbox.panel("faults", **MENDED)
    made = [
        refunds().create_refund(
            refund_id=refund.pk,
            processor_charge_id=charge.processor_charge_id,
            amount_minor=900,
            currency="USD",
            refusals=refusals,
        )
        for refusals in (1, 0, 1)
    ]
    assert len({one.id for one in made}) == len(client().v1.refunds.list().data) == 1


def test_a_key_that_was_used_for_something_else_waits(sandbox: Sandbox, charge: Charge) -> None:
    refund = intend(charge, 900, lot=False)
    key = {"idempotency_key": f"refund-{refund.pk}"}
    client().v1.refunds.create({"charge": charge.processor_charge_id, "amount": 1}, key)
    with pytest.raises(ProcessorBlocked):
        operations.follow_refund(refund_id=refund.pk, now=now())
    refund.refresh_from_db()
    assert (refund.state, refund.refusal) == (RefundState.INTENDED, "idempotency_error")
    assert [one.reason for one in troubles()] == [BlockReason.CHANGED]


def test_a_refund_beyond_what_is_left_is_refused_for_good(sandbox: Sandbox, charge: Charge) -> None:
    """Somebody gave a part back at the processor itself: its refusal has no code."""
    client().v1.refunds.create({"charge": charge.processor_charge_id, "amount": 1})
    refund = operations.follow_refund(refund_id=intend(charge).pk, now=now())
    assert (refund.state, refund.failure) == (RefundState.FAILED, "less_is_left")


def test_a_refund_that_cant_be_looked_at_keeps_its_state(sandbox: Sandbox, charge: Charge) -> None:
    """Of what it has made, the processor can't say that it was never meant to be."""
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = operations.follow_refund(refund_id=intend(charge).pk, now=now())
    Refund.objects.filter(pk=refund.pk).update(next_look_at=now())
    with transaction.atomic():
        sandbox.panel("reset")
        refund = operations.follow_refund(refund_id=refund.pk, now=now())
    assert (refund.state, refund.refusal) == (RefundState.PENDING, "resource_missing")
    assert refund.next_look_at > now()


def test_one_refusal_of_the_key_alarms_once_and_any_answer_clears_it(
    sandbox: Sandbox, charge: Charge
) -> None:
    sandbox.panel("faults", key="expired")
    for _ in range(3):
        with pytest.raises(ProcessorBlocked):
            operations.look_up_charge(account_id=charge.account_id, charge_id=charge.pk, now=now())
    alarm = ProcessorAlarm.objects.get()
    assert (alarm.reason, alarm.right, alarm.times) == (BlockReason.KEY, "", 3)
    assert "sk_test_sandbox_tests" not in alarm.words
    sandbox.panel("faults", key="")
    operations.mirror_disputes_of(charge_id=charge.pk, now=now())
    alarm.refresh_from_db()
    assert alarm.cleared_at is not None
    processor_alarms.sound(BlockReason.KEY, "charge_read", code="api_key_expired", words="")
    assert ProcessorAlarm.objects.count() == 2


def test_a_missing_right_stays_missing_while_others_are_answered(
    sandbox: Sandbox, charge: Charge
) -> None:
    sandbox.panel("faults", missing_right="charge_write")
    refund = intend(charge)
    work(now())
    operations.look_up_charge(account_id=charge.account_id, charge_id=charge.pk, now=now())
    (trouble,) = troubles()
    assert (trouble.right, trouble.refunds) == ("charge_write", 1)
    follow_refund(refund_id=refund.pk)  # as the worker does: it waits, and no job fails
    assert refund.pk in queries.refunds_refused(before=now() + timedelta(days=1))


def test_the_checkout_says_try_again_and_not_a_word_of_our_key(
    sandbox: Sandbox, charge: Charge, seller: Any
) -> None:
    sandbox.panel("faults", key="expired")
    with pytest.raises(ProcessorBlocked):
        start(seller, key="another-page")
    browser = Client()
    browser.force_login(seller.user)
    buyer = {"country": "US", "capacity": "business"}
    page = browser.get("/checkout/case", buyer).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = browser.post("/checkout/case", buyer | hidden)
    assert answer.status_code == 503
    said = answer.content.decode()
    assert "You weren’t charged and your order is saved; please try again." in said
    assert "It refuses" not in said
    assert "key" not in said.partition('role="alert"')[2].partition("</div>")[0]


def test_an_order_is_not_closed_because_we_are_refused(sandbox: Sandbox, seller: Any) -> None:
    """Past its time, a page that can't be opened closes the order; a refused key says nothing."""
    sandbox.panel("faults", key="expired")
    with pytest.raises(ProcessorBlocked):
        start(seller)
    order = queries.orders(account_id=seller.account_id)[0]
    with pytest.raises(ProcessorBlocked):
        operations.settle_order(order_id=order.pk, now=now() + timedelta(days=1))
    order.refresh_from_db()
    assert order.state == "draft"


def test_a_second_charge_is_refunded_after_the_key_is_mended(
    sandbox: Sandbox, charge: Charge
) -> None:
    charge_again(sandbox, charge.order)
    later = Charge.objects.exclude(pk=charge.pk).get()
    refund = intend(later, lot=False)
    sandbox.panel("faults", key="invalid")
    work(now())
    sandbox.panel("faults", **MENDED)
    work(now() + timedelta(minutes=20))
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED


def test_the_database_keeps_a_reason_only_on_what_waits(sandbox: Sandbox, charge: Charge) -> None:
    refund = operations.follow_refund(refund_id=intend(charge).pk, now=now())
    assert refund.state == RefundState.SUCCEEDED
    with pytest.raises(IntegrityError, match="refused_is_open"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(refusal="x", refused_since_at=now())
    processor_alarms.sound(BlockReason.KEY, "charge_read", code="x", words="")
    with pytest.raises(IntegrityError, match="once_per_cause"), transaction.atomic():
        ProcessorAlarm.objects.create(
            id="alm_2", reason=BlockReason.KEY, code="x", since_at=now(), last_at=now()
        )
