"""Refunds that somebody made at the processor's dashboard: they are booked, and credits follow."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger import operations as holding
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations, tasks
from jewelrymodel.payments.models import Charge, ChargeDispute, Order, Refund, Subscription
from jewelrymodel.payments.statuses import OrderState, RefundOrigin, RefundState
from jewelrymodel.support import reconcilers
from jewelrymodel.support.models import Case
from tests.support.held_orders import held
from tests.support.plans import Plan
from tests.support.refunds import books, dispute, follow, free_and_suspended, intend
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, settle, start

pytestmark = pytest.mark.django_db
LOCKS = {"plan": ("payments_subscription", "FOR UPDATE"), "wallet": ("ledger_lock(",)}


def refund_there(sandbox: Sandbox, charge: Charge, **amount: int) -> str:
    """Somebody refunds a charge at the processor's dashboard; nobody tells us."""
    path = f"charges/{charge.processor_charge_id}/refund"
    return str(sandbox.panel(path, **amount)["id"])


def hear(charge: Charge) -> None:
    hint = {"object": "charge", "object_id": charge.processor_charge_id}
    operations.handle_event(hint, now=now())


def test_a_whole_refund_is_booked_and_its_credits_are_gone(
    sandbox: Sandbox, charge: Charge
) -> None:
    made = refund_there(sandbox, charge)
    for _ in range(2):
        hear(charge)
    refund = Refund.objects.get()
    assert (refund.origin, refund.state) == (RefundOrigin.PROCESSOR, RefundState.SUCCEEDED)
    assert (refund.processor_refund_id, refund.decision_id) == (made, "")
    assert (books(charge), free_and_suspended(charge)) == ((0, 3900, 0), (0, 0))
    assert not ledger.verify()


def test_a_refund_is_found_by_its_own_news_too(sandbox: Sandbox, charge: Charge) -> None:
    made = refund_there(sandbox, charge, amount=500)
    operations.handle_event({"object": "refund", "object_id": made}, now=now())
    assert (books(charge), free_and_suspended(charge)) == ((3400, 500, 0), (100, 0))
    tasks.tell_refunded(subject_id=Refund.objects.get().pk)
    tasks.tell_refunded(subject_id=Refund.objects.get().pk)
    (sent,) = [one for one in mail.outbox if "Refund of $5.00" in one.subject]
    assert "refunded to your card" in sent.body
    assert "credits were removed" not in sent.body


def test_parts_that_leave_nothing_of_the_charge_take_its_credits(
    sandbox: Sandbox, charge: Charge
) -> None:
    refund_there(sandbox, charge, amount=1950)
    hear(charge)
    assert (books(charge), free_and_suspended(charge)) == ((1950, 1950, 0), (100, 0))
    refund_there(sandbox, charge, amount=1950)
    hear(charge)
    assert (books(charge), free_and_suspended(charge)) == ((0, 3900, 0), (0, 0))
    assert not ledger.verify()


@pytest.mark.parametrize("is_first", [False, True])
def test_one_of_two_charges_refunded_there_leaves_the_credits(
    sandbox: Sandbox, charge: Charge, is_first: bool
) -> None:
    charge_again(sandbox, charge.order)
    again = Charge.objects.latest("charged_at", "id")
    refunded, left = (charge, again) if is_first else (again, charge)
    refund_there(sandbox, refunded)
    hear(refunded)
    assert (books(refunded), books(left)) == ((0, 3900, 0), (3900, 0, 0))
    assert free_and_suspended(charge) == (100, 0)
    refund_there(sandbox, left)
    hear(left)
    assert (books(left), free_and_suspended(charge)) == ((0, 3900, 0), (0, 0))


def test_the_second_of_two_pending_refunds_there_takes_the_credits(
    sandbox: Sandbox, charge: Charge
) -> None:
    charge_again(sandbox, charge.order)
    again = Charge.objects.latest("charged_at", "id")
    sandbox.panel("faults", pending_refunds=2, refund_delay_s=3600)
    for one, free in ((again, 100), (charge, 0)):
        refund_there(sandbox, one)
        hear(one)
        assert free_and_suspended(charge)[0] == free


@pytest.mark.parametrize("is_pending", [False, True])
def test_the_rest_beside_a_refund_of_ours_takes_the_credits(
    sandbox: Sandbox, charge: Charge, is_pending: bool
) -> None:
    """Also while ours is on its way: it is money that is kept no longer."""
    if is_pending:
        sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    follow(intend(charge, 500, lot=False))
    assert free_and_suspended(charge) == (100, 0)
    refund_there(sandbox, charge, amount=3400)
    hear(charge)
    assert free_and_suspended(charge) == (0, 0)
    assert books(charge) == ((500, 3400, 0) if is_pending else (0, 3900, 0))


