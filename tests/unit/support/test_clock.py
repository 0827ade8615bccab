"""The service level's clock: the table of edge 9, and what is true of every instant."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.support.rules import business_days, email_references, required_details

NY = business_days.ZONE
INSTANTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001  the strategy wants it so
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, NY]),
)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=NY)


@pytest.mark.clause("7.6")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20 16:59", "2026-11-25 17:00"),
        ("2026-11-20 17:01", "2026-11-27 17:00"),
        ("2026-11-21 12:00", "2026-11-27 17:00"),
        ("2026-11-20 17:00", "2026-11-25 17:00"),
        ("2026-11-20 08:00", "2026-11-25 17:00"),
    ],
)
def test_the_table_of_edge_nine(received: str, due: str) -> None:
    assert business_days.due_at(at(received), 3) == at(due)


@given(received=INSTANTS, days=st.integers(1, 5))
def test_a_deadline_lies_on_a_business_day_at_closing_time(received: datetime, days: int) -> None:
    due = business_days.due_at(received, days)
    assert business_days.is_business_day(due.date())
    assert due.time() == business_days.CLOSES
    assert due > received


@given(one=INSTANTS, other=INSTANTS)
def test_later_requests_are_never_due_earlier(one: datetime, other: datetime) -> None:
    first, second = sorted([one, other])
    assert business_days.due_at(first, 3) <= business_days.due_at(second, 3)


@given(start=INSTANTS, minutes=st.integers(0, 5000))
def test_working_time_adds_up(start: datetime, minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert business_days.working_time(start, business_days.after_working_time(start, span)) == span


def test_a_pause_keeps_the_working_time_that_was_left() -> None:
    due = business_days.resumed_due(
        due=at("2026-11-25 17:00"),
        paused_at=at("2026-11-24 16:00"),
        resumed_at=at("2026-11-30 09:00"),
    )
    assert due == at("2026-12-01 10:00")
    assert business_days.working_time(at("2026-11-25 12:00"), at("2026-11-24 12:00")) == timedelta()


@pytest.mark.clause("7.2", "7.3", "7.4", "7.5")
@pytest.mark.parametrize(
    ("category", "order", "task", "text", "proof", "lacks"),
    [
        ("duplicate", "JM-1", "", "charged twice", False, []),
        ("duplicate", "", "", "charged", False, ["7.2", "7.4"]),
        ("failed_task", "", "", "it failed", False, ["7.3"]),
        ("outage", "JM-1", "", "it was down", False, ["7.5"]),
        ("outage", "JM-1", "", "down at 14:30 today", False, []),
        ("outage", "JM-1", "", "it was down", True, []),
    ],
)
def test_what_is_missing_is_asked_for_by_name(
    category: str, order: str, task: str, text: str, proof: bool, lacks: list[str]
) -> None:
    found = required_details.missing_details(
        category=category, order=order, task=task, explanation=text, has_proof=proof
    )
    assert found == lacks


def test_every_order_that_a_text_names_is_read_once() -> None:
    text = "JM-000123 and JM-000124, order 123 too"
    assert email_references.order_numbers(text) == (123, 124)


def test_numbers_and_keys_are_read_from_mails() -> None:
    assert email_references.order_number("about jm-000123, please") == 123
    assert email_references.order_number("about my ring") is None
    assert email_references.read_tag("Re: yours " + email_references.tag(101, "abcdef123456")) == (
        101,
        "abcdef123456",
    )
    assert email_references.read_tag("Re: yours [R-101-abcdef123456]") == (101, "abcdef123456"), (
        "as of old"
    )
    assert email_references.read_tag("Re: yours [R-101]") is None


def test_our_message_ids_name_their_case_and_entry() -> None:
    ours = email_references.message_id(key="abcdef123456", entry_id=7, domain="shop.example")
    assert email_references.read_message_id(ours, domain="Shop.example") == ("abcdef123456", 7)
    assert email_references.read_message_id(ours, domain="else.example") is None
    assert (
        email_references.read_message_id("<abcdef123456@shop.example>", domain="shop.example")
        is None
    )


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("Re: Shop: your request [REQ-101-abcdef123456]", ""),
        ("RE: AW: Shop: your account [REQ-101-abcdef123456]", ""),
        ("Re[2]: Shop: your request [REQ-101-abcdef123456] urgent!", "urgent!"),
        ("Re: Shop: your request [R-101-abcdef123456]", ""),
        ("Fwd: It was JM-000001 [REQ-101-abcdef123456]", "It was JM-000001"),
        ("Regarding my ring", "Regarding my ring"),
        ("", ""),
    ],
)
def test_what_a_replys_subject_says_of_its_own(about: str, said: str) -> None:
    ours = email_references.email_subject(
        "Shop", "your request", email_references.tag(101, "abcdef123456")
    )
    assert ours == "Shop: your request [REQ-101-abcdef123456]"
    assert email_references.text_beside_tag(about, "Shop", {"your request", "your account"}) == said
