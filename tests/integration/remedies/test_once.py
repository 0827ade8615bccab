"""What was put right is so once, whatever is picked the next time; what is new still counts."""

from datetime import timedelta

import pytest

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.generation.models import Asset, Photo, Task, TaskItem
from jewelrymodel.generation.values import ItemState, Reason
from jewelrymodel.incidents import operations as incidents
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.decisions import Draft, Outcome, RemedyKind
from jewelrymodel.remedies import operations, queries
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.remedies.values import Chosen, RemedyState, RequestFacts, Subject, SubjectKind
from tests.integration.generation.world import NOW, Hands, credits_of, work
from tests.integration.generation.world import order as order_images
from tests.integration.payments.shop import Sandbox, now, settle, start

PICKED = ("failed_task", "style", "pose", "interpretation", "campaign", "other")


@pytest.fixture
def job(photo: Photo, generator: str, hands: Hands) -> Task:
    """Two images, made and paid with two of ten credits."""
    return work(order_images(photo, images=2), hands)


def about_job(job: Task, ground: str) -> RequestFacts:
    return RequestFacts(
        account_id=job.account_id,
        ground=ground,
        subject=Subject(SubjectKind.TASK, job.id),
        requested_at=NOW,
        identity_level=3,
    )


def settle_all_grounds(job: Task) -> list[str]:
    """Ask under every ground that can be picked; the clauses that were carried out."""
    cited = []
    for ground in PICKED:
        request = about_job(job, ground)
        try:
            decision = operations.decide_by_machine(request=request, actor="system:test", now=NOW)
        except operations.NotForAMachine:
            continue
        operations.carry_out(decision_id=decision.pk, now=NOW)
        cited += decision.body["cites"]
    return cited


@pytest.mark.clause("5.3", "8.2", "5.2b", "5.2c", "5.2d")
def test_a_broken_image_is_replaced_once_under_whatever_ground(job: Task, account: Account) -> None:
    assert settle_all_grounds(job) == [], "sound images are a matter of taste"
    Asset.objects.update(fidelity={"passed": False})
    assert settle_all_grounds(job) == ["5.3", "8.2"]
    assert credits_of(account) == (10, 0)


@pytest.mark.clause("5.3", "8.1")
def test_what_a_job_took_too_much_comes_back_once_and_a_further_loss_too(
    job: Task, account: Account
) -> None:
    lost = TaskItem.objects.filter(task=job)
    gone = {"state": ItemState.FAILED, "reason_code": Reason.NOT_DELIVERED}
    lost.filter(position=0).update(**gone)
    assert settle_all_grounds(job) == ["5.3", "8.1"]
    assert credits_of(account) == (9, 0)
    lost.update(**gone)
    assert settle_all_grounds(job) == ["5.3", "8.1"]
    assert settle_all_grounds(job) == []
    assert credits_of(account) == (10, 0)


def test_what_a_person_gave_in_their_own_way_is_not_given_again_by_a_machine(
    job: Task, account: Account
) -> None:
    """An agent is kind about the style; then a file turns out to be broken."""
    found = queries.assess(request=about_job(job, "style"), now=NOW)
    decision = operations.decide_by_person(
        request=found.request,
        signature=found.signature,
        remedies=[Chosen(RemedyKind.REPLACEMENT_CREDITS, credits=1)],
        reason="A first job.",
        user_id=7,
        now=NOW,
    )
    operations.carry_out(decision_id=decision.pk, now=NOW)
    Asset.objects.update(fidelity={"passed": False})
    assert settle_all_grounds(job) == []
    found = queries.assess(request=about_job(job, "failed_task"), now=NOW)
    assert (found.decision.outcome, found.decision.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert "in their own way" in found.decision.internal_text
    assert found.decision.credits == 1, "the one that was given counts"
    assert credits_of(account) == (9, 0)


def test_somebody_who_looked_before_it_was_put_right_cant_put_it_right_again(
    job: Task, account: Account
) -> None:
    Asset.objects.update(fidelity={"passed": False})
    stale = queries.assess(request=about_job(job, "style"), now=NOW)
    assert settle_all_grounds(job) == ["5.3", "8.2"]
    with pytest.raises(operations.FactsMoved):
        operations.decide_by_person(
            request=stale.request,
            signature=stale.signature,
            remedies=None,
            reason="",
            user_id=7,
            now=NOW,
        )
    assert credits_of(account) == (10, 0)


@pytest.fixture
def month(sandbox: Sandbox, seller: Membership) -> Order:
    """A month of a plan, paid and delivered."""
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def outage(order: Order, *, after_h: int, minutes: int) -> None:
    assert order.period_starts_at is not None
    begun = order.period_starts_at + timedelta(hours=after_h)
    told = {"actor": "system:test", "reason": "test"}
    incident = incidents.open_incident(
        feature="studio", title="Down", note="", started_at=begun, now=begun, **told
    )
    ended = begun + timedelta(minutes=minutes)
    incidents.close_incident(incident_id=incident.pk, ended_at=ended, now=ended, **told)


@pytest.mark.django_db
@pytest.mark.clause("6.3")
def test_each_minute_of_an_outage_is_made_good_once_under_whatever_ground(month: Order) -> None:
    def given(ground: str, after_h: int) -> int:
        at = now() + timedelta(hours=after_h)
        before = ledger.balance(month.account_id, at).available
        request = RequestFacts(
            account_id=month.account_id,
            ground=ground,
            subject=Subject(SubjectKind.ORDER, month.pk),
            requested_at=at,
            identity_level=3,
        )
        try:
            decision = operations.decide_by_machine(request=request, actor="system:test", now=at)
        except operations.NotForAMachine:
            return 0
        operations.carry_out(decision_id=decision.pk, now=at)
        return ledger.balance(month.account_id, at).available - before

    outage(month, after_h=1, minutes=600)
    first = given("unused", 12)
    assert first > 0
    assert [given(ground, 12) for ground in ("outage", "other", "changed_mind")] == [0, 0, 0]
    outage(month, after_h=20, minutes=600)
    assert given("outage", 40) == first
    assert given("other", 40) == 0
    states = DecisionRecord.objects.values_list("remedies__state", flat=True)
    assert list(states) == [RemedyState.DONE] * 2