@pytest.mark.parametrize("amount", [1, 3900])
def test_no_credits_are_said_to_be_removed_where_none_were_left(
    sandbox: Sandbox, charge: Charge, client: Client, seller: Membership, amount: int
) -> None:
    held = holding.hold(
        account_id=charge.account_id, subject="task:1", quantity=100, idempotency_key="h", now=now()
    )
    holding.capture(hold_id=held.id, quantity=100, idempotency_key="c", now=now())
    refund_there(sandbox, charge, amount=amount)
    hear(charge)
    tasks.tell_refunded(subject_id=Refund.objects.get().pk)
    client.force_login(seller.user)
    page = client.get(f"/billing/orders/{charge.order_id}").content.decode()
    for words in (mail.outbox[-1].body, page):
        assert "refunded to your card" in words
        assert "credits were removed" not in words


def test_credits_that_a_task_holds_are_taken_once_it_ended(
    sandbox: Sandbox, charge: Charge
) -> None:
    held = holding.hold(
        account_id=charge.account_id, subject="task:1", quantity=2, idempotency_key="h", now=now()
    )
    refund_there(sandbox, charge)
    hear(charge)
    assert (books(charge), free_and_suspended(charge)) == ((0, 3900, 0), (0, 98))
    holding.release(hold_id=held.id, idempotency_key="r", now=now())
    assert free_and_suspended(charge) == (0, 100), "what comes back can't be spent"
    follow(Refund.objects.get())
    assert free_and_suspended(charge) == (0, 0)
    assert not ledger.verify()


def test_one_that_fails_later_gives_the_credits_back_and_opens_a_case(
    sandbox: Sandbox, charge: Charge
) -> None:
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=60)
    refund_there(sandbox, charge)
    hear(charge)
    refund = Refund.objects.get()
    tasks.tell_refunded(subject_id=refund.pk)
    sandbox.panel("clock", offset_s=120)
    follow(refund)
    tasks.tell_refunded(subject_id=refund.pk)
    assert (books(charge), free_and_suspended(charge)) == ((3900, 0, 0), (100, 0))
    assert "failed" in mail.outbox[-1].subject
    assert "The credits that it took are back" in mail.outbox[-1].body
    assert reconcilers.run(now=now())["decided_not_paid"] == 1
    assert reconcilers.run(now=now())["decided_not_paid"] == 0
    assert "for another way to pay it" in Case.objects.get().entries.get().text


def test_a_refund_of_ours_that_is_left_with_too_little_ends(
    sandbox: Sandbox, charge: Charge
) -> None:
    """Both were made at once: the processor decides which came first."""
    ours = intend(charge)
    refund_there(sandbox, charge)
    hear(charge)
    ours.refresh_from_db()
    assert ours.state == RefundState.FAILED
    assert (books(charge), free_and_suspended(charge)) == ((0, 3900, 0), (0, 0))
    assert not ledger.verify()


def test_a_refund_whose_row_was_lost_is_taken_for_one_made_there(
    sandbox: Sandbox, charge: Charge
) -> None:
    """A backup that was restored lacks what came after it; the money went all the same."""
    operations.refunds.refunds().create_refund(  # type: ignore[attr-defined]  # the module itself
        refund_id="rfd_lost",
        processor_charge_id=charge.processor_charge_id,
        amount_minor=900,
        currency="USD",
    )
    hear(charge)
    assert books(charge) == (3000, 900, 0)
    assert Refund.objects.get().origin == RefundOrigin.PROCESSOR


@pytest.mark.parametrize("dispute_first", [True, False])
def test_a_bank_that_takes_the_rest_is_booked_in_any_order(
    sandbox: Sandbox, charge: Charge, dispute_first: bool
) -> None:
    refund_there(sandbox, charge, amount=900)
    if not dispute_first:
        hear(charge)
    found = dispute(sandbox, charge)
    sandbox.panel(f"disputes/{found.processor_dispute_id}/decide", outcome="lost")
    operations.mirror_dispute(processor_dispute_id=found.processor_dispute_id, now=now())
    hear(charge)
    assert books(charge) == (0, 900, 3000)


