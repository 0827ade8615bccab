"""What was put right is so once, whatever is picked the next time; what is new still counts."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from jewelrymodel.accounts.models import Account, Membership
from jewelrymodel.generation.models import Asset, Photo, Task, TaskItem
from jewelrymodel.generation.statuses import ItemState, Reason
from jewelrymodel.incidents import operations as incidents
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import operations as ledger_operations
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.decision import Draft, Outcome, RemedyKind
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import Chosen, RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.statuses import RemedyState
from tests.support.editions import publish, renamed
from tests.support.generation import NOW, Hands, approved_photo, credits_of, work
from tests.support.generation import order as order_images
from tests.support.shop import Sandbox, charge_again, now, register_terms, settle, start

PICKED = ("failed_task", "style", "pose", "interpretation", "campaign", "other")


@pytest.fixture(params=["shipped", "renamed"])
def wording(request: pytest.FixtureRequest) -> None:
    """The shipped edition, and one in which every rule has another name: both decide alike."""
    register_terms()
    if request.param == "renamed":
        publish(renamed("one"))


@pytest.fixture
def job(photo: Photo, generator: str, hands: Hands, wording: None) -> Task:
    """Two images, made and paid with two of ten credits."""
    return work(order_images(photo, images=2), hands)


def about_job(job: Task, category: str) -> RequestFacts:
    return RequestFacts(
        account_id=job.account_id,
        category=category,
        subject=Subject(SubjectKind.TASK, job.id),
        requested_at=NOW,
        identity_level=3,
    )


def settle_all_grounds(job: Task) -> list[str]:
    """Ask under every category that can be picked; the clauses that were carried out."""
    cited = []
    for category in PICKED:
        request = about_job(job, category)
        try:
            decision = operations.decide_by_machine(
                request=request, actor=Actor.system("test"), now=NOW
            )
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
    found = operations.assess(request=about_job(job, "style"), now=NOW)
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
    found = operations.assess(request=about_job(job, "failed_task"), now=NOW)
    assert (found.decision.outcome, found.decision.draft) == (Outcome.PERSON, Draft.APPROVAL)
    assert "in their own way" in found.decision.internal_text
    assert found.decision.credits == 1, "the one that was given counts"
    assert credits_of(account) == (9, 0)


def test_somebody_who_looked_before_it_was_put_right_cant_put_it_right_again(
    job: Task, account: Account
) -> None:
    Asset.objects.update(fidelity={"passed": False})
    stale = operations.assess(request=about_job(job, "style"), now=NOW)
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
def month(sandbox: Sandbox, seller: Membership, wording: None) -> Order:
    """A month of a plan, paid and delivered."""
    checkout = start(seller, sku="bench")
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def outage(order: Order, *, after_h: int, minutes: int) -> None:
    assert order.period_starts_at is not None
    begun = order.period_starts_at + timedelta(hours=after_h)
    told = {"actor": Actor.system("test"), "reason": "test"}
    incident = incidents.open_incident(
        feature="studio", title="Down", note="", started_at=begun, now=begun, **told
    )
    ended = begun + timedelta(minutes=minutes)
    incidents.close_incident(incident_id=incident.pk, ended_at=ended, now=ended, **told)


def made_good(month: Order, category: str, subject: Subject, after_h: int) -> int:
    """Ask the machine, so long after now; the credits that came."""
    at = now() + timedelta(hours=after_h)
    before = ledger.balance(month.account_id, at).available
    request = RequestFacts(month.account_id, category, subject, at, 3)
    try:
        decision = operations.decide_by_machine(request=request, actor=Actor.system("test"), now=at)
    except operations.NotForAMachine:
        return 0
    operations.carry_out(decision_id=decision.pk, now=at)
    return ledger.balance(month.account_id, at).available - before


@pytest.mark.django_db
@pytest.mark.clause("6.3")
def test_each_minute_of_an_outage_is_made_good_once_under_whatever_ground(month: Order) -> None:
    def given(category: str, after_h: int) -> int:
        return made_good(month, category, Subject(SubjectKind.ORDER, month.pk), after_h)

    outage(month, after_h=1, minutes=600)
    first = given("unused", 12)
    assert first > 0
    assert [given(category, 12) for category in ("outage", "other", "changed_mind")] == [0, 0, 0]
    outage(month, after_h=20, minutes=600)
    assert given("outage", 40) == first
    assert given("other", 40) == 0
    states = DecisionRecord.objects.values_list("remedies__state", flat=True)
    assert list(states) == [RemedyState.DONE] * 2


def spend(month: Order, name: str, *, delivered: bool) -> Task:
    """A job that took two of the month's credits, for an image that is there or isn't."""
    hold = ledger_operations.hold(
        account_id=month.account_id, quantity=2, subject=name, idempotency_key=name, now=now()
    )
    ledger_operations.capture(hold_id=hold.id, quantity=2, idempotency_key=name, now=now())
    task = Task.objects.create(
        id=name,
        account_id=month.account_id,
        photo=approved_photo(month.account),
        generator="hosted",
        status="succeeded",
        cutout_key="cutouts/none",
        kind="pendant",
        size_mm=24,
        edge_px=360,
        credits_charged=2,
        hold_id=hold.id,
        idempotency_key=name,
        credits_held=2,
        created_at=now(),
        finished_at=now(),
    )
    if delivered:
        item = TaskItem.objects.create(
            id=name, task=task, position=0, look_id="any", credits=2, state=ItemState.DELIVERED
        )
        Asset.objects.create(
            id=name,
            account_id=month.account_id,
            item=item,
            image_key=name,
            width_px=1,
            height_px=1,
            fidelity={"passed": True},
            created_at=now(),
        )
    return task


@pytest.mark.django_db
@pytest.mark.clause("6.3")
def test_an_outage_is_made_good_once_though_it_is_asked_about_by_way_of_every_job(
    month: Order, files: Path
) -> None:
    jobs = [spend(month, f"task_of_{n}", delivered=True) for n in range(2)]
    outage(month, after_h=1, minutes=600)
    subjects = [Subject(SubjectKind.TASK, job.pk) for job in jobs]
    subjects.append(Subject(SubjectKind.ORDER, month.pk))
    came = [made_good(month, "outage", subject, 12) for subject in subjects]
    assert came[0] > 0
    assert came[1:] == [0, 0]


@pytest.mark.django_db
@pytest.mark.clause("6.3", "5.3")
def test_an_outage_and_a_job_that_kept_too_much_are_made_good_together_and_each_once(
    month: Order, files: Path
) -> None:
    job = spend(month, "task_of_1", delivered=False)
    outage(month, after_h=1, minutes=600)
    subject = Subject(SubjectKind.TASK, job.pk)
    came = [made_good(month, "failed_task", subject, 12) for _ in range(2)]
    (decision,) = DecisionRecord.objects.all()
    assert decision.body["cites"] == ["5.3", "6.3", "8.1", "8.2"]
    assert came == [2 + decision.remedies.get(kind="replacement_credits").credits, 0]


@pytest.mark.clause("5.3", "10.1")
def test_what_is_on_its_way_under_one_edition_is_not_given_again_under_the_next(
    job: Task, account: Account
) -> None:
    """The next edition has another name for the rule: the same loss is made good once."""
    Asset.objects.update(fidelity={"passed": False})
    request = about_job(job, "failed_task")
    first = operations.decide_by_machine(request=request, actor=Actor.system("test"), now=NOW)
    publish(renamed("two"), on="2026-05-21")
    found = operations.assess(request=request, now=NOW).decision
    assert found.remedies[0].rule_id != first.body["remedies"][0]["rule_id"]
    with pytest.raises(operations.AlreadyRemedied):
        operations.decide_by_machine(request=request, actor=Actor.system("test"), now=NOW)
    operations.carry_out(decision_id=first.pk, now=NOW)
    assert settle_all_grounds(job) == []
    assert credits_of(account) == (10, 0)


@pytest.mark.django_db
@pytest.mark.clause("6.1")
def test_keys_of_before_that_named_rules_go_on_protecting(
    sandbox: Sandbox, seller: Membership
) -> None:
    """As the migration finds them: once done, once on its way, under the names of two editions."""
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    subject = Subject(SubjectKind.ORDER, order.pk)
    request = RequestFacts(order.account_id, "duplicate", subject, now(), 3)
    decision = operations.decide_by_machine(request=request, actor=Actor.system("test"), now=now())
    rule = decision.body["remedies"][0]["rule_id"]
    stem = f"order:{order.pk}:refund"
    rows = {
        "rem_done": (f"{rule}-old:{stem}:0", RemedyState.DONE, 1),
        "rem_failed": (f"{rule}:{stem}:0", RemedyState.FAILED, 2),
        "rem_going": (f"{rule}:{stem}:0", RemedyState.STARTED, 3),
        "rem_kind": (f"chosen:{stem}:0", RemedyState.DONE, 4),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE remedies_remedy DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM remedies_remedy")
        cursor.execute("ALTER TABLE remedies_remedy ENABLE TRIGGER USER")
    for name, (key, state, minute) in rows.items():
        at = now() + timedelta(minutes=minute)
        RemedyRow.objects.create(
            id=name,
            decision=decision,
            once_key=key,
            kind=RemedyKind.FULL_REFUND,
            amount_minor=1900,
            currency="USD",
            state=state,
            created_at=at,
            done_at=at if state == RemedyState.DONE else None,
        )
    migration = import_module("jewelrymodel.remedies.migrations.0004_keys_name_the_loss")
    with connection.schema_editor() as editor:
        migration.rename_keys(apps, editor)
    keys = dict(RemedyRow.objects.values_list("id", "once_key"))
    assert keys == {
        "rem_done": f"charge:{stem}:0",
        "rem_failed": f"charge:{stem}:1",
        "rem_going": f"charge:{stem}:1",
        "rem_kind": f"chosen:{stem}:0",
    }
    with pytest.raises(operations.AlreadyRemedied):
        operations.decide_by_machine(request=request, actor=Actor.system("test"), now=now())
