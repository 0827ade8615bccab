"""Two requests of one customer become one, and a message one of its own; each can be undone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.payments.models import Order
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, InboundEmail
from jewelrymodel.support.operations import CannotMerge, MergeRefusal
from jewelrymodel.support.operations.case_email import mail_entry
from jewelrymodel.support.operations.sender_confirmation import confirmation_link
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState, MailOutcome
from tests.support.desk import decide, open_case, read, shown, wait_until_decided
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now, register

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def other(order: Order, seller: Membership, case: Case) -> Case:
    return open_case(order, seller)


def vera_id() -> int:
    return User.objects.get(first_name="Vera").pk


def merge(case: Case, into: Case) -> Case:
    merged = operations.merge_cases(case_id=case.pk, into_id=into.pk, user_id=vera_id(), now=now())
    case.refresh_from_db()
    into.refresh_from_db()
    return merged


def split(case: Case) -> Case:
    return operations.split_case(case_id=case.pk, user_id=vera_id(), now=now())


def texts(case: Case) -> list[str]:
    return [one.text for one in queries.entries(case_id=case.pk, internal=True)]


def write(case: Case, text: str, **headers: str) -> MailOutcome | None:
    tag = email_references.tag(case.number, case.thread_key)
    return arrive(letter(case.email, f"Re: {tag}", text, **headers))


def refused(case: Case, into: Case) -> str:
    with pytest.raises(CannotMerge) as refusal:
        merge(case, into)
    return refusal.value.code


def test_what_was_written_in_both_stands_in_one_and_comes_there(
    vera: Client, client: Client, case: Case, other: Case, seller: Membership
) -> None:
    """R11: a mail under the old key lands in the new request."""
    operations.receive_message(case_id=case.pk, text="A first detail", now=now())
    vera.post(f"/desk/cases/{case.pk}/merge", {"into": other.pk})
    case.refresh_from_db()
    assert (case.state, case.merged_into_id) == (CaseState.MERGED, other.pk)
    assert "A first detail" in texts(other)
    assert write(case, "Under the old key") is MailOutcome.THREADED
    assert "Under the old key" in texts(other)
    domain = settings.SUPPORT_EMAIL.rpartition("@")[2]
    ours = email_references.message_id(key=case.thread_key, entry_id=1, domain=domain)
    answer = letter(case.email, "Hello", "Answering your first email", In_Reply_To=ours)
    assert arrive(answer) is MailOutcome.THREADED
    assert any("Answering your first email" in text for text in texts(other))
    assert InboundEmail.objects.latest("received_at").case_id == other.pk
    page = read(vera, f"/desk/cases/{other.pk}")
    assert "A first detail" in page
    assert "Under the old key" in page
    assert queries.queue().count() == 1
    assert queries.newest_message(case_id=other.pk) == CaseEntry.objects.latest("pk").pk
    assert queries.last_messages([other])[other.pk].beginning.startswith("Hello Answering")
    client.force_login(seller.user)
    assert client.get(f"/requests/{case.pk}")["Location"] == f"/requests/{other.pk}"
    assert "A first detail" in read(client, f"/requests/{other.pk}")
    assert case.label not in read(client, "/requests").replace(other.label, "")


def test_a_split_puts_everything_back(vera: Client, case: Case, other: Case) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=other.due_at - 2 * HOUR)
    case.refresh_from_db()
    before = [(one.state, one.due_at) for one in (case, other)]
    merge(case, other)
    assert other.due_at == before[0][1], "the earlier of both promises holds"
    vera.post(f"/desk/cases/{case.pk}/split")
    case.refresh_from_db()
    other.refresh_from_db()
    assert [(one.state, one.due_at) for one in (case, other)] == before
    assert "I did not use it." in texts(case)
    assert queries.queue().count() == 2


def test_who_waits_for_us_in_either_waits_in_both(vera: Client, case: Case, other: Case) -> None:
    operations.close(case_id=other.pk, reason="Done", user_id=vera_id(), now=now())
    merge(case, other)
    assert (other.state, other.due_at) == (CaseState.OPEN, case.due_at)
    split(case)
    other.refresh_from_db()
    assert other.state == CaseState.CLOSED


def test_nothing_is_decided_twice_and_no_decision_is_merged_away(
    vera: Client, case: Case, other: Case
) -> None:
    assert decide(vera, case, kind="partial_refund", amount="2") == 302
    case.refresh_from_db()
    assert refused(case, other) == MergeRefusal.DECIDED
    merge(other, case)
    assert case.state == CaseState.OPEN, "its customer waits for an answer to the other one"
    told = {"kind": "partial_refund", "amount": "2", **shown(read(vera, f"/desk/cases/{case.pk}"))}
    assert "signature" in told
    answer = vera.post(
        f"/desk/cases/{other.pk}/approve-remedy", {"sure": "on", "reason": "Again", **told}
    )
    assert answer["Location"] == f"/desk/cases/{other.pk}"
    assert not wait_until_decided()
    other.refresh_from_db()
    assert other.state == CaseState.MERGED
    assert not other.decision_id


def test_while_a_decision_can_be_undone_nothing_is_merged(
    vera: Client, case: Case, other: Case
) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    signature = page.partition('name="signature" value="')[2].partition('"')[0]
    form = {"sure": "on", "reason": "No", "signature": signature, "read_up_to": "99999999"}
    vera.post(f"/desk/cases/{case.pk}/decline", form)
    assert refused(case, other) == MergeRefusal.BEING_DECIDED
    assert refused(other, case) == MergeRefusal.BEING_DECIDED


def test_once_decided_together_they_are_not_split(vera: Client, case: Case, other: Case) -> None:
    merge(case, other)
    assert decide(vera, other, kind="partial_refund", amount="2") == 302
    with pytest.raises(CannotMerge) as refusal:
        split(case)
    assert refusal.value.code == MergeRefusal.DECIDED


def test_an_appeal_does_not_make_them_two_again(vera: Client, case: Case, other: Case) -> None:
    """Declined together, then open again: the state is the one of the merge, the answer isn't."""
    merge(case, other)
    assert decide(vera, other, "decline") == 302
    operations.receive_message(case_id=other.pk, text="I disagree, look again", now=now())
    other.refresh_from_db()
    assert other.state == CaseState.OPEN
    with pytest.raises(CannotMerge) as refusal:
        split(case)
    assert refusal.value.code == MergeRefusal.DECIDED


