"""What a merge would spoil is refused: who may read it, who is answered, what it is about."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.accounts.roles import Role
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Attachment, Case, CaseEntry
from jewelrymodel.support.operations import CannotMerge, MergeRefusal, Opening
from jewelrymodel.support.statuses import CaseState, Channel
from tests.support.desk import open_case, read
from tests.support.shop import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(seller: Membership) -> Membership:
    user = User.objects.create_user("member@rings.example")
    return Membership.objects.create(
        account=seller.account, user=user, role=Role.MEMBER, joined_at=now()
    )


def ask(by: Membership, category: str = "other", subject: Subject | None = None) -> Case:
    return operations.open_case(
        opening=Opening(
            account_id=by.account_id,
            email=by.user.email,
            identity_level=3,
            channel=Channel.FORM,
            category=category,
            subject=subject or Subject(SubjectKind.ACCOUNT, ""),
            explanation="Please help me.",
        ),
        now=now(),
    )


def merge(case: Case, into: Case) -> None:
    user_id = User.objects.get(first_name="Vera").pk
    operations.merge_cases(case_id=case.pk, into_id=into.pk, user_id=user_id, now=now())


def refused(case: Case, into: Case) -> str:
    with pytest.raises(CannotMerge) as refusal:
        merge(case, into)
    return refusal.value.code


def test_what_is_about_money_is_not_merged_with_what_all_may_read(
    vera: Client, case: Case, seller: Membership
) -> None:
    general = ask(seller)
    assert refused(case, general) == MergeRefusal.MONEY
    assert refused(general, case) == MergeRefusal.MONEY
    answer = vera.post(f"/desk/cases/{case.pk}/merge", {"into": general.pk}, follow=True)
    assert "is about a payment, and not everyone" in answer.content.decode()
    general.refresh_from_db()
    assert (general.state, general.category) == (CaseState.OPEN, "other")


def test_a_merged_request_about_money_stays_who_pays_for_at_every_address(
    vera: Client, client: Client, case: Case, seller: Membership, member: Membership
) -> None:
    """An agent corrects afterwards what the request is about that the other was merged into."""
    entry = CaseEntry.objects.get(case=case, kind="message_in")
    Attachment.objects.create(
        id="pic_x", entry=entry, name="x.png", key="x.png", sha256="0" * 64, width_px=1, height_px=1
    )
    into = ask(seller, "unused", Subject(SubjectKind.ORDER, case.subject_id))
    merge(case, into)
    Case.objects.filter(pk=into.pk).update(category="other", subject_kind="account", subject_id="")
    client.force_login(member.user)
    assert "I did not use it." not in read(client, f"/requests/{into.pk}")
    for page in (f"messages/{entry.pk}", "pictures/pic_x"):
        assert client.get(f"/requests/{into.pk}/{page}").status_code == 403
    client.force_login(seller.user)
    assert client.get(f"/requests/{into.pk}/messages/{entry.pk}").status_code == 200


def test_what_two_people_of_an_account_wrote_is_not_merged(
    vera: Client, seller: Membership, member: Membership
) -> None:
    """Our answers go to one address: the other person would wait for them."""
    by_member, by_seller = ask(member), ask(seller)
    assert refused(by_member, by_seller) == MergeRefusal.OTHER_WRITER
    assert queries.others_of_customer(by_member, limit=9) == []
    second = ask(member)
    assert queries.others_of_customer(by_member, limit=9) == [second]
    assert "same email address" in read(vera, f"/desk/cases/{by_member.pk}")


def test_requests_about_different_things_are_not_merged(
    vera: Client, order: Order, case: Case, seller: Membership
) -> None:
    """One decision is about one thing: the other thing would be answered by none."""
    third = open_case(order, seller)
    Case.objects.filter(pk=third.pk).update(subject_id="ord_other")
    assert refused(third, case) == MergeRefusal.OTHER_SUBJECT
    Case.objects.filter(pk=third.pk).update(subject_id="")
    merge(third, case)


def test_a_merged_requests_generation_stays_undecided_with_the_other(
    vera: Client, seller: Membership
) -> None:
    """Its files stay while a person has still to decide, whatever an agent corrects meanwhile."""
    case = ask(seller, "style", Subject(SubjectKind.TASK, "task_1"))
    into = ask(seller, "style", Subject(SubjectKind.TASK, "task_1"))
    merge(case, into)
    Case.objects.filter(pk=into.pk).update(subject_id="task_2")
    both = ["task_1", "task_2"]
    assert queries.undecided_tasks(task_ids=both) == set(both)
    operations.withdraw(account_id=seller.account_id, case_id=into.pk, now=now())
    assert queries.undecided_tasks(task_ids=both) == set()


def test_what_a_ground_is_about_already_is_not_taken_over_as_the_first(
    vera: Client, order: Order, case: Case, seller: Membership
) -> None:
    """What is about nothing becomes what the other is about: here that is its second ground."""
    into, user_id = ask(seller, "unused"), User.objects.get(first_name="Vera").pk
    about = Subject(SubjectKind.ORDER, order.pk)
    operations.add_ground(
        case_id=into.pk,
        category=case.category,
        subject=about,
        verified_records=(),
        user_id=user_id,
        now=now(),
    )
    assert refused(case, into) == MergeRefusal.OTHER_SUBJECT
    ground = into.further_grounds.get()
    operations.remove_ground(case_id=into.pk, ground_id=ground.pk, user_id=user_id, now=now())
    merge(case, into)
    into.refresh_from_db()
    assert into.subject_id == order.pk
