"""A held order at the desk: delivered, refunded or closed, once, and the customer told truly."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.infra.formats import deadline
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.decision import Outcome
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import RemedyState
from jewelrymodel.support import operations, queries, reconcilers
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.rules.business_days import ZONE
from jewelrymodel.support.statuses import (
    UNDO_TIME,
    CaseState,
    Channel,
    EntryKind,
    ReviewAct,
)
from jewelrymodel.support.tasks import notify_remedy
from tests.support.desk import open_case, read, wait_until_decided
from tests.support.held_orders import decided_to_deliver, held
from tests.support.rewriting import without_triggers
from tests.support.shop import Sandbox, at_the_desk, now, settle, start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REASON = "The tax is right."


@pytest.fixture
def order(sandbox: Sandbox, seller: Membership) -> Order:
    return held(sandbox, seller)


def signature(page: str) -> str:
    found = re.search(r'name="signature" value="(\w+)"', page)
    assert found
    return found[1]


def send(client: Client, order: Order, act: str, **more: str) -> int:
    page = read(client, f"/desk/orders/{order.pk}")
    said = {"reason": REASON, "sure": "on", "signature": signature(page), **more}
    status = client.post(f"/desk/orders/{order.pk}/{act}", said).status_code
    wait_until_decided()
    return status


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def mailed() -> list[str]:
    """What was written to the customer, oldest first, with what followed on each remedy."""
    for decision in DecisionRecord.objects.all():
        notify_remedy(subject_id=decision.pk)
    return [one.text for one in CaseEntry.objects.filter(mail_due=True).order_by("id")]


@pytest.mark.clause("4.5")
def test_a_held_order_has_a_case_for_a_person_at_once_and_its_customer_is_emailed_once(
    order: Order,
) -> None:
    assert reconcilers.run(now=now())["paid_not_granted"] == 1
    case = Case.objects.get()
    assert (case.state, case.decision_id, case.channel) == (CaseState.OPEN, "", Channel.MACHINE)
    finding, notice = case.entries.order_by("id")
    assert finding.text.startswith("JM-000001 was charged ($46.80); our team is")
    assert (notice.kind, notice.internal) == (EntryKind.MESSAGE_OUT, False)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 0
    assert len(mailed()) == 1
    assert not DecisionRecord.objects.exists()


def test_the_email_about_a_held_order_says_what_was_charged_what_follows_and_by_when(
    order: Order,
) -> None:
    reconcilers.run(now=now())
    (email,) = mailed()
    assert "your payment of $46.80 for order JM-000001, but the order total is $39.00" in email
    assert "Your money isn’t lost" in email
    assert f"hear from us by {deadline(Case.objects.get().due_at, ZONE)}" in email
    assert "Please don’t pay again" in email


def test_no_machine_decides_about_it_also_where_its_customer_asks(order: Order) -> None:
    request = queries.order_request(order, now=now())
    found = deciding.assess(request=request, now=now()).decision
    assert found.outcome is Outcome.PERSON
    assert "the order waits for a person" in found.internal_text
    with pytest.raises(deciding.NotForAMachine):
        deciding.decide_by_machine(request=request, actor=Actor.system("self-check"), now=now())


def test_a_payment_that_would_be_held_is_left_to_a_person_before_it_is_looked_at(
    sandbox: Sandbox, seller: Membership
) -> None:
    """Every message was lost: the machine must not promise what settling then holds."""
    sandbox.panel("faults", tax_percent=20)
    checkout = start(seller)
    sandbox.pay(checkout.url)
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 1
    assert not DecisionRecord.objects.exists()
    assert "checking whether you were charged" in mailed()[0]
    assert Case.objects.get().state == CaseState.OPEN


@pytest.mark.clause("4.5", "8.3")
def test_an_agent_delivers_it_and_the_mails_follow_what_is_done(
    order: Order, seller: Membership
) -> None:
    reconcilers.run(now=now() + HOUR)
    vera = at_the_desk()
    assert "Orders held for review" in read(vera, "/desk")
    page = read(vera, f"/desk/orders/{order.pk}")
    assert "The payment page charged $46.80 instead of $39.00" in page
    assert send(vera, order, "deliver") == 302
    assert state(order) == OrderState.DELIVERED
    assert ledger.balance(seller.account_id, now()).available == 100
    case = Case.objects.get()
    decision = DecisionRecord.objects.get()
    assert (case.state, case.decision_id) == (CaseState.DECIDED, decision.pk)
    assert (decision.decided_by[:5], decision.reason) == ("user:", REASON)
    _notice, first, done = mailed()
    assert "approved it" in first
    assert "We’re adding what you paid for to your account." in first
    assert done == "We’ve added what you paid for to your account."
    page = read(vera, f"/desk/orders/{order.pk}")
    assert "This order needs a decision" not in page
    assert "Delivered after review" in page
    assert REASON in page
    assert {one.action for one in AuditEntry.objects.filter(subject=f"order:{order.pk}")} == {
        "order.held",
        "order.delivered",
    }


@pytest.mark.clause("8.5")
def test_an_agent_refunds_it_and_it_is_closed_once_the_money_went(
    order: Order, seller: Membership
) -> None:
    vera = at_the_desk()
    assert send(vera, order, "refund") == 302
    refund = Refund.objects.get()
    assert (refund.amount_minor, state(order)) == (4680, OrderState.REQUIRES_REVIEW)
    assert "will be refunded" in mailed()[0]
    payments.follow_refund(refund_id=refund.pk, now=now())
    deciding.settle_refund_remedy(refund_id=refund.pk, now=now())
    assert state(order) == OrderState.CLOSED
    assert "$46.80 refunded" in mailed()[-1]
    assert ledger.balance(seller.account_id, now()).available == 0
    assert reconcilers.run(now=now() + HOUR)["paid_not_granted"] == 0


@pytest.mark.clause("4.5")
def test_of_an_order_whose_money_went_back_nothing_is_owed(
    order: Order, seller: Membership
) -> None:
    """A closed order isn't delivered, but neither is it paid any more."""
    assert send(at_the_desk(), order, "refund") == 302
    deciding.carry_out(decision_id=DecisionRecord.objects.get().pk, now=now())
    payments.follow_refund(refund_id=Refund.objects.get().pk, now=now())
    assert state(order) == OrderState.CLOSED
    request = queries.request_facts(open_case(order, seller))
    assert request is not None
    found = deciding.assess(request=request, now=now())
    assert found.decision.remedies == ()
    assert found.decision.outcome is Outcome.PERSON


