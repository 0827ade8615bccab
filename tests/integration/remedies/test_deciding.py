"""From records to a decision to its remedy, against the database and the sandbox processor."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.catalog import terms as editions
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import OrderState, RefundState
from jewelrymodel.policy.decision import Draft, Outcome, RemedyKind, digest, from_json
from jewelrymodel.policy.rule_evaluation import decide
from jewelrymodel.remedies import operations, queries
from jewelrymodel.remedies.assessments import Assessment, Chosen, RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.statuses import RemedyState
from tests.support.decisions import about
from tests.support.shop import Sandbox, charge_again, now, publish, settle, start

pytestmark = pytest.mark.django_db


def available(order: Order) -> int:
    return ledger.balance(order.account_id, now()).available


def carry(decision: DecisionRecord) -> list[str]:
    operations.carry_out(decision_id=decision.pk, now=now())
    for refund in Refund.objects.all():
        payments.follow_refund(refund_id=refund.pk, now=now())
        operations.settle_refund_remedy(refund_id=refund.pk, now=now())
    return [row.state for row in decision.remedies.all()]


def by_person(found: Assessment, **chosen: object) -> DecisionRecord:
    return operations.decide_by_person(
        request=found.request,
        signature=found.signature,
        now=now(),
        **{"remedies": None, "reason": "", "user_id": 7, **chosen},  # type: ignore[arg-type]  # by name
    )


@pytest.mark.clause("6.1", "8.5")
def test_a_second_charge_of_one_order_is_refunded_by_the_machine(
    sandbox: Sandbox, order: Order
) -> None:
    charge_again(sandbox, order)
    assert Charge.objects.filter(order=order).count() == 2
    decision = operations.decide_by_machine(
        request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
    )
    assert decision.body["cites"] == ["6.1", "8.5"]
    assert carry(decision) == [RemedyState.DONE]
    kept = sorted(Charge.objects.values_list("kept_minor", flat=True))
    assert (kept, available(order)) == ([0, 3900], 100)
    (row,) = decision.remedies.all()
    assert "$39.00 refunded to your card" in queries.remedy_status(row)
    with pytest.raises(operations.NotForAMachine):
        operations.decide_by_machine(
            request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
        )


def test_a_duplicate_that_went_back_is_none_any_more_and_the_other_charge_holds_the_credits(
    sandbox: Sandbox, order: Order
) -> None:
    charge_again(sandbox, order)
    request = about(order, "duplicate")
    carry(operations.decide_by_machine(request=request, actor=Actor.system("test"), now=now()))
    found = operations.assess(request=request, now=now())
    assert found.decision.facts["purchase.duplicate"].value == "none"
    assert found.decision.remedies == ()
    everything = [Chosen(RemedyKind.FULL_REFUND, amount_minor=3900, currency="USD")]
    carry(by_person(found, remedies=everything, reason="Kind."))
    assert [one.kept_minor for one in Charge.objects.all()] == [0, 0]
    assert available(order) == 0, "who has all of the money back has no credits of it"


@pytest.mark.clause("4.5", "8.3")
def test_what_was_paid_and_not_delivered_is_delivered(sandbox: Sandbox, seller: Membership) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = checkout.order
    request = about(order, "undelivered")
    found = operations.assess(request=request, now=now())
    assert (found.decision.outcome, found.decision.cites) == (Outcome.RESTORE, ("4.5", "8.3"))
    decision = operations.decide_by_machine(request=request, actor=Actor.system("test"), now=now())
    assert carry(decision) == [RemedyState.DONE]
    assert available(order) == 100
    with pytest.raises(operations.NotForAMachine):
        operations.decide_by_machine(request=request, actor=Actor.system("test"), now=now())
    assert carry(decision) == [RemedyState.DONE]
    assert available(order) == 100


@pytest.mark.clause("6.2", "8.3")
def test_a_month_that_was_paid_and_did_not_begin_is_begun(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    request = about(checkout.order, "undelivered")
    decision = operations.decide_by_machine(request=request, actor=Actor.system("test"), now=now())
    assert decision.body["cites"] == ["6.2", "8.3"]
    assert carry(decision) == [RemedyState.DONE]
    assert available(checkout.order) == 60
    assert "studio" in ledger.features(seller.account_id, now())


@pytest.mark.clause("4.1", "4.2")
def test_an_unused_package_is_drafted_as_a_denial_and_only_a_person_takes_it(order: Order) -> None:
    found = operations.assess(request=about(order, "unused"), now=now())
    assert (found.decision.outcome, found.decision.draft) == (Outcome.PERSON, Draft.DENIAL)
    assert found.decision.cites == ("2.2", "4.1", "4.2")
    with pytest.raises(operations.NotForAMachine):
        operations.decide_by_machine(request=found.request, actor=Actor.system("test"), now=now())
    with pytest.raises(operations.NothingChosen):
        by_person(found)
    with pytest.raises(operations.NothingChosen):
        by_person(found, remedies=[], reason=" ")
    denial = by_person(found, remedies=[], reason="Delivered, and the policy is clear.")
    assert (denial.denied, denial.remedies.count()) == (True, 0)
    with pytest.raises(IntegrityError, match="only_a_person_denies"), transaction.atomic():
        DecisionRecord.objects.create(
            **{
                field.attname: getattr(denial, field.attname)
                for field in denial._meta.concrete_fields
                if field.attname != "id"
            }
            | {"id": "dec_machine", "decided_by": "system:test"}
        )
    assert AuditEntry.objects.filter(action="decision.denied", actor="user:7").exists()


@pytest.mark.clause("8.4", "8.7")
def test_a_person_may_be_kind_with_a_reason_and_what_they_saw_must_still_hold(order: Order) -> None:
    found = operations.assess(request=about(order, "unused"), now=now())
    kind = [Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=1000, currency="USD")]
    with pytest.raises(operations.FactsMoved):
        operations.decide_by_person(
            request=found.request,
            signature="of-yesterday",
            remedies=kind,
            reason="A good customer.",
            user_id=7,
            now=now(),
        )
    with pytest.raises(payments.RefundTooLarge):
        by_person(
            found,
            remedies=[Chosen(RemedyKind.FULL_REFUND, amount_minor=3901, currency="USD")],
            reason="Too kind.",
        )
    decision = by_person(found, remedies=kind, reason="A good customer.")
    again = operations.assess(request=found.request, now=now())
    with pytest.raises(operations.AlreadyRemedied):  # the first one is still on its way
        by_person(again, remedies=kind, reason="Twice.")
    assert carry(decision) == [RemedyState.DONE]
    assert (Charge.objects.get().refunded_minor, available(order)) == (1000, 100)
    with pytest.raises(operations.FactsMoved):  # who has not seen it can't repeat it
        by_person(found, remedies=kind, reason="Twice.")
    again = operations.assess(request=found.request, now=now())
    assert carry(by_person(again, remedies=kind, reason="Kinder still.")) == [RemedyState.DONE]
    assert Charge.objects.get().refunded_minor == 2000


def test_above_the_machines_limit_a_person_approves_and_above_the_second_two_do(
    sandbox: Sandbox, order: Order, settings: Settings
) -> None:
    charge_again(sandbox, order)
    settings.MACHINE_LIMIT_MINOR, settings.SECOND_APPROVAL_LIMIT_MINOR = 1000, 3000
    found = operations.assess(request=about(order, "duplicate"), now=now())
    assert (found.decision.outcome, found.decision.draft) == (Outcome.PERSON, Draft.APPROVAL)
    decision = by_person(found)
    assert carry(decision) == [RemedyState.PENDING_APPROVAL]
    assert queries.awaiting_second_approval() == [decision]
    with pytest.raises(operations.SecondApproverNeeded):
        operations.give_second_approval(
            decision_id=decision.pk, user_id=7, reason="Me again", now=now()
        )
    operations.give_second_approval(decision_id=decision.pk, user_id=8, reason="Checked", now=now())
    assert carry(decision) == [RemedyState.DONE]


def test_alone_the_second_approval_is_a_waiting_time(
    sandbox: Sandbox, order: Order, settings: Settings
) -> None:
    charge_again(sandbox, order)
    settings.SECOND_APPROVAL_LIMIT_MINOR, settings.SINGLE_OPERATOR = 3000, True
    settings.MACHINE_LIMIT_MINOR = 1000
    decision = by_person(operations.assess(request=about(order, "duplicate"), now=now()))
    with pytest.raises(operations.ApprovalTooEarly):
        operations.give_second_approval(
            decision_id=decision.pk, user_id=7, reason="Alone", now=now()
        )
    later = now() + timedelta(hours=25)
    operations.give_second_approval(decision_id=decision.pk, user_id=7, reason="Alone", now=later)
    assert AuditEntry.objects.filter(action="decision.approved", actor="user:7").exists()
    assert carry(decision) == [RemedyState.DONE]


def test_a_refund_that_fails_later_makes_its_remedy_fail(sandbox: Sandbox, order: Order) -> None:
    charge_again(sandbox, order)
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=2 * 86_400)
    decision = operations.decide_by_machine(
        request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
    )
    assert carry(decision) == [RemedyState.DONE]
    sandbox.panel("clock", offset_s=2 * 86_400 + 60)
    assert carry(decision) == [RemedyState.FAILED]
    (row,) = decision.remedies.all()
    assert "be refunded to your card; we" in queries.remedy_status(row)
    assert Refund.objects.get().state == RefundState.FAILED


def test_a_crash_between_decision_and_refund_is_taken_up_again(
    sandbox: Sandbox, order: Order
) -> None:
    charge_again(sandbox, order)
    decision = operations.decide_by_machine(
        request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
    )
    assert not Refund.objects.exists()
    later = now() + timedelta(minutes=2)
    assert queries.decisions_not_carried_out(before=later) == [decision]
    assert carry(decision) == [RemedyState.DONE]
    assert queries.decisions_not_carried_out(before=later) == []
    assert Refund.objects.count() == 1


def test_a_stored_decision_follows_again_from_its_facts(sandbox: Sandbox, order: Order) -> None:
    charge_again(sandbox, order)
    row = operations.decide_by_machine(
        request=about(order, "duplicate"), actor=Actor.system("test"), now=now()
    )
    stored = from_json(row.body)
    again = decide(
        stored.facts,
        editions.editions(),
        purchased_at=stored.purchased_at,
        requested_at=stored.requested_at,
        pinned_on=stored.pinned_on,
        pinned_sha256=stored.pinned_sha256,
        promised=stored.promised,
    )
    assert digest(again) == row.sha256
    assert (stored.purchased_at, stored.pinned_on) == (
        order.paid_at,
        order.terms_edition.edition_on,
    )
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        DecisionRecord.objects.filter(pk=row.pk).update(reason="Another")


@pytest.mark.clause("10.1")
def test_the_edition_that_an_order_pinned_governs_it_whatever_came_into_force_since(
    order: Order,
) -> None:
    """A renewal long after is still under the text that its subscriber was told of (edge 11)."""
    pinned = order.terms_edition.edition_on
    later = pinned + timedelta(days=1)
    publish(later.isoformat(), ("value = 60\nunit", "value = 9\nunit"))
    decision = operations.assess(request=about(order, "unused"), now=now()).decision
    assert order.paid_at is not None
    assert order.paid_at.date() > later
    assert [one.date for one in decision.editions] == [pinned, later]
    assert decision.purchased_at == order.paid_at


def test_another_accounts_order_is_unknown(order: Order, seller: Membership) -> None:
    with pytest.raises(queries.UnknownSubject):
        operations.assess(
            request=RequestFacts(
                account_id=seller.account_id,
                category="unused",
                subject=Subject(SubjectKind.ORDER, "ord_of_somebody"),
                requested_at=now(),
                identity_level=3,
            ),
            now=now(),
        )


@pytest.mark.clause("6.1")
def test_two_purchases_within_minutes_are_asked_about(sandbox: Sandbox, seller: Membership) -> None:
    orders = []
    for key in ("one-page", "another-page"):
        checkout = start(seller, key=key)
        sandbox.pay(checkout.url)
        orders.append(settle(checkout.order))
    found = operations.assess(request=about(orders[1], "duplicate"), now=now())
    assert found.decision.outcome is Outcome.ASK
    assert "Did you mean to have both" in found.decision.questions[0].text
    first = operations.assess(request=about(orders[0], "duplicate"), now=now())
    assert first.decision.draft is Draft.DENIAL
    assert orders[0].state == OrderState.DELIVERED
