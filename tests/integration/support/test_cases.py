"""A case from request to answer, and what its clock does meanwhile."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.models import Charge
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.operations import Opening
from jewelrymodel.support.rules import business_days, email_references
from jewelrymodel.support.statuses import CaseState, Channel, EntryKind
from tests.support.shop import Sandbox, now, register, settle, start

pytestmark = pytest.mark.django_db


def opening(seller: Membership, **changed: object) -> Opening:
    usual: dict[str, object] = {
        "account_id": seller.account_id,
        "email": seller.user.email,
        "identity_level": 3,
        "channel": Channel.FORM,
        "category": "unused",
        "subject": Subject(SubjectKind.ACCOUNT, ""),
        "explanation": "I did not use it.",
        "lacks": ("7.2",),
    }
    return Opening(**{**usual, **changed})  # type: ignore[arg-type]  # by name


@pytest.fixture
def case(seller: Membership) -> Case:
    return operations.open_case(opening=opening(seller), now=now())


def send_all() -> list[str]:
    for entry_id in queries.entries_to_mail(before=now() + timedelta(days=99)):
        assert operations.mail_entry(entry_id=entry_id, now=now())
        assert not operations.mail_entry(entry_id=entry_id, now=now())
    return [str(one.body) for one in mail.outbox]


@pytest.mark.clause("6.5", "7.1", "7.2", "7.3", "7.4", "7.5")
def test_the_acknowledgement_promises_nothing_and_asks_by_name(case: Case) -> None:
    (told,) = send_all()
    assert "not a promise of approval (6.5)" in told
    assert "the number of the order, invoice, receipt or transaction (7.2)" in told
    assert f"{case.due_at.astimezone(business_days.ZONE):%H:%M}" in told
    assert email_references.tag(case.number, case.thread_key) in mail.outbox[0].subject
    assert case.answered_at is None, "an automatic mail is no answer (7.6)"


def test_a_mail_says_who_wrote_it_and_belongs_to_its_thread(case: Case) -> None:
    operations.reply(case_id=case.pk, text="We look at it.", user_id=1, now=now())
    send_all()
    automatic, written = mail.outbox
    assert automatic.extra_headers["Auto-Submitted"] == "auto-replied"
    assert "Auto-Submitted" not in written.extra_headers
    assert automatic.extra_headers["References"] == written.extra_headers["References"]
    assert automatic.extra_headers["Message-ID"] != written.extra_headers["Message-ID"]


@pytest.mark.clause("7.6")
def test_the_clock_stops_only_while_we_wait_for_the_customer(case: Case) -> None:
    due, asked_at = case.due_at, now()
    case = operations.ask(case_id=case.pk, text="Which order? (7.2)", user_id=1, now=asked_at)
    assert (case.state, case.paused_at, case.due_at) == (CaseState.WAITING, asked_at, due)
    back = asked_at + timedelta(days=10)
    case = operations.receive_message(case_id=case.pk, text="JM-000001", now=back)
    assert (case.state, case.paused_at) == (CaseState.OPEN, None)
    assert business_days.working_time(back, case.due_at) == business_days.working_time(
        asked_at, due
    )
    before = case.due_at
    assert operations.receive_message(case_id=case.pk, text="More", now=back).due_at == before


def at_work(at: datetime) -> datetime:
    """The next noon of ours on which somebody works."""
    return datetime.combine(
        business_days.next_business_day(at.date()), time(12), business_days.ZONE
    )


@pytest.mark.clause("7.7")
def test_an_extension_has_a_reason_and_a_date_that_can_be_kept(case: Case) -> None:
    def extend(to: datetime, reason: str = "The bank is slow") -> Case:
        return operations.extend(case_id=case.pk, to=to, reason=reason, user_id=1, now=now())

    for to in (now() - timedelta(minutes=1), now() + timedelta(days=30, minutes=1)):
        with pytest.raises(operations.InvalidExtension, match="out_of_range: days=30"):
            extend(to)
    with pytest.raises(operations.EmptyMessage):
        extend(now() + timedelta(days=2), reason=" ")
    to = at_work(case.due_at + timedelta(days=2))
    told = extend(to)
    assert (told.due_at, told.extension_reason) == (to, "The bank is slow")
    letters = send_all()
    assert "The bank is slow" in letters[-1]
    count = len(letters)
    extend(to)
    assert len(send_all()) == count, "what was promised already is emailed once"
    sooner = at_work(now() + timedelta(hours=30))
    assert extend(sooner).due_at == sooner, "a promise may be mended"


def test_no_day_off_is_promised_and_nothing_while_the_clock_stands_still(case: Case) -> None:
    day = business_days.next_business_day(now().date())
    while business_days.is_business_day(day):
        day += timedelta(days=1)
    off = datetime.combine(day, time(12), business_days.ZONE)
    open_day = at_work(now())
    with pytest.raises(operations.InvalidExtension, match="not_a_business_day"):
        operations.extend(case_id=case.pk, to=off, reason="Slow", user_id=1, now=now())
    operations.ask(case_id=case.pk, text="Which order?", user_id=1, now=now())
    with pytest.raises(operations.InvalidExtension, match="paused"):
        operations.extend(case_id=case.pk, to=open_day, reason="Slow", user_id=1, now=now())


def test_what_is_written_twice_within_a_minute_is_sent_once(case: Case) -> None:
    for _ in range(3):
        operations.reply(case_id=case.pk, text="We look into it.", user_id=1, now=now())
    assert [one.text for one in case.entries.all()].count("We look into it.") == 1
    later = now() + timedelta(minutes=2)
    operations.reply(case_id=case.pk, text="We look into it.", user_id=1, now=later)
    assert [one.text for one in case.entries.all()].count("We look into it.") == 2


@pytest.mark.clause("7.7")
def test_who_waits_longer_than_promised_is_told_once_for_each_promise(case: Case) -> None:
    late = case.due_at + timedelta(minutes=1)
    assert not operations.notify_late(case_id=case.pk, now=case.due_at - timedelta(minutes=1))
    assert operations.notify_late(case_id=case.pk, now=late)
    assert not operations.notify_late(case_id=case.pk, now=late + timedelta(hours=1))
    assert "We’re sorry: we said" in send_all()[-1]
    further = at_work(late + timedelta(days=1))
    operations.extend(case_id=case.pk, to=further, reason="Slow", user_id=1, now=late)
    assert operations.notify_late(case_id=case.pk, now=further + timedelta(minutes=1))
    operations.ask(case_id=case.pk, text="Which order?", user_id=1, now=further)
    assert not queries.late_without_notice(now=further + timedelta(days=9)).exists()


def test_a_customer_who_needs_it_no_longer_closes_it(case: Case, seller: Membership) -> None:
    with pytest.raises(Case.DoesNotExist):
        operations.withdraw(account_id="acct_other", case_id=case.pk, now=now())
    closed = operations.withdraw(account_id=seller.account_id, case_id=case.pk, now=now())
    assert (closed.state, closed.entries.last().author) == (CaseState.CLOSED, "customer")
    with pytest.raises(operations.CaseOver):
        operations.withdraw(account_id=seller.account_id, case_id=case.pk, now=now())
    assert operations.receive_message(case_id=case.pk, text="After all", now=now()).is_open


def test_a_request_is_withdrawn_on_its_page(case: Case, seller: Membership, client: Client) -> None:
    client.force_login(seller.user)
    page = client.get(f"/requests/{case.pk}").content.decode()
    assert "I no longer need help with this" in page
    for told in ("Request closed.", "already closed"):
        answer = client.post(f"/requests/{case.pk}/withdraw", follow=True).content.decode()
        assert told in answer
        assert "Close this request" not in answer
    stranger = Client()
    stranger.force_login(register("other@else.example").user)
    assert stranger.post(f"/requests/{case.pk}/withdraw").status_code == 404
    assert client.get(f"/requests/{case.pk}/withdraw")["Location"] == f"/requests/{case.pk}"


def test_a_closed_case_says_why_and_opens_again_with_a_message(case: Case) -> None:
    case = operations.close(case_id=case.pk, reason="It was settled.", user_id=1, now=now())
    assert "It was settled." in send_all()[-1]
    with pytest.raises(operations.CaseOver):
        operations.reply(case_id=case.pk, text="Hello", user_id=1, now=now())
    case = operations.receive_message(case_id=case.pk, text="Not settled", now=now())
    assert (case.state, case.closed_at) == (CaseState.OPEN, None)
    before = len(send_all())
    operations.close(case_id=case.pk, reason="Spam", user_id=1, tell=False, now=now())
    shown = [one.text for one in queries.entries(case_id=case.pk, internal=False)]
    assert "Spam" not in shown
    assert len(send_all()) == before


def test_nothing_empty_is_sent_and_notes_stay_inside(case: Case) -> None:
    for act in (operations.ask, operations.reply, operations.add_note):
        with pytest.raises(operations.EmptyMessage):
            act(case_id=case.pk, text="  ", user_id=1, now=now())
    operations.add_note(case_id=case.pk, text="Looks fine", user_id=1, now=now())
    operations.reply(case_id=case.pk, text="We look at it.", user_id=1, now=now())
    operations.assign(case_id=case.pk, user_id=None, by_user_id=1, now=now())
    shown = [one.text for one in queries.entries(case_id=case.pk, internal=False)]
    assert "Looks fine" not in shown
    assert "We look at it." in shown
    assert len(queries.entries(case_id=case.pk, internal=True)) == len(shown) + 1


def test_what_was_said_stays_as_it_was(case: Case) -> None:
    entry = case.entries.filter(kind=EntryKind.MESSAGE_IN).get()
    with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
        CaseEntry.objects.filter(pk=entry.pk).update(text="Something else")


def test_what_we_found_ourselves_is_one_case_and_no_contact(seller: Membership) -> None:
    found = opening(seller, channel=Channel.MACHINE, check=("paid_not_granted", "order:1"))
    first = operations.open_case(opening=found, now=now())
    assert operations.open_case(opening=found, now=now()).pk == first.pk
    later = now() + timedelta(days=1)
    assert not queries.contacted_before(account_id=seller.account_id, at=later)
    operations.open_case(opening=opening(seller), now=now())
    assert queries.contacted_before(account_id=seller.account_id, at=later)


def test_the_queue_is_due_first_and_can_be_narrowed(seller: Membership) -> None:
    early = now() - timedelta(days=20)
    old = operations.open_case(opening=opening(seller), now=early)
    new = operations.open_case(opening=opening(seller, category="outage"), now=now())
    assert list(queries.queue()) == [old, new]
    assert list(queries.queue(category="outage")) == [new]
    assert list(queries.queue(mine=seller.user_id)) == []
    operations.assign(case_id=new.pk, user_id=seller.user_id, by_user_id=1, now=now())
    assert list(queries.queue(mine=seller.user_id)) == [new]
    operations.close(case_id=old.pk, reason="Settled", user_id=1, now=now())
    assert list(queries.queue()) == [new]
    assert list(queries.queue(state=CaseState.CLOSED)) == [old]
    assert queries.overdue(now=now() + timedelta(days=30)) == 1
    assert queries.answered_late(account_id=seller.account_id, at=now())


LATER = timedelta(days=30)


@pytest.mark.clause("7.6", "9.1")
def test_a_deadline_is_missed_by_us_and_not_while_we_wait_for_the_customer(
    seller: Membership, case: Case
) -> None:
    def is_missed() -> bool:
        return queries.answered_late(account_id=seller.account_id, at=now() + LATER)

    assert is_missed()
    operations.ask(case_id=case.pk, text="Which order?", user_id=1, now=now())
    assert not is_missed()
    operations.close(case_id=case.pk, reason="No reply", user_id=1, now=now() + LATER)
    assert not is_missed(), "also the closing came while we waited"


@pytest.mark.parametrize(("waits", "missed"), [(timedelta(0), False), (LATER, True)])
def test_what_a_customer_withdraws_is_missed_only_if_it_was_late_then(
    seller: Membership, case: Case, waits: timedelta, *, missed: bool
) -> None:
    at = now() + waits
    operations.withdraw(account_id=seller.account_id, case_id=case.pk, now=at)
    assert queries.answered_late(account_id=seller.account_id, at=at + LATER) is missed


def test_a_question_after_the_deadline_does_not_undo_that_it_was_missed(
    seller: Membership, case: Case
) -> None:
    operations.ask(case_id=case.pk, text="Which order?", user_id=1, now=now() + LATER)
    operations.close(case_id=case.pk, reason="No reply", user_id=1, now=now() + 2 * LATER)
    assert queries.answered_late(account_id=seller.account_id, at=now() + 3 * LATER)


@pytest.mark.clause("6.4")
def test_an_agent_sorts_a_case_by_records_and_never_by_words(
    sandbox: Sandbox, seller: Membership, case: Case
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge = f"charge:{Charge.objects.get().pk}"

    def sort(subject_id: str, *records: str) -> Case:
        return operations.categorize(
            case_id=case.pk,
            category="account_error",
            subject=Subject(SubjectKind.ORDER, subject_id),
            verified_records=records,
            user_id=1,
            now=now(),
        )

    for wrong in (("ord_none",), (order.pk, "made up record"), (order.pk, "charge:chg_none")):
        with pytest.raises(operations.UnknownRecord):
            sort(*wrong)
    facts = queries.request_facts(sort(order.pk, charge))
    assert facts is not None
    assert (facts.category, facts.subject.id, facts.verified_records) == (
        "account_error",
        order.pk,
        (charge,),
    )
    assert not hasattr(facts, "explanation"), "a claim has no place in it (edge 14)"


def test_a_record_is_named_as_people_write_it_and_only_in_its_own_account(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    order = checkout.order
    other = register("other@else.example")
    for text in (order.pk, f"order:{order.pk}", order.label, f" {order.label.lower()} "):
        named = queries.record_named(account_id=seller.account_id, text=text)
        assert named == f"order:{order.pk}", text
        assert queries.record_named(account_id=other.account_id, text=text) == ""
    for text in ("", "charge", "JM-999999", "session:1", "lot_1"):
        assert queries.record_named(account_id=seller.account_id, text=text) == ""