def test_a_pending_refund_of_a_charge_that_is_lost_meanwhile_ends_either_way(
    sandbox: Sandbox, charge: Charge
) -> None:
    """M21: what was refunded counts first, whoever is heard of first."""
    sandbox.panel("faults", pending_refunds=1, refund_delay_s=3600)
    refund = follow(intend(charge))
    assert refund.state == RefundState.PENDING
    row = ChargeDispute(
        id="dsp_1",
        account_id=charge.account_id,
        charge=charge,
        processor_dispute_id="du_1",
        status="lost",
        is_inquiry=False,
        reason="fraudulent",
        amount_minor=3900,
        currency="USD",
        charge_refundable=False,
        opened_at=now(),
        seen_at=now(),
        lost_at=now(),
        next_look_at=now(),
    )
    row.save()
    operations.charge_split.split_paid(charge)  # type: ignore[attr-defined]  # the module itself
    assert books(charge) == (0, 0, 3900)
    sandbox.panel("clock", offset_s=4000)
    assert follow(refund).state == RefundState.SUCCEEDED
    assert books(charge) == (0, 3900, 0)


def test_the_desk_sees_who_made_it(sandbox: Sandbox, charge: Charge) -> None:
    refund_there(sandbox, charge, amount=500)
    hear(charge)
    page = at_the_desk().get(f"/desk/orders/{charge.order_id}").content.decode()
    assert "Refunded at the payment processor" in page
    assert "decided" not in page


def test_the_database_refuses_more_than_was_paid_also_by_update(charge: Charge) -> None:
    refund = follow(intend(charge, 3000, lot=False))
    failed = intend(charge, 900, why="dec_2", lot=False)
    Refund.objects.filter(pk=failed.pk).update(state=RefundState.FAILED, settled_at=now())
    follow(intend(charge, 900, why="dec_3", lot=False))
    with pytest.raises(IntegrityError, match="more than charge"), transaction.atomic():
        Refund.objects.filter(pk=failed.pk).update(state=RefundState.PENDING, settled_at=None)
    with pytest.raises(IntegrityError, match="meant to be"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(origin=RefundOrigin.PROCESSOR, decision_id="")
    with pytest.raises(IntegrityError, match="rests_on_a_decision"), transaction.atomic():
        Refund.objects.create(
            id="rfd_1",
            account_id=charge.account_id,
            charge=charge,
            origin=RefundOrigin.OURS,
            amount_minor=1,
            currency="USD",
            revokes_credits=False,
            state=RefundState.FAILED,
            created_at=now(),
            settled_at=now(),
            next_look_at=now(),
        )


def test_the_plan_is_held_before_the_wallet(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    charge = Charge.objects.get()
    refund_there(sandbox, charge)
    with CaptureQueriesContext(connection) as asked:
        operations.adopt_refunds(charge_id=charge.pk, now=now())
    taken = [
        table
        for one in asked
        for table, words in LOCKS.items()
        if all(word in one["sql"] for word in words)
    ]
    assert set(taken) == set(LOCKS)
    assert taken.index("plan") < taken.index("wallet")


def test_a_plan_whose_month_was_refunded_there_renews_no_more(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    settle(checkout.order)
    charge = Charge.objects.get()
    refund_there(sandbox, charge)
    hear(charge)
    assert not Subscription.objects.get().renews
    assert Order.objects.get().state == OrderState.DELIVERED


def test_a_part_of_a_held_order_is_told_and_the_rest_by_its_case(
    sandbox: Sandbox, seller: Membership
) -> None:
    charge = Charge.objects.get(order=held(sandbox, seller))
    sent = []
    for amount in (500, charge.kept_minor - 500):
        refund_there(sandbox, charge, amount=amount)
        hear(charge)
        newest = Refund.objects.latest("created_at", "pk")
        sent.append(operations.tell_refunded(refund_id=newest.pk))
    assert sent == [True, False]


def test_what_was_billed_after_a_cancellation_and_refunded_there_is_told(
    sandbox: Sandbox, seller: Membership
) -> None:
    plan = Plan(sandbox, seller)
    plan.go(plan.row.period_ends_at - timedelta(seconds=1))
    plan.cancel()
    plan.go(plan.at + timedelta(hours=2))
    plan.look()
    charge = Charge.objects.get(order__state=OrderState.REFUND_DUE)
    refund_there(sandbox, charge)
    operations.handle_event(
        {"object": "charge", "object_id": charge.processor_charge_id}, now=plan.at
    )
    assert operations.tell_refunded(refund_id=Refund.objects.get().pk)
    assert "Refund of $19.00" in mail.outbox[-1].subject
