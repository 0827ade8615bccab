"""Reports: the figures of some days, each counted by hand here, in few statements."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.kernel.period import Period
from jewelrymodel.payments.models import Order
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry
from tests.support.desk import decide, open_case, read
from tests.support.shop import Sandbox, at_the_desk, charge_again, now

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15


@pytest.fixture
def olga() -> Client:
    """An operator."""
    return at_the_desk("Olga Example", role=StaffRole.OPERATOR)


def of_days(days: int = 7) -> Period:
    at = now()
    return Period(at - timedelta(days=days), at + timedelta(days=1))


def report() -> queries.Report:
    return queries.report(within=of_days(), now=now())


def answered_after(case: Case, hours: float) -> None:
    """A person wrote so long after it was opened."""
    row = CaseEntry.objects.create(
        case=case,
        kind="message_out",
        author="user:1",
        text="Hello.",
        created_at=case.opened_at + timedelta(hours=hours),
    )
    assert row.pk


def test_first_answers_are_persons_and_never_acknowledgements(
    order: Order, seller: Membership
) -> None:
    cases = [open_case(order, seller) for _ in range(4)]
    assert CaseEntry.objects.filter(kind="message_out").count() == 4, "all are acknowledged"
    for case, hours in zip(cases, (1, 3, 10), strict=False):
        answered_after(case, hours)
    answered_after(cases[0], 20)
    total = report().total
    assert (total.opened, total.answered, total.median_s) == (4, 3, 3 * 3600)
    assert total.slowest_tenth_s == round((3 + 0.8 * 7) * 3600)


def test_what_was_settled_in_time_late_or_waits(order: Order, seller: Membership) -> None:
    in_time, late, overdue, waiting, paused = (open_case(order, seller) for _ in range(5))
    at = now()
    due = at - timedelta(hours=1)
    early = at - timedelta(days=2)
    Case.objects.update(opened_at=early)
    Case.objects.filter(pk=in_time.pk).update(answered_at=due, due_at=due, state="decided")
    Case.objects.filter(pk=late.pk).update(
        answered_at=at, due_at=due, state="closed", extension_reason="A bank."
    )
    Case.objects.filter(pk=overdue.pk).update(due_at=due)
    Case.objects.filter(pk=paused.pk).update(
        due_at=due, paused_at=early, state="waiting_for_customer"
    )
    assert waiting.is_open
    total = report().total
    assert (total.opened, total.on_time, total.late, total.waiting) == (5, 1, 2, 2)
    assert total.extended == 1


def test_what_its_customer_withdrew_waits_for_nobody(order: Order, seller: Membership) -> None:
    """R9: it counted as waiting forever."""
    case, other = (open_case(order, seller) for _ in range(2))
    account_id = seller.account_id
    operations.withdraw(account_id=account_id, case_id=case.pk, now=now())
    total = report().total
    assert (total.opened, total.withdrawn, total.waiting, total.late) == (2, 1, 1, 0)
    operations.receive_message(case_id=case.pk, text="It is needed after all.", now=now())
    operations.close(case_id=other.pk, reason="Done", user_id=1, now=now())
    total = report().total
    assert (total.on_time, total.withdrawn, total.waiting) == (1, 0, 1)


def test_what_we_found_ourselves_and_what_is_no_request_counts_nowhere(
    order: Order, seller: Membership
) -> None:
    found, merged, old = (open_case(order, seller) for _ in range(3))
    Case.objects.filter(pk=found.pk).update(check_name="outage", check_subject="x")
    Case.objects.filter(pk=merged.pk).update(state="merged", merged_into=old.pk)
    Case.objects.filter(pk=old.pk).update(opened_at=now() - timedelta(days=8))
    assert report().total.opened == 0


def test_weeks_begin_on_monday_and_empty_ones_are_there(order: Order, seller: Membership) -> None:
    case = open_case(order, seller)
    monday = datetime.fromisoformat("2026-11-02T00:00:00+00:00")
    Case.objects.filter(pk=case.pk).update(opened_at=monday - timedelta(seconds=1))
    within = Period(monday - timedelta(days=7), monday + timedelta(days=8))
    weeks = queries.report(within=within, now=now()).weeks
    assert [(one.week, one.opened) for one in weeks] == [
        (date(2026, 10, 26), 1),
        (date(2026, 11, 2), 0),
        (date(2026, 11, 9), 0),
    ]


def test_decisions_by_whom_and_by_clause(
    vera: Client, case: Case, order: Order, seller: Membership, sandbox: Sandbox
) -> None:
    assert decide(vera, case, "decline") == 302
    charge_again(sandbox, order)
    client = Client()
    client.force_login(seller.user)
    sent = {"category": "duplicate", "order": order.pk, "do": "settle"}
    assert client.post("/requests/new", sent).status_code == 302
    found = report()
    user = User.objects.get(first_name="Vera", staff_member__isnull=False)
    by = {one.name: (one.approved, one.declined) for one in found.deciders}
    assert by.pop(f"user:{user.pk}") == (0, 1)
    assert list(by.values()) == [(1, 0)], "a machine, which never declines"
    clauses = {one.name: (one.approved, one.declined) for one in found.clauses}
    assert clauses["6.1"] == (1, 0)
    assert clauses["4.2"] == (0, 1)


@pytest.mark.parametrize(("act", "overturned"), [("decline", 0), ("approve-remedy", 1)])
def test_an_appeal_that_is_decided_counts_and_one_that_wins_is_overturned(
    vera: Client, case: Case, act: str, overturned: int
) -> None:
    assert decide(vera, case, "decline") == 302
    assert (report().appeals, report().overturned) == (0, 0)
    operations.receive_message(case_id=case.pk, text="I object to that.", now=now())
    sent = {"kind": "partial_refund", "amount": "5"}
    assert decide(at_the_desk("Noa Example"), case, act, **sent) == 302
    assert (report().appeals, report().overturned) == (1, overturned)


def test_silent_closings_count_as_denials(vera: Client, case: Case, olga: Client) -> None:
    vera.post(f"/desk/cases/{case.pk}/close-silently", {"text": "Spam."})
    found = report()
    assert (found.closed, found.reviewed, found.wrong) == (1, 0, 0)
    page = read(olga, "/desk/reports").partition("Denials, declined and closed silently")[2]
    assert "<dd>1</dd>" in page.replace(" ", "")[:40]


def test_the_page_has_charts_tables_and_the_same_figures_as_csv(
    olga: Client, case: Case, vera: Client
) -> None:
    assert decide(vera, case, "decline") == 302
    page = read(olga, "/desk/reports")
    assert '<svg viewBox="0 0 640 120"' in page
    assert 'role="img"' in page
    assert "Vera Example" in page
    answer = olga.get("/desk/reports.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["table", "row", "figure", "value"]
    assert ["requests", "all", "opened", "1"] in rows
    assert ["decided by", "Vera Example", "declined", "1"] in rows


def test_a_name_is_no_formula(olga: Client, case: Case, vera: Client) -> None:
    assert decide(vera, case, "decline") == 302
    User.objects.filter(first_name="Vera", staff_member__isnull=False).update(
        first_name="=SUM(A1)", last_name=""
    )
    text = olga.get("/desk/reports.csv").content.decode()
    assert ",=SUM" not in text
    assert ",'=SUM(A1)" in text


@pytest.mark.parametrize(
    "asked",
    ["since=2026-02-01&until=2026-01-01", "since=2024-01-01&until=2026-01-01", "since=soon"],
)
def test_days_that_cant_be_are_said(olga: Client, asked: str) -> None:
    for path in ("/desk/reports", "/desk/reports.csv"):
        answer = olga.get(f"{path}?{asked}")
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()


def test_without_anything_it_says_so(olga: Client) -> None:
    assert "Nothing in this period" in read(olga, "/desk/reports?since=2020-01-01&until=2020-01-02")


def test_it_is_operators_alone(vera: Client, olga: Client) -> None:
    for path in ("/desk/reports", "/desk/reports.csv"):
        assert vera.get(path).status_code in (403, 404)
        assert olga.get(path).status_code == 200


def test_however_many_requests_there_are_it_takes_the_same_statements(
    olga: Client, order: Order, seller: Membership
) -> None:
    counts = []
    for more in (1, 30):
        for _ in range(more):
            answered_after(open_case(order, seller), 2)
        with CaptureQueriesContext(connection) as asked:
            read(olga, "/desk/reports")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_STATEMENTS