def test_a_large_refund_waits_for_a_second_approval(order: Order, settings: Settings) -> None:
    settings.SECOND_APPROVAL_LIMIT_MINOR = 1000
    assert send(at_the_desk(), order, "refund") == 302
    assert RemedyRow.objects.get().state == RemedyState.PENDING_APPROVAL
    assert not Refund.objects.exists()
    assert send(at_the_desk("Max Example"), order, "deliver") == 409
    assert state(order) == OrderState.REQUIRES_REVIEW


def test_an_agent_closes_what_keeps_no_money_and_only_that(order: Order, sandbox: Sandbox) -> None:
    reconcilers.run(now=now() + HOUR)
    vera = at_the_desk()
    assert send(vera, order, "close") == 409
    charge_id = Charge.objects.get().processor_charge_id
    sandbox.panel(f"charges/{charge_id}/refund")
    payments.handle_event({"object": "charge", "object_id": charge_id}, now=now())
    assert send(vera, order, "close") == 302
    assert (state(order), Case.objects.get().state) == (OrderState.CLOSED, CaseState.CLOSED)
    entry = AuditEntry.objects.get(action="order.closed")
    assert (entry.actor[:5], entry.reason) == ("user:", REASON)
    assert REASON in mailed()[-1], "they were promised to hear from us"


def test_of_a_refund_by_a_decision_its_remedy_tells_alone(order: Order) -> None:
    assert send(at_the_desk(), order, "refund") == 302
    payments.follow_refund(refund_id=Refund.objects.get().pk, now=now())
    assert not operations.notify_refunded(order_id=order.pk, now=now())


def test_the_decision_is_that_of_the_customers_own_request(
    order: Order, seller: Membership
) -> None:
    reconcilers.run(now=now() + HOUR)
    theirs = open_case(order, seller)
    assert send(at_the_desk(), order, "deliver") == 302
    theirs.refresh_from_db()
    assert theirs.state == CaseState.DECIDED
    assert state(order) == OrderState.DELIVERED


