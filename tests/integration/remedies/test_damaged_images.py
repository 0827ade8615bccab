"""What a person confirmed as damaged is owed, once; and what the check was worth is kept."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation.models import Asset, Photo, Task
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.decision import Outcome, RemedyKind, canonical, from_json
from jewelrymodel.policy.decision_proof import prove
from jewelrymodel.policy.facts import Value
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import Assessment, RequestFacts, Subject, SubjectKind
from jewelrymodel.studio.image_check_record import CHECK_VERSION, miss_rate
from tests.support import generation as world
from tests.support.generation import NOW, credits_of
from tests.support.shipped_edition import edition
from tests.support.shop import register_terms

VERA = 7
MACHINE = Actor.system("test")


@pytest.fixture
def job(photo: Photo, generator: str, hands: world.Hands) -> Task:
    """Three images of a hosted generator, made and paid with three of ten credits."""
    register_terms()
    return world.work(world.order(photo, images=3), hands)


def about(job: Task, category: str = "visibly_broken") -> RequestFacts:
    return RequestFacts(
        job.account_id, category, Subject(SubjectKind.TASK, job.pk), NOW, identity_level=3
    )


def assessed(job: Task, category: str = "visibly_broken") -> Assessment:
    return operations.assess(request=about(job, category), now=NOW)


def facts(job: Task) -> dict[str, Value]:
    return {name: fact.value for name, fact in assessed(job).decision.facts.items()}


def confirm(job: Task, *positions: int) -> None:
    ids = Asset.objects.filter(item__task=job, item__position__in=positions)
    generation.confirm_damage(
        account_id=job.account_id,
        asset_ids=list(ids.values_list("pk", flat=True)),
        user_id=VERA,
        reason="A prong is gone.",
        now=NOW,
    )


def test_a_decision_keeps_the_check_s_version_and_how_often_that_missed(job: Task) -> None:
    rate = miss_rate(own_look=False)
    assert rate is not None
    known = facts(job)
    assert known["task.sound"] is True
    assert known["task.check_version"] == CHECK_VERSION
    assert known["task.check_planted_damages"] == rate.pictures
    assert known["task.check_missed_damages"] == rate.wrong


def test_the_rate_is_that_of_our_own_looks_where_we_made_the_image(job: Task) -> None:
    Asset.objects.filter(item__task=job).update(generator=GeneratorName.EMBEDDED)
    rate = miss_rate()
    assert rate is not None
    assert facts(job)["task.check_missed_damages"] == rate.wrong
    Asset.objects.filter(item__task=job, item__position=1).update(generator=GeneratorName.HOSTED)
    worst = miss_rate(own_look=False)
    assert worst is not None
    assert facts(job)["task.check_missed_damages"] == worst.wrong, "the worst of them counts"


def test_of_an_image_from_before_the_record_only_that_is_said(job: Task) -> None:
    images = Asset.objects.filter(item__task=job)
    images.update(check_version="unknown")
    known = facts(job)
    assert known["task.check_version"] == "unknown"
    assert "task.check_missed_damages" not in known
    assert "task.check_planted_damages" not in known
    images.filter(item__position=0).update(check_version=CHECK_VERSION)
    known = facts(job)
    assert known["task.check_version"] == f"{CHECK_VERSION} + unknown"
    assert "task.check_missed_damages" in known


def test_of_a_generation_without_images_the_check_says_nothing(
    photo: Photo, generator: str, hands: world.Hands
) -> None:
    register_terms()
    known = facts(world.work(world.order(photo, behaviour="fail"), hands))
    assert "task.check_version" not in known
    assert known["task.damaged_images"] == 0


@pytest.mark.clause("5.3")
def test_before_a_person_confirms_it_a_claim_gives_nothing_and_denies_nothing(job: Task) -> None:
    decision = assessed(job).decision
    assert (decision.outcome, decision.draft.value, decision.remedies) == (
        Outcome.PERSON,
        "none",
        (),
    )
    with pytest.raises(operations.NotForAMachine):
        operations.decide_by_machine(request=about(job), actor=MACHINE, now=NOW)


@pytest.mark.clause("5.3", "8.1")
def test_a_confirmed_image_was_not_delivered_and_its_credits_come_back_once(job: Task) -> None:
    confirm(job, 1)
    known = facts(job)
    assert (known["task.delivered_images"], known["task.damaged_images"]) == (2, 1)
    assert known["task.owed_credits"] == 1
    found = assessed(job)
    (remedy,) = found.decision.remedies
    assert (remedy.kind, remedy.credits) == (RemedyKind.RESTORED_CREDITS, 1)
    row = operations.decide_by_person(
        request=about(job), signature=found.signature, remedies=None, reason="", user_id=7, now=NOW
    )
    operations.carry_out(decision_id=row.pk, now=NOW)
    assert row.category == "visibly_broken"
    assert credits_of(job.account) == (8, 0)
    assert assessed(job).decision.remedies == (), "it is owed once"
    assert assessed(job, "failed_task").decision.remedies == ()
    confirm(job, 1, 2)
    assert facts(job)["task.owed_credits"] == 1, "a second image is a loss of its own"
    assert Asset.objects.filter(damage_confirmed_at__isnull=False).count() == 2


@pytest.mark.clause("5.3")
def test_an_image_that_came_free_is_confirmed_and_owes_nothing(job: Task) -> None:
    job.items.filter(position=0).update(late=True)
    before = facts(job)["task.owed_credits"]
    confirm(job, 0)
    assert facts(job)["task.owed_credits"] == before


def test_the_kept_file_proves_itself_with_the_check_s_record_in_it(job: Task) -> None:
    confirm(job, 0)
    found = assessed(job)
    row = operations.decide_by_person(
        request=about(job), signature=found.signature, remedies=None, reason="", user_id=7, now=NOW
    )
    proof = prove(canonical(row.body), (edition(),), sha256=row.sha256)
    assert proof.decision.facts["task.check_version"].value == CHECK_VERSION
    assert proof.decision.facts["task.damaged_images"].value == 1
    assert from_json(row.body) == proof.decision


def test_who_confirmed_what_is_audited_and_said_again_changes_nothing(job: Task) -> None:
    confirm(job, 0)
    first = Asset.objects.get(item__task=job, item__position=0).damage_confirmed_at
    generation.confirm_damage(
        account_id=job.account_id,
        asset_ids=[Asset.objects.get(item__task=job, item__position=0).pk],
        user_id=8,
        reason="again",
        now=NOW + timedelta(days=1),
    )
    entries = AuditEntry.objects.filter(action="image.damage_confirmed")
    assert entries.get().actor == str(Actor.user(VERA))
    assert Asset.objects.get(item__task=job, item__position=0).damage_confirmed_at == first


@pytest.mark.parametrize("later", [None, NOW + timedelta(days=1)])
def test_the_database_keeps_what_was_confirmed(job: Task, later: datetime | None) -> None:
    confirm(job, 0)
    images = Asset.objects.filter(item__task=job, item__position=0)
    images.update(favorite_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        images.update(damage_confirmed_at=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        images.update(check_version="")


def test_nobody_confirms_damage_in_another_account_s_image(job: Task) -> None:
    other = world.seller("other")
    confirmed = generation.confirm_damage(
        account_id=other.pk,
        asset_ids=list(Asset.objects.values_list("pk", flat=True)),
        user_id=VERA,
        reason="",
        now=NOW,
    )
    assert confirmed == []
    assert not Asset.objects.filter(damage_confirmed_at__isnull=False).exists()
