"""A request of an unproven sender waits for its sender: no clock runs; junk is closed at once."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, SilentClosing
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.rules import business_days, email_references
from jewelrymodel.support.statuses import CaseState, MailOutcome
from tests.support.desk import read
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now

pytestmark = pytest.mark.django_db
LATER = timedelta(days=10)


def junk(count: int) -> list[Case]:
    for number in range(count):
        arrive(letter(f"bulk{number}@junk.example", f"Offer {number}", "Buy followers"))
    return list(Case.objects.order_by("number"))


def reply(case: Case, text: str = "I am a customer") -> MailOutcome | None:
    tag = email_references.tag(case.number, case.thread_key)
    return arrive(letter(case.email, f"Re: {tag}", text))


def vera_id() -> int:
    return User.objects.get(first_name="Vera").pk


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def posted(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(read_up_to|batch)" value="(\w+)"', page))


def test_junk_is_never_overdue_and_stands_in_a_view_of_its_own(
    vera: Client, seller: Membership
) -> None:
    """R9: five days after a burst of junk 449 cases were overdue, before real customers."""
    junk(3)
    late = now() + LATER
    assert queries.overdue(now=late) == 0
    assert not queries.late_without_notice(now=late).exists()
    assert "REQ-" not in read(vera, "/desk").partition("<main")[2]
    page = read(vera, "/desk/unconfirmed")
    assert all(f"bulk{n}@junk.example" in page for n in range(3))
    assert "Buy followers" in page


def test_its_clock_starts_when_its_sender_confirms(vera: Client, seller: Membership) -> None:
    arrive(letter(seller.user.email, "Help", "It did not arrive"))
    case = newest()
    assert (state(case), case.paused_at) == (CaseState.UNPROVEN, case.opened_at)
    confirmed_at = now() + LATER
    token = confirmation_link(case).rpartition("/")[2]
    operations.confirm_sender(token=token, now=confirmed_at)
    assert state(case) == CaseState.OPEN
    assert (case.paused_at, case.account_id) == (None, seller.account_id)
    assert case.due_at == business_days.due_at(confirmed_at, 3)
    assert queries.queue().count() == 1
    assert not queries.answered_late(account_id=seller.account_id, at=confirmed_at)


@pytest.mark.parametrize("act", ["assign", "reply", "ask"])
def test_whoever_takes_it_up_starts_its_clock(vera: Client, seller: Membership, act: str) -> None:
    (case,) = junk(1)
    vera.post(f"/desk/cases/{case.pk}/{act}", {"text": "Which order is it?"})
    assert state(case) == (CaseState.WAITING if act == "ask" else CaseState.OPEN)
    assert queries.unproven_count() == 0
    assert case.due_at > now()
    reply(case)
    assert state(case) == CaseState.OPEN


def test_a_note_and_their_own_messages_leave_it_waiting(vera: Client, seller: Membership) -> None:
    (case,) = junk(1)
    vera.post(f"/desk/cases/{case.pk}/note", {"text": "Looks like spam"})
    assert reply(case) is MailOutcome.THREADED
    assert state(case) == CaseState.UNPROVEN


def test_a_released_mail_was_taken_up(vera: Client, seller: Membership) -> None:
    arrive(letter("x@else.example", "Re: [REQ-999999-abcdefabcdef]", "Words"))
    (held,) = queries.quarantine()
    case = operations.release_email(mail_id=held.mail_id, user_id=vera_id(), now=now())
    assert state(case) == CaseState.OPEN


def test_the_chosen_ones_are_closed_after_their_count_is_confirmed(
    vera: Client, seller: Membership
) -> None:
    first, second, third = junk(3)
    shown = posted(read(vera, "/desk/unconfirmed"))
    form = {"what": "chosen", "chosen": [first.pk, second.pk], **shown}
    page = vera.post("/desk/unconfirmed/close", form).content.decode()
    assert "Close 2 requests?" in page
    assert queries.unproven_count() == 3, "nothing is closed before it is confirmed"
    vera.post("/desk/unconfirmed/close", {**form, "reason": "Spam"})
    assert [state(one) for one in (first, second, third)] == ["closed", "closed", "unproven"]
    assert not CaseEntry.objects.filter(kind="message_out", author__startswith="user:").exists()
    texts = CaseEntry.objects.filter(case=first, kind="event", internal=True)
    assert texts.latest("pk").text == "Spam"
    assert AuditEntry.objects.get(action="case.closed_together").reason == "2: Spam"
    page = read(vera, "/desk/unconfirmed")
    assert "You closed 2 requests" in page
    batch = {"batch": posted(page)["batch"]}
    vera.post("/desk/unconfirmed/undo", batch)
    assert queries.unproven_count() == 3
    vera.post("/desk/unconfirmed/undo", batch)
    assert queries.unproven_count() == 3
    assert "You closed" not in read(vera, "/desk/unconfirmed")


def test_all_means_what_was_shown_and_nothing_that_came_since(
    vera: Client, seller: Membership
) -> None:
    first, second = junk(2)
    shown = posted(read(vera, "/desk/unconfirmed"))
    arrive(letter("real@shop.example", "My order", "Where is it?"))
    reply(second)
    form = {"what": "all", **shown}
    assert "Close 1 request?" in vera.post("/desk/unconfirmed/close", form).content.decode()
    vera.post("/desk/unconfirmed/close", {**form, "reason": "Spam"})
    assert state(first) == CaseState.CLOSED
    assert queries.unproven_count() == 2


def test_nothing_chosen_closes_nothing(vera: Client, seller: Membership) -> None:
    junk(1)
    shown = posted(read(vera, "/desk/unconfirmed"))
    for form in ({"what": "chosen"}, {}, {"what": "chosen", "chosen": "case_x"}):
        answer = vera.post("/desk/unconfirmed/close", {**shown, **form, "reason": "Spam"})
        assert answer.status_code == 302
    answer = vera.post("/desk/unconfirmed/close", {**shown, "what": "all", "reason": " "})
    assert answer.status_code == 422
    assert queries.unproven_count() == 1


def test_who_was_closed_as_spam_is_open_again_when_they_write_or_confirm(
    vera: Client, seller: Membership
) -> None:
    first, second = junk(2)
    batch = operations.close_unproven(
        case_ids=None,
        reason="Spam",
        read_up_to=queries.newest_entry(),
        user_id=vera_id(),
        now=now(),
    )
    assert reply(first) is MailOutcome.THREADED
    assert state(first) == CaseState.UNPROVEN
    token = confirmation_link(second).rpartition("/")[2]
    operations.confirm_sender(token=token, now=now())
    assert state(second) == CaseState.OPEN
    assert second.answered_at is None
    assert not SilentClosing.objects.filter(reopened_at=None).exists()
    assert operations.undo_closing(batch=batch, user_id=vera_id(), now=now()) == 0


def test_who_confirms_is_open_again_also_where_somebody_had_assigned_it(
    vera: Client, seller: Membership
) -> None:
    (case,) = junk(1)
    vera.post(f"/desk/cases/{case.pk}/assign", {"user": vera_id()})
    vera.post(f"/desk/cases/{case.pk}/close-silently", {"text": "Spam"})
    assert (state(case), case.assigned_to_id) == (CaseState.CLOSED, vera_id())
    confirmed_at = now() + LATER
    operations.confirm_sender(token=confirmation_link(case).rpartition("/")[2], now=confirmed_at)
    assert (state(case), case.answered_at) == (CaseState.OPEN, None)
    assert case.due_at == business_days.due_at(confirmed_at, 3)
    assert not SilentClosing.objects.filter(reopened_at=None).exists()


def test_the_acknowledgement_promises_a_review_once_they_confirm(seller: Membership) -> None:
    (case,) = junk(1)
    text = CaseEntry.objects.get(case=case, kind="message_out").text
    assert "Our review starts when you confirm" in text
    assert "by Dec" not in text


def test_the_database_lets_no_account_wait_as_unproven(case: Case) -> None:
    with pytest.raises(IntegrityError, match="support_case_unproven_waits"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="unproven", paused_at=now())


def test_closing_many_takes_no_more_statements(seller: Membership) -> None:
    counts = []
    for size in (2, 12):
        junk(size)
        read_up_to = queries.newest_entry()
        with CaptureQueriesContext(connection) as made:
            operations.close_unproven(
                case_ids=None, reason="Spam", read_up_to=read_up_to, user_id=1, now=now()
            )
        counts.append(len(made))
        Case.objects.filter(state="closed").update(email="gone@junk.example")
    assert counts[0] == counts[1] <= 10


def test_what_comes_while_the_page_is_made_was_not_shown(
    vera: Client, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = junk(1)
    read_rows = queries.last_messages

    def and_then_they_write(cases: list[Case]) -> object:
        rows = read_rows(cases)
        reply(case, "Where is my ring?")
        return rows

    monkeypatch.setattr(queries, "last_messages", and_then_they_write)
    page = read(vera, "/desk/unconfirmed")
    assert "Where is my ring?" not in page
    vera.post("/desk/unconfirmed/close", {"what": "all", "reason": "Spam", **posted(page)})
    assert state(case) == CaseState.UNPROVEN
