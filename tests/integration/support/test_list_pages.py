"""The desk's lists say what somebody who works from them has to see at once."""

import re

import pytest
from django.test import Client

from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from tests.support.desk import decide, read
from tests.support.shop import at_the_desk, now

pytestmark = pytest.mark.django_db


def test_an_appeal_is_told_in_the_queue(vera: Client, case: Case) -> None:
    assert decide(vera, case, "decline") == 302
    operations.receive_message(case_id=case.pk, text="I object to that.", now=now())
    assert queries.appeals([queries.case(case_id=case.pk)]) == {case.pk}
    row = read(vera, "/desk").partition(case.label)[2].partition("</tr>")[0]
    assert ">Appeal</span>" in row.replace(" ", "").replace("\n", "")


def test_an_approved_request_that_is_open_again_is_no_appeal(vera: Client, case: Case) -> None:
    assert decide(vera, case, kind="partial_refund", amount="5") == 302
    operations.receive_message(case_id=case.pk, text="And where is the rest?", now=now())
    assert queries.appeals([queries.case(case_id=case.pk)]) == set()


def test_email_has_the_tabs_of_the_lists(vera: Client) -> None:
    page = read(vera, "/desk/mail")
    assert 'aria-label="Lists"' in page
    assert '<a href="/desk/mail" aria-current="page">' in page


def test_closing_names_what_is_closed_and_cancel_keeps_the_ticks(vera: Client) -> None:
    for n in range(3):
        operations.open_contact(
            email=f"stranger{n}@elsewhere.example", text="Buy my pills.", now=now()
        )
    chosen = [one.pk for one in queries.unproven()][:2]
    page = vera.get("/desk/unconfirmed").content.decode()
    newest = re.search(r'name="read_up_to" value="(\d+)"', page)
    assert newest
    sent = {"what": "chosen", "chosen": chosen, "read_up_to": newest[1]}
    answer = vera.post("/desk/unconfirmed/close", sent)
    assert answer.status_code == 200
    confirm = answer.content.decode()
    for one in Case.objects.filter(pk__in=chosen):
        assert one.label in confirm
        assert one.email in confirm
    cancel = re.search(r'href="(/desk/unconfirmed\?[^"]+)"', confirm)
    assert cancel
    again = vera.get(cancel[1].replace("&amp;", "&")).content.decode()
    ticked = re.findall(r'name="chosen"\s+value="(\w+)"\s+checked', again)
    assert sorted(ticked) == sorted(chosen)


def test_search_marks_what_it_found_and_says_where_it_cut(vera: Client, case: Case) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    text = f"{words} the zirconia <b>ring</b> {words}"
    operations.receive_message(case_id=case.pk, text=text, now=now())
    (found,) = queries.cases_with_words(text="zirconia", limit=5).rows
    assert [piece for piece, is_found in found.excerpt if is_found] == ["zirconia"]
    assert found.excerpt[0] == ("… ", False)
    assert found.excerpt[-1] == (" …", False)
    page = read(vera, "/desk/search?q=zirconia")
    assert "<mark>zirconia</mark>" in page
    assert "<b>ring</b>" not in page


def test_a_short_text_is_not_cut(case: Case) -> None:
    operations.receive_message(case_id=case.pk, text="Zirconia!", now=now())
    (found,) = queries.cases_with_words(text="zirconia", limit=5).rows
    assert "".join(piece for piece, _ in found.excerpt) == "Zirconia"


def test_empty_fields_of_free_credits_say_what_to_enter() -> None:
    olga = at_the_desk("Olga Example", role=StaffRole.OPERATOR)
    answer = olga.post("/desk/credits/give", {"do": "preview", "key": "k" * 12})
    page = answer.content.decode()
    assert "Enter an email address or an account’s ID." in page
    assert "Enter how many credits." in page
