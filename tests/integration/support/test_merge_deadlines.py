"""A merge and its split keep what was promised, say once that we are late, and forget no date."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.payments.models import Order
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations import CannotMerge, MergeRefusal
from jewelrymodel.support.statuses import CaseState
from tests.support.desk import open_case
from tests.support.shop import now

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def other(order: Order, seller: Membership, case: Case, vera: Client) -> Case:
    return open_case(order, seller)


def vera_id() -> int:
    return User.objects.get(first_name="Vera").pk


def age(case: Case, *, opened: datetime, due: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(opened_at=opened, due_at=due)


def merge(case: Case, into: Case) -> None:
    operations.merge_cases(case_id=case.pk, into_id=into.pk, user_id=vera_id(), now=now())


def split(case: Case, at: datetime | None = None) -> None:
    operations.split_case(case_id=case.pk, user_id=vera_id(), now=at or now())
    case.refresh_from_db()


def late(at: datetime) -> set[str]:
    return set(queries.late_without_notice(now=at).values_list("pk", flat=True))


def test_who_was_told_that_we_are_late_is_not_told_again(case: Case, other: Case) -> None:
    age(case, opened=now() - 9 * DAY, due=now() - DAY)
    age(other, opened=now() - 8 * DAY, due=now() + DAY)
    assert operations.notify_late(case_id=case.pk, now=now())
    merge(case, other)
    assert late(now()) == set()
    assert not operations.notify_late(case_id=other.pk, now=now())


def test_who_was_told_while_merged_is_not_told_again_after_a_split(case: Case, other: Case) -> None:
    age(case, opened=now() - 9 * DAY, due=now() - DAY)
    age(other, opened=now() - 8 * DAY, due=now() + DAY)
    merge(case, other)
    assert operations.notify_late(case_id=other.pk, now=now())
    split(case)
    assert late(now()) == set()


def test_after_an_answer_a_request_that_is_split_off_has_new_days(case: Case, other: Case) -> None:
    age(case, opened=now() - 9 * DAY, due=now() + DAY)
    merge(case, other)
    operations.close(case_id=other.pk, reason="Here is how.", user_id=vera_id(), now=now())
    later = now() + 2 * DAY
    split(case, later)
    assert case.state == CaseState.OPEN
    assert case.due_at > later
    assert late(later) == set()


def test_a_split_that_nothing_happened_before_keeps_the_promise(case: Case, other: Case) -> None:
    due = now() + DAY
    age(case, opened=now() - 9 * DAY, due=due)
    merge(case, other)
    split(case, now() + 2 * DAY)
    assert case.due_at == due


def test_what_came_meanwhile_is_not_closed_by_a_split(case: Case, other: Case) -> None:
    operations.close(case_id=other.pk, reason="Done", user_id=vera_id(), now=now())
    merge(case, other)
    operations.receive_message(case_id=other.pk, text="One more thing", now=now())
    split(case)
    other.refresh_from_db()
    assert other.state == CaseState.OPEN


def test_what_a_third_request_changes_is_no_answer(
    case: Case, other: Case, order: Order, seller: Membership
) -> None:
    """Nor is the one closed in which the third still waits."""
    operations.close(case_id=other.pk, reason="Done", user_id=vera_id(), now=now())
    third, due = open_case(order, seller), now() + 2 * DAY
    age(case, opened=now() - 9 * DAY, due=due)
    age(third, opened=now() - 9 * DAY, due=now() + DAY)
    merge(case, other)
    merge(third, other)
    split(case)
    assert case.due_at == due
    other.refresh_from_db()
    assert other.state == CaseState.OPEN


def test_a_third_request_that_changes_nothing_still_waits(
    case: Case, other: Case, order: Order, seller: Membership
) -> None:
    operations.close(case_id=other.pk, reason="Done", user_id=vera_id(), now=now())
    third = open_case(order, seller)
    age(third, opened=now() - DAY, due=now() + 30 * DAY)
    merge(case, other)
    merge(third, other)
    split(case)
    other.refresh_from_db()
    assert other.state == CaseState.OPEN


def test_what_was_due_before_the_other_came_is_merged_the_other_way(
    case: Case, other: Case
) -> None:
    age(case, opened=now() - 9 * DAY, due=now() - 2 * DAY)
    age(other, opened=now() - DAY, due=now() + DAY)
    with pytest.raises(CannotMerge) as refusal:
        merge(case, other)
    assert refusal.value.code == MergeRefusal.DUE_BEFORE
    merge(other, case)
    case.refresh_from_db()
    assert case.due_at < now()


@pytest.mark.clause("7.6", "9.1")
def test_a_late_answer_stays_one(case: Case, other: Case, seller: Membership) -> None:
    operations.close(case_id=case.pk, reason="Done", user_id=vera_id(), now=now())
    age(case, opened=now() - 9 * DAY, due=now() - DAY)
    merge(case, other)
    assert queries.answered_late(account_id=seller.account_id, at=now())


@pytest.mark.clause("7.6", "9.1")
def test_a_late_question_stays_one(case: Case, other: Case, seller: Membership) -> None:
    age(case, opened=now() - 9 * DAY, due=now() - DAY)
    operations.ask(case_id=case.pk, text="Which order?", user_id=vera_id(), now=now())
    age(other, opened=now() - 10 * DAY, due=now() + 9 * DAY)
    merge(case, other)
    assert queries.answered_late(account_id=seller.account_id, at=now())


@pytest.mark.clause("7.6", "9.1")
def test_a_merged_deadline_counts_where_it_was_merged(
    case: Case, other: Case, seller: Membership
) -> None:
    merge(case, other)
    operations.close(case_id=other.pk, reason="Done", user_id=vera_id(), now=now())
    assert not queries.answered_late(account_id=seller.account_id, at=now() + 60 * DAY)


def test_the_first_of_merged_requests_says_when_it_was_asked(case: Case, other: Case) -> None:
    asked = now() - 3 * DAY
    Case.objects.filter(pk=case.pk).update(opened_at=asked)
    merge(case, other)
    facts = queries.request_facts(queries.case(case_id=other.pk))
    assert facts is not None
    assert facts.requested_at == asked