def test_only_requests_of_one_proven_customer_are_merged(
    vera: Client, case: Case, seller: Membership
) -> None:
    arrive(letter(seller.user.email, "Help", "It failed"))
    unproven = newest()
    assert refused(unproven, case) == MergeRefusal.OTHER_CUSTOMER
    answer = vera.post(f"/desk/cases/{unproven.pk}/merge", {"into": case.pk})
    assert answer.status_code == 302
    unproven.refresh_from_db()
    assert unproven.state == CaseState.UNPROVEN


def test_two_requests_of_one_unconfirmed_sender_are_not_merged(
    vera: Client, seller: Membership
) -> None:
    arrive(letter("someone@else.example", "Help", "Where is my ring?"))
    first = newest()
    operations.close(case_id=first.pk, reason="Not ours", user_id=vera_id(), now=now())
    arrive(letter("someone@else.example", "Hello", "And where is my order?"))
    second = newest()
    assert second.pk != first.pk
    assert refused(second, first) == MergeRefusal.UNCONFIRMED


SETS = "UPDATE support_case SET state = 'merged', merged_into_id = %s WHERE id = %s"


def tried(*params: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETS, params)


def test_the_database_refuses_chains_cycles_and_other_customers(
    vera: Client, order: Order, seller: Membership, case: Case, other: Case
) -> None:
    third = open_case(order, seller)
    tried(case.pk, case.pk)
    merge(case, other)
    tried(case.pk, other.pk)  # a cycle
    tried(third.pk, other.pk)  # a chain
    tried(case.pk, third.pk)
    stranger = register("stranger@else.example")
    Case.objects.filter(pk=third.pk).update(account=stranger.account, email="stranger@else.example")
    tried(other.pk, third.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(account=stranger.account)


def test_a_message_is_split_off_into_a_request_of_its_own(
    vera: Client, client: Client, case: Case, seller: Membership
) -> None:
    operations.receive_message(case_id=case.pk, text="Another thing: my ring", now=now())
    entry = CaseEntry.objects.get(text="Another thing: my ring")
    answer = vera.post(f"/desk/cases/{case.pk}/messages/{entry.pk}/split")
    new = newest()
    assert answer["Location"] == f"/desk/cases/{new.pk}"
    assert "Another thing: my ring" in texts(new)
    assert "Another thing: my ring" not in texts(case)
    assert (new.account_id, new.opened_at) == (case.account_id, entry.created_at)
    told = CaseEntry.objects.get(case=new, kind="message_out")
    assert new.label in told.text
    assert mail_entry(entry_id=told.pk, now=now())
    client.force_login(seller.user)
    assert "Another thing: my ring" in read(client, f"/requests/{new.pk}")
    merge(new, case)
    assert "Another thing: my ring" in texts(case)


def test_nothing_is_split_off_whose_sender_is_unconfirmed(vera: Client) -> None:
    """It could never be confirmed: the link is the first request's."""
    arrive(letter("someone@else.example", "Help", "It failed"))
    case = newest()
    operations.receive_message(case_id=case.pk, text="Another thing", now=now())
    operations.assign(case_id=case.pk, user_id=vera_id(), by_user_id=vera_id(), now=now())
    assert "of its own" not in read(vera, f"/desk/cases/{case.pk}")
    entry = CaseEntry.objects.get(text="Another thing")
    page = f"/desk/cases/{case.pk}/messages/{entry.pk}/split"
    assert "confirmed their address" in vera.post(page, follow=True).content.decode()
    assert Case.objects.count() == 1


def test_a_confirmed_sender_without_an_account_is_told_the_new_number(vera: Client) -> None:
    arrive(letter("someone@else.example", "Help", "It failed"))
    case = newest()
    operations.confirm_sender(token=confirmation_link(case).rpartition("/")[2], now=now())
    operations.receive_message(case_id=case.pk, text="Another thing", now=now())
    entry = CaseEntry.objects.get(text="Another thing")
    vera.post(f"/desk/cases/{case.pk}/messages/{entry.pk}/split")
    new = newest()
    told = CaseEntry.objects.get(case=new, kind="message_out")
    assert new.label in told.text
    assert mail_entry(entry_id=told.pk, now=now())


def test_the_only_message_stays(vera: Client, case: Case) -> None:
    entry = CaseEntry.objects.get(case=case, kind="message_in")
    vera.post(f"/desk/cases/{case.pk}/messages/{entry.pk}/split")
    assert Case.objects.count() == 1
    assert vera.post(f"/desk/cases/{case.pk}/messages/9999999/split").status_code == 404


def test_the_database_moves_no_message_to_another_customer(
    vera: Client, order: Order, seller: Membership, case: Case, other: Case
) -> None:
    stranger = register("stranger@else.example")
    Case.objects.filter(pk=other.pk).update(account=stranger.account, email="stranger@else.example")
    entry = CaseEntry.objects.get(case=case, kind="message_in")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEntry.objects.filter(pk=entry.pk).update(moved_to=other)
