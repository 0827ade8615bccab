"""What is closed without a word is looked at by a second person, and opened where it was wrong."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.payments.models import Order
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, SilentClosing
from jewelrymodel.support.statuses import CaseState
from tests.support.desk import decide, open_case, read
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import at_the_desk, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def noa() -> Client:
    return at_the_desk("Noa Example")


@pytest.fixture
def closed(vera: Client, seller: Membership) -> SilentClosing:
    arrive(letter("someone@else.example", "Help", "Where is my ring?"))
    vera.post(f"/desk/cases/{newest().pk}/close-silently", {"text": "Spam"})
    return SilentClosing.objects.get()


def seen_by(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def review(client: Client, closing: SilentClosing, verdict: str) -> str:
    page = f"/desk/closed-silently/{closing.pk}/review"
    answer = client.post(page, {"verdict": verdict}, follow=True)
    closing.refresh_from_db()
    closing.case.refresh_from_db()
    return answer.content.decode()


def test_only_a_second_person_says_whether_it_was_right(
    vera: Client, noa: Client, closed: SilentClosing
) -> None:
    assert "Where is my ring?" not in read(vera, "/desk/closed-silently")
    assert "You closed this request yourself" in review(vera, closed, "right")
    assert closed.verdict == ""
    page = read(noa, "/desk/closed-silently")
    assert "Where is my ring?" in page
    assert "Spam" in page
    review(noa, closed, "right")
    assert (closed.verdict, closed.case.state) == ("right", CaseState.CLOSED)
    assert "already reviewed" in review(noa, closed, "wrong")
    assert "Where is my ring?" not in read(noa, "/desk/closed-silently")


def test_what_was_wrong_is_open_again_and_its_days_begin(
    noa: Client, closed: SilentClosing
) -> None:
    assert "open again" in review(noa, closed, "wrong")
    assert (closed.verdict, closed.case.state) == ("wrong", CaseState.OPEN)
    assert closed.case.due_at > now()
    assert closed.case.answered_at is None
    assert closed.reopened_at is not None
    assert queries.queue().count() == 1


def test_what_is_open_again_is_not_reviewed(noa: Client, closed: SilentClosing) -> None:
    """Somebody's page is old: the request was opened again, and closed with a message since."""
    operations.assign(
        case_id=closed.case_id, user_id=seen_by(noa), by_user_id=seen_by(noa), now=now()
    )
    operations.receive_message(case_id=closed.case_id, text="Where is it?", now=now())
    operations.close(case_id=closed.case_id, reason="Sent", user_id=seen_by(noa), now=now())
    assert "no longer closed silently" in review(noa, closed, "wrong")
    assert (closed.verdict, closed.case.state) == ("", CaseState.CLOSED)


def test_what_was_merged_meanwhile_is_not_reviewed(
    vera: Client, noa: Client, order: Order, seller: Membership, case: Case
) -> None:
    vera.post(f"/desk/cases/{case.pk}/close-silently", {"text": "A copy"})
    closing = SilentClosing.objects.get()
    into = open_case(order, seller)
    operations.merge_cases(case_id=case.pk, into_id=into.pk, user_id=seen_by(noa), now=now())
    assert case.label not in read(noa, "/desk/closed-silently")
    assert "no longer closed silently" in review(noa, closing, "wrong")
    assert (closing.verdict, closing.case.state) == ("", CaseState.MERGED)


def test_a_merge_ends_a_silent_closing_and_a_split_puts_it_back(
    vera: Client, noa: Client, order: Order, seller: Membership, case: Case
) -> None:
    vera.post(f"/desk/cases/{case.pk}/close-silently", {"text": "A copy"})
    other = open_case(order, seller)
    who, at = seen_by(noa), now()
    operations.merge_cases(case_id=other.pk, into_id=case.pk, user_id=who, now=at)
    assert SilentClosing.objects.get().reopened_at == at
    operations.split_case(case_id=other.pk, user_id=who, now=now())
    assert SilentClosing.objects.get().reopened_at is None
    operations.merge_cases(case_id=other.pk, into_id=case.pk, user_id=who, now=now())
    vera.post(f"/desk/cases/{case.pk}/close-silently", {"text": "A copy again"})
    assert SilentClosing.objects.filter(reopened_at=None).count() == 1


@pytest.mark.parametrize("verdict", ["", "both"])
def test_nothing_said_is_no_verdict(noa: Client, closed: SilentClosing, verdict: str) -> None:
    assert "Nothing was changed" in review(noa, closed, verdict)
    assert closed.verdict == ""


def test_they_are_counted_as_denials(
    vera: Client, closed: SilentClosing, case: Case, noa: Client
) -> None:
    assert decide(vera, case, "decline") == 302
    counts = queries.closing_counts(now=now())
    assert (counts.closed, counts.declined, counts.denials) == (1, 1, 2)
    assert "<dt>All denials</dt> <dd>2</dd>" in read(noa, "/desk/closed-silently")


def test_what_is_open_again_is_no_denial(vera: Client, closed: SilentClosing, noa: Client) -> None:
    review(noa, closed, "wrong")
    counts = queries.closing_counts(now=now())
    assert (counts.closed, counts.reviewed, counts.wrong, counts.denials) == (0, 1, 1, 0)


def test_a_batch_that_was_closed_by_mistake_and_undone_is_none_either(
    vera: Client, seller: Membership
) -> None:
    arrive(letter("someone@else.example", "Help", "Where is my ring?"))
    user_id, read_up_to = User.objects.get(first_name="Vera").pk, queries.newest_entry()
    batch = operations.close_unproven(
        case_ids=None, reason="Spam", read_up_to=read_up_to, user_id=user_id, now=now()
    )
    assert queries.closing_counts(now=now()).denials == 1
    operations.undo_closing(batch=batch, user_id=user_id, now=now())
    assert queries.closing_counts(now=now()).denials == 0


def test_what_was_closed_alone_is_not_undone_among_the_unconfirmed(
    vera: Client, closed: SilentClosing
) -> None:
    assert "You closed" not in read(vera, "/desk/unconfirmed")


def test_the_database_refuses_who_reviews_their_own(closed: SilentClosing) -> None:
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        SilentClosing.objects.update(
            verdict="right", reviewed_by=closed.closed_by, reviewed_at=now()
        )


def test_nobody_reviews_what_is_not_there(noa: Client) -> None:
    assert noa.post("/desk/closed-silently/999/review", {"verdict": "wrong"}).status_code == 404
    assert not AuditEntry.objects.filter(action="case.closing_reviewed").exists()


def test_what_was_never_closed_together_is_not_undone_together(closed: SilentClosing) -> None:
    for batch in ("close_x", "batch_x", ""):
        assert operations.undo_closing(batch=batch, user_id=1, now=now()) == 0
    closed.case.refresh_from_db()
    assert (closed.case.state, closed.reopened_at) == (CaseState.CLOSED, None)
