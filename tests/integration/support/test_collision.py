"""Two people and one request: who else is there, what is new, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseVisit, ConfirmedDecision
from jewelrymodel.support.statuses import UNDO_TIME, ConfirmationState
from tests.support.desk import decide, read, shown
from tests.support.shop import at_the_desk, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def arun() -> Client:
    return at_the_desk("Arun Example")


def visit(client: Client, case: Case, page: str = "", **sent: str) -> str:
    """What the page reads, which says what it shows and what was typed."""
    said = dict(re.findall(r'data-(message|state|confirmed)="(\w*)"', page))
    answer = client.post(f"/desk/cases/{case.pk}/visit", {**said, **sent})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def write(case: Case, text: str = "Here is the receipt you asked for.") -> None:
    operations.receive_message(case_id=case.pk, text=text, now=now())


def test_a_colleague_who_has_it_open_is_named_until_they_leave(
    vera: Client, arun: Client, case: Case
) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "Arun" not in visit(vera, case, page)
    visit(arun, case)
    assert "Arun Example has this request open, too." in visit(vera, case, page)
    assert "Arun Example has this request open, too." in read(vera, f"/desk/cases/{case.pk}")
    assert "Vera" not in visit(vera, case, page), "nobody is told about themselves"
    CaseVisit.objects.update(seen_at=now() - timedelta(minutes=1))
    assert "Arun" not in visit(vera, case, page)


def test_news_is_said_and_only_where_something_is_new(
    vera: Client, arun: Client, case: Case
) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "since you opened" not in visit(vera, case, page)
    write(case)
    assert "The customer wrote a new message since" in visit(vera, case, page)
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "since you opened" not in visit(vera, case, page)
    decide(arun, case, kind="partial_refund", amount="2")
    assert "A colleague has changed this request since" in visit(vera, case, page)


def test_nobody_declines_over_a_message_they_have_not_read(vera: Client, case: Case) -> None:
    address = f"/desk/cases/{case.pk}"
    said = {**shown(read(vera, address)), "sure": "on", "reason": "It was all used on Monday."}
    write(case)
    answer = vera.post(f"{address}/decline", said)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "The customer wrote since this page was opened." in page
    assert "It was all used on Monday.</textarea>" in page
    assert "Here is the receipt you asked for." in page
    assert not ConfirmedDecision.objects.exists()
    again = vera.post(f"{address}/decline", {**said, **shown(page)})
    assert again.status_code == 302, "they have read it now"


def test_a_message_within_the_ten_seconds_stops_a_decline_and_no_approval(
    vera: Client, case: Case
) -> None:
    address = f"/desk/cases/{case.pk}"
    for act, sent, outcome in (
        ("decline", {}, ConfirmationState.REFUSED),
        ("approve-remedy", {"kind": "full_refund"}, ConfirmationState.CARRIED_OUT),
    ):
        said = {**shown(read(vera, address)), "sure": "on", "reason": "It was used.", **sent}
        assert vera.post(f"{address}/{act}", said).status_code == 302
        write(case, f"Wait: {act}")
        row = ConfirmedDecision.objects.latest("pk")
        done = operations.carry_out_confirmed(confirmed_id=row.pk, now=now() + UNDO_TIME)
        assert done.state == outcome
        if outcome == ConfirmationState.REFUSED:
            assert "read the new message first" in read(vera, address)
    assert not DecisionRecord.objects.get().denied


def test_a_note_is_what_is_written_by_habit(vera: Client, case: Case) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    forms = page.split('id="reply"')[1]
    assert re.search(r"<details open> <summary>(.*?)</summary>", forms)[1] == (  # type: ignore[index]  # there is one
        "Add an internal note"
    )
    assert len(re.findall("<details open>", forms.split("</section>")[0])) == 1


def test_what_was_typed_is_kept_for_its_writer_until_it_is_sent(
    vera: Client, arun: Client, case: Case
) -> None:
    address, typed = f"/desk/cases/{case.pk}", "Dear Ada, we have looked at"
    visit(vera, case, draft_reply=typed, draft_decline="Because of")
    page = read(vera, address)
    assert f"{typed}</textarea>" in page
    assert "Because of</textarea>" in page
    assert typed not in read(arun, address)
    assert vera.post(f"{address}/reply", {"text": f"{typed} it."}).status_code == 302
    page = read(vera, address)
    assert f"{typed}</textarea>" not in page
    assert "Because of</textarea>" in page
    decide(vera, case, "decline", reason="Because of that.")
    visit(vera, case, draft_note=" ")
    assert CaseVisit.objects.get(user__first_name="Vera").drafts == {}


def test_drafts_are_forgotten_after_a_month(vera: Client, case: Case) -> None:
    visit(vera, case, draft_note="Later")
    assert operations.forget_visits(now=now() + timedelta(days=29)) == 0
    assert operations.forget_visits(now=now() + timedelta(days=31)) == 1
    assert queries.drafts(case_id=case.pk, user_id=0) == {}


def test_a_page_of_no_case_keeps_nothing(vera: Client) -> None:
    assert vera.post("/desk/cases/case_none/visit", {"draft_note": "x"}).status_code == 404
    assert not CaseVisit.objects.exists()
