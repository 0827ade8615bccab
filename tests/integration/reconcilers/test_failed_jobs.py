"""A job keeps no credits for what it did not deliver: noticed, put back once, cheaply watched."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Account, Membership, User
from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Photo, Task, TaskItem
from jewelrymodel.generation.statuses import ItemState, Reason, TaskStatus
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import Chosen, RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, ReconcilerRun
from jewelrymodel.support.statuses import CaseState, Channel
from tests.support import generation as world
from tests.support.generation import NOW, Hands, books_balance, credits_of, order, work

CHECK = "failed_not_restored"
LATER = NOW + timedelta(minutes=10)
GONE = {"state": ItemState.FAILED, "reason_code": Reason.NOT_DELIVERED}


@pytest.fixture
def job(photo: Photo, generator: str, hands: Hands) -> Task:
    """Two images, made and paid with two of ten credits."""
    return work(order(photo, images=2), hands)


def lose(job: Task, position: int = 0) -> None:
    TaskItem.objects.filter(task=job, position=position).update(**GONE)


def counts() -> tuple[int, int, int, int]:
    """What the last run found, and what was found, mended, and waits for a person, ever."""
    row = ReconcilerRun.objects.get(pk=CHECK)
    return row.looked_at, row.found_ever, row.mended_ever, row.open_now


def test_a_job_that_delivered_what_it_took_is_no_broken_promise(job: Task) -> None:
    assert reconcilers.run(now=LATER)[CHECK] == 0
    assert counts() == (0, 0, 0, 0)
    assert not Case.objects.exists()


@pytest.mark.clause("5.3", "8.1")
@pytest.mark.parametrize("now_is", [GONE, {"late": True}], ids=["not delivered", "late, so free"])
def test_what_a_job_charged_and_did_not_deliver_comes_back_once(
    job: Task, account: Account, now_is: dict[str, object]
) -> None:
    TaskItem.objects.filter(task=job, position=0).update(**now_is)
    assert reconcilers.run(now=LATER)[CHECK] == 1
    assert credits_of(account) == (9, 0)
    case = Case.objects.get()
    assert (case.channel, case.category, case.state) == (
        Channel.MACHINE,
        Category.FAILED_TASK,
        CaseState.DECIDED,
    )
    assert (case.subject_id, case.email) == (job.pk, "ringmaker@shop.example")
    assert DecisionRecord.objects.get(pk=case.decision_id).body["cites"] == ["5.3", "8.1"]
    assert counts() == (1, 1, 1, 0)
    assert reconcilers.run(now=LATER + timedelta(minutes=2))[CHECK] == 0
    assert counts() == (0, 1, 1, 0), "what was given back isn't found again for ever"
    assert credits_of(account) == (9, 0)
    assert books_balance()


@pytest.mark.clause("5.3", "8.1")
def test_a_further_loss_of_the_same_job_is_mended_too(job: Task, account: Account) -> None:
    for position, run in enumerate((LATER, LATER + timedelta(hours=1))):
        lose(job, position)
        assert reconcilers.run(now=run)[CHECK] == 1
        assert reconcilers.run(now=run + timedelta(minutes=2))[CHECK] == 0
    assert credits_of(account) == (10, 0)
    keys = Case.objects.order_by("number").values_list("check_subject", flat=True)
    assert list(keys) == [f"task:{job.pk}", f"task:{job.pk}#2"]
    assert counts() == (0, 2, 2, 0)
    assert books_balance()


def test_a_check_that_has_not_run_for_long_says_so(account: Account) -> None:
    watched = {check.name: check for check in reconcilers.CHECKS}
    reconcilers.run(now=LATER)
    row = ReconcilerRun.objects.get(pk=CHECK)
    assert not reconcilers.is_late(watched[CHECK], row, now=LATER + timedelta(minutes=9))
    assert reconcilers.is_late(watched[CHECK], row, now=LATER + timedelta(minutes=11))
    assert reconcilers.is_late(watched[CHECK], None, now=LATER)
    hourly = watched["processor_and_ledger_disagree"]
    assert not reconcilers.is_late(hourly, row, now=LATER + timedelta(minutes=65))


@pytest.mark.clause("5.3")
def test_a_hold_that_outlived_its_job_is_released(photo: Photo, account: Account) -> None:
    job = order(photo, images=2)
    assert reconcilers.run(now=LATER)[CHECK] == 0, "a job that is under way may hold"
    Task.objects.filter(pk=job.pk).update(
        status=TaskStatus.FAILED,
        reason_code=Reason.WORKER_LOST,
        credits_charged=0,
        finished_at=NOW,
    )
    assert credits_of(account) == (8, 2)
    assert reconcilers.run(now=NOW + timedelta(minutes=4))[CHECK] == 0, "it may just be ending"
    assert reconcilers.run(now=LATER)[CHECK] == 1
    assert credits_of(account) == (10, 0)
    assert reconcilers.run(now=LATER + timedelta(minutes=2))[CHECK] == 0
    assert counts() == (0, 1, 1, 0)
    assert books_balance()


def decide_on_one(job: Task) -> DecisionRecord:
    """An agent decides on a credit in their own way, because of the style."""
    request = RequestFacts(
        account_id=job.account_id,
        category=Category.STYLE,
        subject=Subject(SubjectKind.TASK, job.pk),
        requested_at=NOW,
        identity_level=3,
    )
    return deciding.decide_by_person(
        request=request,
        signature=deciding.assess(request=request, now=NOW).signature,
        remedies=[Chosen(RemedyKind.REPLACEMENT_CREDITS, credits=1)],
        reason="A first job.",
        user_id=7,
        now=NOW,
    )


def give_one(job: Task) -> None:
    deciding.carry_out(decision_id=decide_on_one(job).pk, now=NOW)


@pytest.mark.clause("5.3")
def test_what_a_person_gave_for_it_before_counts_and_only_for_that_job(
    job: Task, photo: Photo, hands: Hands, account: Account
) -> None:
    other = work(order(photo, key="k2"), hands)
    give_one(job)
    lose(job)
    assert reconcilers.run(now=LATER)[CHECK] == 0
    assert counts() == (0, 0, 0, 0)
    lose(other)
    assert reconcilers.run(now=LATER)[CHECK] == 1
    assert Case.objects.get().subject_id == other.pk
    lose(job, position=1)
    assert reconcilers.run(now=LATER)[CHECK] == 1, "more is gone than was given"


def test_what_is_decided_and_not_yet_carried_out_gave_nothing(job: Task, account: Account) -> None:
    decision = decide_on_one(job)
    lose(job)
    assert reconcilers.run(now=LATER)[CHECK] == 1
    assert counts() == (1, 1, 0, 1), "a person sees both"
    assert credits_of(account) == (8, 0)
    deciding.carry_out(decision_id=decision.pk, now=LATER)
    assert reconcilers.run(now=LATER)[CHECK] == 0
    assert counts() == (0, 1, 0, 1)
    assert credits_of(account) == (9, 0)


def test_a_case_goes_to_the_oldest_member_of_its_own_account(
    job: Task, photo: Photo, hands: Hands, account: Account
) -> None:
    younger = User.objects.create_user(email="a-clerk@shop.example")
    Membership.objects.create(
        account=account, user=younger, role="member", joined_at=NOW + timedelta(hours=-1)
    )
    Membership.objects.exclude(user=younger).update(joined_at=NOW - timedelta(days=1))
    theirs = world.approve(world.approved_photo(world.seller("pendants")))
    lose(work(order(theirs), hands))
    lose(job)
    assert reconcilers.run(now=LATER)[CHECK] == 2
    to = dict(Case.objects.values_list("account_id", "email"))
    assert to == {
        account.pk: "ringmaker@shop.example",
        theirs.account_id: "pendants@shop.example",
    }


def queries_of_the_check() -> tuple[int, int]:
    """How many queries it takes to look, and how many jobs are found to owe."""
    (check,) = (one for one in reconcilers.CHECKS if one.name == CHECK)
    with CaptureQueriesContext(connection) as seen:
        found = list(check.find(LATER))
    return len(seen), len(found)


def test_five_jobs_take_as_many_queries_as_one(photo: Photo, generator: str, hands: Hands) -> None:
    """It runs every two minutes over a month of jobs: whole, owing, or put right by somebody."""
    seen = []
    for jobs in (1, 5):
        made = [work(order(photo, key=f"{jobs}-{n}"), hands) for n in range(jobs)]
        Task.objects.exclude(pk__in=[one.pk for one in made]).update(
            finished_at=NOW - timedelta(days=60)
        )
        whole = queries_of_the_check()
        TaskItem.objects.filter(task__in=made).update(**GONE)
        owing = queries_of_the_check()
        for one in made:
            give_one(one)
        put_right = queries_of_the_check()
        assert (whole[1], owing[1], put_right[1]) == (0, jobs, 0)
        seen.append((whole[0], owing[0], put_right[0]))
    assert seen[0] == seen[1]


def test_only_suspects_leave_the_database(
    photo: Photo, generator: str, hands: Hands, account: Account
) -> None:
    made = [work(order(photo, key=f"k{n}"), hands) for n in range(3)]
    month = {"since": NOW - timedelta(days=30), "before": LATER}
    assert queries.ended_owing(**month) == []
    lose(made[1])
    (suspect,) = queries.ended_owing(**month)
    assert suspect == queries.Ended(made[1].pk, account.pk, made[1].hold_id, held=1, delivered=0)


def test_one_job_that_can_not_be_mended_leaves_the_others_none_the_worse(
    job: Task,
    photo: Photo,
    hands: Hands,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = work(order(photo, key="k2"), hands)
    lose(job)
    lose(other)
    settle_at_once = operations.settle_at_once

    def trip(*, opening: operations.Opening, **rest: object) -> Case:
        if opening.subject.id == job.pk:
            raise ZeroDivisionError
        return settle_at_once(opening=opening, **rest)

    with monkeypatch.context() as broken:
        broken.setattr(operations, "settle_at_once", trip)
        assert reconcilers.run(now=LATER)[CHECK] == 2
    assert Case.objects.get().subject_id == other.pk
    assert counts() == (2, 1, 1, 0)
    (told,) = (one for one in caplog.records if one.exc_info)
    assert told.getMessage() == f"check {CHECK} could not mend task:{job.pk}"
    assert reconcilers.run(now=LATER)[CHECK] == 1, "the next run tries again"
    assert counts() == (1, 2, 2, 0)
    assert credits_of(account) == (9, 0)