def test_a_reason_a_choice_and_a_tick_are_needed(order: Order) -> None:
    vera = at_the_desk()
    address = f"/desk/orders/{order.pk}"
    answer = vera.post(f"{address}/deliver", {"signature": "x"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert all(words in html for words in ("Enter a reason", "Confirm that you have checked"))
    assert vera.get(f"{address}/deliver").status_code == 302
    assert vera.post("/desk/orders/ord_none/deliver", {}).status_code == 404
    assert state(order) == OrderState.REQUIRES_REVIEW


def test_what_moved_since_it_was_shown_is_shown_again(order: Order, sandbox: Sandbox) -> None:
    vera = at_the_desk()
    before = signature(read(vera, f"/desk/orders/{order.pk}"))
    charge_id = Charge.objects.get().processor_charge_id
    sandbox.panel(f"charges/{charge_id}/refund", amount=100)
    assert send(vera, order, "deliver", signature=before) == 409
    assert state(order) == OrderState.REQUIRES_REVIEW


def test_a_second_click_and_a_second_agent_do_nothing_more(order: Order) -> None:
    vera, max_ = at_the_desk(), at_the_desk("Max Example")
    said = {"reason": REASON, "sure": "on"}
    said["signature"] = signature(read(vera, f"/desk/orders/{order.pk}"))
    address = f"/desk/orders/{order.pk}"
    assert vera.post(f"{address}/deliver", said).status_code == 302
    assert vera.post(f"{address}/deliver", said).status_code == 409
    assert max_.post(f"{address}/refund", said).status_code == 409
    assert max_.post(f"{address}/close", said).status_code == 409
    wait_until_decided()
    assert max_.post(f"{address}/refund", said).status_code == 409
    assert DecisionRecord.objects.count() == 1
    assert not Refund.objects.exists()


def test_while_the_processor_is_down_it_is_decided_and_carried_out_later(
    order: Order, sandbox: Sandbox, seller: Membership
) -> None:
    decision = decided_to_deliver(order, REASON)
    sandbox.panel("faults", down=True)
    assert "can’t be reached" in read(at_the_desk(), f"/desk/orders/{order.pk}")
    sandbox.panel("faults", down=False)
    with pytest.raises(operations.DecisionUnderWay):
        operations.confirm_order(
            order_id=order.pk,
            act=ReviewAct.REFUND,
            signature="x",
            reason=REASON,
            user_id=8,
            now=now(),
            machine_clock=now,
        )
    deciding.carry_out(decision_id=decision.pk, now=now())
    assert state(order) == OrderState.DELIVERED
    deciding.carry_out(decision_id=decision.pk, now=now())
    assert ledger.balance(seller.account_id, now()).available == 100


def test_while_the_processor_is_down_an_agent_decides_nothing_and_loses_no_word(
    order: Order, sandbox: Sandbox
) -> None:
    vera, address = at_the_desk(), f"/desk/orders/{order.pk}"
    before = signature(read(vera, address))
    said = {"reason": REASON, "sure": "on", "signature": before}
    sandbox.panel("faults", down=True)
    answer = vera.post(f"{address}/deliver", said)
    sandbox.panel("faults", down=False)
    page = answer.content.decode()
    assert (answer.status_code, REASON in page, signature(page)) == (503, True, before)
    assert not DecisionRecord.objects.exists()
    assert vera.post(f"{address}/deliver", said).status_code == 302


def test_an_order_is_offered_to_be_closed_only_while_none_of_its_money_is_kept(
    order: Order,
) -> None:
    page = read(at_the_desk(), f"/desk/orders/{order.pk}")
    assert "/deliver" in page
    assert "/close" not in page


def test_a_refund_that_was_decided_before_a_delivery_is_not_made_after_it(order: Order) -> None:
    """Two cases, two agents: the one who comes second by the clock of the database fails."""
    vera = at_the_desk()
    assert send(vera, order, "refund") == 302
    Refund.objects.update(state="canceled", settled_at=now())
    RemedyRow.objects.update(state=RemedyState.PLANNED, refund_id="")
    after = now() + 2 * UNDO_TIME
    payments.deliver_held(order_id=order.pk, actor=Actor.user(9), reason=REASON, now=after)
    with without_triggers():
        Charge.objects.update(paid_minor=4680, kept_minor=4680, refunded_minor=0)
    deciding.carry_out(decision_id=DecisionRecord.objects.get().pk, now=now())
    row = RemedyRow.objects.get()
    assert (row.state, row.failure) == (RemedyState.FAILED, "delivered_since")
    assert Refund.objects.count() == 1


def test_a_delivery_that_became_impossible_is_a_failed_remedy_and_a_case_again(
    order: Order, sandbox: Sandbox
) -> None:
    decision = decided_to_deliver(order, REASON)
    sandbox.panel(f"charges/{Charge.objects.get().processor_charge_id}/refund")
    deciding.carry_out(decision_id=decision.pk, now=now())
    row = RemedyRow.objects.get()
    assert (row.state, row.failure) == (RemedyState.FAILED, "nothing_kept")
    assert "couldn’t add" in mailed()[-1]
    assert Case.objects.get().state == CaseState.OPEN
    assert state(order) == OrderState.REQUIRES_REVIEW


def test_a_case_that_was_closed_meanwhile_is_followed_by_another(order: Order) -> None:
    reconcilers.run(now=now() + HOUR)
    case = Case.objects.get()
    operations.close(case_id=case.pk, reason="Nothing.", user_id=7, now=now(), tell=False)
    vera = at_the_desk()
    assert "JM-000001" in read(vera, "/desk"), "the order is still there"
    assert send(vera, order, "deliver") == 302
    assert Case.objects.order_by("number").last().check_subject == f"order:{order.pk}#2"  # type: ignore[union-attr]  # there are two
    assert state(order) == OrderState.DELIVERED


def test_only_staff_may(order: Order, seller: Membership, client: Client) -> None:
    client.force_login(seller.user)
    assert client.post(f"/desk/orders/{order.pk}/deliver").status_code == 404
    assert state(order) == OrderState.REQUIRES_REVIEW


def test_an_order_that_is_fine_shows_no_review(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    assert "This order needs a decision" not in read(at_the_desk(), f"/desk/orders/{order.pk}")
    assert (
        at_the_desk("Max Example")
        .post(
            f"/desk/orders/{order.pk}/close",
            {"reason": REASON, "sure": "on"},
        )
        .status_code
        == 409
    )
