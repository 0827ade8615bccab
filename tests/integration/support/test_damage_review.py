"""A request about visibly damaged images: claimed, seen by a person, made good once or declined."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jewelrymodel.accounts.models import Account
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.generation.models import Photo, Task
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.studio.image_check_record import CHECK_VERSION
from jewelrymodel.support import operations, queries
from jewelrymodel.support.categories import DamageKind
from jewelrymodel.support.models import Case, DamageReport
from jewelrymodel.support.operations import DamageClaim
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import CaseState, DamageVerdict
from tests.support import generation as world
from tests.support.damage import claim, image, report
from tests.support.generation import NOW, books_balance, credits_of
from tests.support.shop import register_terms

VERA = 7
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def job(photo: Photo, generator: str, hands: world.Hands) -> Task:
    """Three images, made and paid with three of ten credits."""
    register_terms()
    return world.work(world.order(photo, images=3), hands)


def review(
    case: Case, job: Task, *, reason: str = "", by: int = VERA, **seen: bool
) -> DecisionRecord | None:
    """What a person says of images, by position: ``_1=True`` is damaged."""
    damaged = {image(job, int(name[1:])).pk: said for name, said in seen.items()}
    return operations.review_damage(
        case_id=case.pk, damaged=damaged, reason=reason, user_id=by, now=LATER
    )


def carried_out(decision: DecisionRecord | None) -> DecisionRecord:
    assert decision is not None
    deciding.carry_out(decision_id=decision.pk, now=LATER)
    return decision


def verdicts() -> list[str]:
    return list(
        DamageReport.objects.order_by("image__item__position").values_list("verdict", flat=True)
    )


def letter(case: Case) -> str:
    """The last that was written to the customer."""
    return queries.entries(case_id=case.pk, internal=False)[-1].text


@pytest.mark.clause("7.6", "5.3")
def test_a_claim_is_kept_with_its_mark_and_waits_for_a_person(job: Task) -> None:
    case = report(job, claim(job, 1), claim(job, 2, mark=None))
    one, two = DamageReport.objects.order_by("pk")
    assert (one.mark_x, one.mark_y, one.kind) == (400, 600, DamageKind.LOST_PART)
    assert (two.mark_x, two.mark_y) == (None, None)
    assert verdicts() == [DamageVerdict.OPEN] * 2
    assert one.consented_at is None, "nobody consents by not saying no"
    assert case.due_at == business_days.due_at(NOW, 3)
    assert [one.number for one in queries.reported_images(case)] == [2, 3]
    assert [one.number for one in queries.images_to_review(case)] == [1, 2, 3]


@pytest.mark.clause("5.3", "8.1", "8.7")
def test_a_confirmed_image_gives_its_credits_back_exactly_once(job: Task, account: Account) -> None:
    case = report(job, claim(job, 1), claim(job, 2))
    decision = carried_out(review(case, job, _1=True, _2=False))
    assert credits_of(account) == (8, 0)
    assert verdicts() == [DamageVerdict.CONFIRMED, DamageVerdict.NOT_FOUND]
    case.refresh_from_db()
    assert (case.state, case.decision_id) == (CaseState.DECIDED, decision.pk)
    with pytest.raises(operations.CaseOver):
        review(case, job, _1=True, _2=False)
    again = report(job, claim(job, 1))
    assert review(again, job, _1=True) is None, "it was made good before"
    again.refresh_from_db()
    assert again.state == CaseState.OPEN, "which a person says in words"
    assert (credits_of(account), RemedyRow.objects.count()) == ((8, 0), 1)
    assert books_balance()


@pytest.mark.clause("5.3")
def test_the_letter_says_what_was_seen_and_how_often_the_check_is_wrong(job: Task) -> None:
    case = report(job, claim(job, 1), claim(job, 2))
    review(case, job, _1=True, _2=False)
    text = letter(case)
    assert "Image 2: we confirmed visible damage.\nImage 3: we found no visible damage." in text
    assert CHECK_VERSION in text
    assert "planted damages" in text


@pytest.mark.clause("5.3", "6.5")
def test_only_a_person_declines_and_says_why(job: Task, account: Account) -> None:
    case = report(job, claim(job, 0))
    with pytest.raises(deciding.NothingChosen):
        review(case, job, _0=False)
    assert verdicts() == [DamageVerdict.OPEN], "nothing was written down"
    decision = review(case, job, _0=False, reason="The prong is there, in the shade.")
    assert decision is not None
    assert (decision.denied, decision.decided_by) == (True, f"user:{VERA}")
    assert credits_of(account) == (7, 0)
    text = letter(case)
    assert "in the shade" in text
    assert "never decides against you" in text
    operations.receive_message(case_id=case.pk, text="Look again, please.", now=LATER)
    with pytest.raises(operations.SamePerson):
        review(case, job, _0=True)
    assert review(case, job, by=VERA + 1, _0=True) is not None, "another person sees it"
    assert verdicts() == [DamageVerdict.CONFIRMED]


def test_every_reported_image_needs_an_answer_and_only_those_of_the_generation_have_one(
    job: Task, photo: Photo, hands: world.Hands
) -> None:
    other = world.work(world.order(photo, key="k2"), hands)
    case = report(job, claim(job, 0), claim(job, 1))
    with pytest.raises(operations.ReviewIncomplete):
        review(case, job, _0=True)
    with pytest.raises(operations.ReviewIncomplete):
        review(case, job)
    with pytest.raises(operations.NotItsImage):
        operations.review_damage(
            case_id=case.pk, damaged={image(other, 0).pk: True}, reason="", user_id=7, now=LATER
        )
    with pytest.raises(operations.NotItsImage):
        report(job, DamageClaim(image(other, 0).pk, DamageKind.OTHER))
    assert not image(other, 0).damage_confirmed_at


def test_an_image_that_only_an_email_described_is_reviewed_too(job: Task) -> None:
    case = report(job)
    assert review(case, job, _2=True) is not None
    row = DamageReport.objects.get()
    assert (row.kind, row.verdict, row.consented_at) == (DamageKind.OTHER, "confirmed", None)


def test_what_was_confirmed_once_stays_so(job: Task) -> None:
    first = report(job, claim(job, 0))
    carried_out(review(first, job, _0=True))
    second = report(job, claim(job, 0), claim(job, 1))
    assert review(second, job, _0=False, _1=False) is None
    assert DamageReport.objects.get(case=second, image=image(job, 0)).verdict == "confirmed"
    assert image(job, 0).damage_confirmed_at is not None


def test_while_a_first_image_is_being_made_good_a_second_one_waits(job: Task) -> None:
    """Both are one loss of the generation: its key lives once, until it is carried out."""
    first, second = report(job, claim(job, 0)), report(job, claim(job, 1))
    decision = review(first, job, _0=True)
    with pytest.raises(operations.RemedyUnderWay):
        review(second, job, _1=True)
    assert image(job, 1).damage_confirmed_at is None
    carried_out(decision)
    assert review(second, job, _1=True) is not None


def test_a_free_image_is_confirmed_without_credits(job: Task, account: Account) -> None:
    job.items.filter(position=0).update(late=True, credits=0)
    job.items.filter(position=1).update(credits=2)
    case = report(job, claim(job, 0))
    assert review(case, job, _0=True) is None
    assert image(job, 0).damage_confirmed_at is not None
    assert credits_of(account) == (7, 0)


def test_of_an_unknown_sender_nothing_is_reviewed(job: Task) -> None:
    case = report(job, account_id=None, identity_level=0)
    assert queries.images_to_review(case) == []
    with pytest.raises(operations.SenderUnconfirmed):
        review(case, job, _0=True)


def test_a_consent_is_given_and_ends_when_its_seller_says_so(job: Task) -> None:
    case = report(job, claim(job, 0), consents=True)
    assert queries.consented_examples() == [], "nobody has confirmed it"
    review(case, job, _0=True)
    assert len(queries.consented_examples()) == 1
    said = {"account_id": job.account_id, "case_id": case.pk, "user_id": 4, "now": LATER}
    operations.set_example_consent(**said, consents=False)
    assert queries.consented_examples() == []
    operations.set_example_consent(**said, consents=True)
    assert len(queries.consented_examples()) == 1
    actions = AuditEntry.objects.filter(subject=f"case:{case.pk}").values_list("action", flat=True)
    assert "case.example_consent_withdrawn" in actions
    stranger = world.seller("stranger")
    with pytest.raises(Case.DoesNotExist):
        operations.set_example_consent(**{**said, "account_id": stranger.pk}, consents=False)


@pytest.mark.parametrize(
    "values",
    [
        {"mark_x": 1001, "mark_y": 4},
        {"mark_x": 4, "mark_y": None},
        {"verdict": "confirmed", "reviewed_by": "system:check", "reviewed_at": NOW},
        {"verdict": "not_found"},
        {"kind": "unsaid"},
    ],
)
def test_the_database_refuses_what_no_person_said(job: Task, values: dict[str, object]) -> None:
    report(job, claim(job, 0))
    with pytest.raises(IntegrityError), transaction.atomic():
        DamageReport.objects.update(**values)
