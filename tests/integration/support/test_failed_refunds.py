"""A refund that a bank sends back days later: its customer hears of it, and it is paid anew."""

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.payments.statuses import RefundState
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries, tasks
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import EntryKind
from tests.support.desk import open_case
from tests.support.refunds import refunds_done
from tests.support.shop import Sandbox, now

pytestmark = pytest.mark.django_db


def refund_all(case: Case) -> DecisionRecord:
    """A person refunds everything, and it is carried out and told as the worker does."""
    request = queries.request_facts(case)
    assert request is not None
    decision = operations.decide_case(
        case_id=case.pk,
        signature=deciding.assess(request=request, now=now()).signature,
        remedies_chosen=[Chosen(RemedyKind.FULL_REFUND, amount_minor=3900, currency="USD")],
        reason="A first purchase.",
        user_id=7,
        now=now(),
    )
    deciding.carry_out(decision_id=decision.pk, now=now())
    settle(decision)
    return decision


def settle(decision: DecisionRecord) -> None:
    refunds_done()
    tasks.notify_remedy(subject_id=decision.pk)


def emailed(case: Case) -> list[str]:
    sent = case.entries.filter(kind=EntryKind.MESSAGE_OUT).order_by("id")
    return list(sent.values_list("text", flat=True))


@pytest.mark.clause("8.5")
def test_its_customer_is_told_has_the_credits_back_and_is_paid_by_a_new_decision(
    sandbox: Sandbox, order: Order, seller: Membership
) -> None:
    case = open_case(order, seller)
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=2 * 86_400)
    first = refund_all(case)
    assert ledger.balance(seller.account_id, now()).available == 0
    sandbox.panel("clock", offset_s=2 * 86_400 + 60)
    settle(first)
    assert "be refunded to your card" in emailed(case)[-1]
    assert "The credits that it took are back" in emailed(case)[-1]
    assert ledger.balance(seller.account_id, now()).available == 100
    case.refresh_from_db()
    assert case.is_open, "a person looks for another way"
    count = len(emailed(case))
    settle(first)
    assert len(emailed(case)) == count, "said once"
    sandbox.panel("clock", offset_s=0)
    refund_all(case)
    assert sorted(Refund.objects.values_list("state", flat=True)) == [
        RefundState.FAILED,
        RefundState.SUCCEEDED,
    ]
    charge = Charge.objects.get()
    assert (charge.kept_minor, charge.refunded_minor) == (0, 3900)
    assert ledger.balance(seller.account_id, now()).available == 0
    assert not ledger.verify()
