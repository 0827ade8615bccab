"""Requests and email are found by the words in them, whoever wrote them, in any language."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.payments.models import Order
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.queries.full_text import _CASES, _EMAILS
from jewelrymodel.web.desk.search_words import ROWS
from tests.support.desk import open_case, read
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import now

pytestmark = pytest.mark.django_db


def found(text: str, **filters: str) -> list[str]:
    rows = queries.cases_with_words(text=text, limit=50, **filters).rows
    return [one.case.pk for one in rows]


def write(case: Case, text: str) -> None:
    operations.receive_message(case_id=case.pk, text=text, now=now())


def test_words_of_customers_colleagues_and_us_are_found(case: Case) -> None:
    write(case, "Der Saphirring kam nie an")
    operations.add_note(case_id=case.pk, text="Called the jeweler", user_id=1, now=now())
    for text in ("saphirring", "kam SAPHIRRING", '"nie an"', "jeweler", "nirgends or saphirring"):
        assert found(text) == [case.pk], text
    for text in ("saphirring -nie", '"an nie"', "emerald", "!!", '"', "-", "\x00"):
        assert found(text) == [], text


def test_the_newest_stands_first_and_filters_and_pages_count(
    order: Order, seller: Membership, case: Case
) -> None:
    second = open_case(order, seller)
    write(second, "sapphire")
    write(case, "sapphire again")
    assert found("sapphire") == [case.pk, second.pk]
    operations.close(case_id=second.pk, reason="Done", user_id=1, now=now())
    assert found("sapphire", state="closed") == [second.pk]
    assert found("sapphire", category="outage") == []
    page = queries.cases_with_words(text="sapphire", limit=1, offset=1)
    assert (page.rows[0].case.pk, page.total) == (second.pk, 2)


def test_what_was_merged_is_found_where_it_stands(
    vera: Client, order: Order, seller: Membership, case: Case
) -> None:
    other = open_case(order, seller)
    write(case, "amethyst")
    vera_id = User.objects.get(first_name="Vera").pk
    operations.merge_cases(case_id=case.pk, into_id=other.pk, user_id=vera_id, now=now())
    assert found("amethyst") == [other.pk]


@pytest.mark.parametrize("beginning", [" ", ".", "\n-"])
def test_words_far_down_are_found_though_the_beginning_has_none(
    vera: Client, case: Case, beginning: str
) -> None:
    """The excerpt is of the first 20,000 characters, the index of five times as many."""
    text = f"{beginning * 25_000} tourmaline"
    CaseEntry.objects.create(
        case=case, kind="message_in", author="customer", text=text, created_at=now()
    )
    assert f"/desk/cases/{case.pk}" in read(vera, "/desk/search?q=tourmaline")
    (row,) = queries.cases_with_words(text="tourmaline", limit=5).rows
    assert row.excerpt


def test_email_without_a_request_is_found_by_its_text(vera: Client, seller: Membership) -> None:
    """R7: the search found no mail without a case."""
    arrive(letter("x@else.example", "Re: [REQ-999999-abcdefabcdef]", "About my tourmaline"))
    page = read(vera, "/desk/search?q=tourmaline")
    assert "x@else.example" in page
    (mail,) = queries.emails_with_words(text="tourmaline", limit=5).rows
    assert f"/desk/mail/{mail.mail_id}" in page
    operations.release_email(mail_id=mail.mail_id, user_id=1, now=now())
    assert queries.emails_with_words(text="tourmaline", limit=5).total == 0
    assert len(found("tourmaline")) == 1


def test_the_page_lists_filters_and_pages(
    vera: Client, order: Order, seller: Membership, case: Case
) -> None:
    cases = [case, *(open_case(order, seller) for _ in range(ROWS))]
    for one in cases:
        write(one, "opal & jade")
    page = read(vera, "/desk/search?q=opal")
    assert f"{ROWS + 1} requests" in page
    assert "Page 1 of 2" in page
    assert "<mark>opal</mark> &amp; jade" in page
    assert case.label in read(vera, "/desk/search?q=opal&page=2")
    assert "Page 1 of 2" in read(vera, "/desk/search?q=opal&page=99")
    assert "No request has these words." in read(vera, "/desk/search?q=opal&state=decided")
    assert "No results." in read(vera, "/desk/search?q=pearl&state=x&page=x")


def test_however_many_are_found_the_database_is_asked_as_often(
    vera: Client, order: Order, seller: Membership, case: Case
) -> None:
    counts = []
    for _round in range(2):
        for one in [open_case(order, seller) for _ in range(4)]:
            write(one, "garnet")
        with CaptureQueriesContext(connection) as asked:
            read(vera, "/desk/search?q=garnet")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20


_MANY_ENTRIES = """
INSERT INTO support_case_entry
  (case_id, kind, internal, author, text, mail_id, created_at, mail_due)
SELECT %s, 'note', true, 'user:1',
  (SELECT string_agg(md5(n * 100 + k || ''), ' ') FROM generate_series(1, 20) AS k),
  '', now(), false
FROM generate_series(1, 5000) AS n
"""
_MANY_EMAILS = """
INSERT INTO support_inbound_email (mail_id, sender, subject, outcome, reason, received_at, text)
SELECT 'mail_' || n, 'x@else.example', 'word' || n, 'unanswered', '', now(),
  (SELECT string_agg(md5(n * 100 + k || ''), ' ') FROM generate_series(1, 20) AS k)
  FROM generate_series(1, 5000) AS n
"""


@pytest.mark.parametrize(
    ("query", "index"), [(_CASES, "support_entry_words"), (_EMAILS, "support_email_words")]
)
def test_both_are_answered_from_an_index(case: Case, query: str, index: str) -> None:
    params = {"text": "ring", "state": "", "category": "", "limit": 20, "offset": 0}
    with connection.cursor() as cursor:
        cursor.execute(_MANY_ENTRIES, [case.pk])
        cursor.execute(_MANY_EMAILS)
        for name in ("support_entry_words", "support_email_words"):
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])  # as vacuum does
        cursor.execute("ANALYZE support_case_entry, support_inbound_email")
        cursor.execute(f"EXPLAIN {query}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Bitmap Index Scan on {index}" in plan


def test_a_text_of_any_length_is_taken(case: Case) -> None:
    write(case, " ".join(f"word{n}" for n in range(200_000)))
    write(case, "x" * 5_000)
    assert found("word17") == [case.pk]


def test_a_word_that_is_also_in_one_name_leads_there_only_where_nobody_wrote_it(
    vera: Client, case: Case
) -> None:
    named = accounts.register(
        email="topaz@gems.example", password=None, account_name="Sapphire & Son", now=now()
    )
    page = f"/desk/customers/{named.account_id}"
    arrive(letter("opal@else.example", "Help", "Where is my ring?"))
    stranger = f"/desk/cases/{newest().pk}"
    texts = {"sapphire": page, "topaz": page, "opal": stranger}
    for text, leads in texts.items():
        assert vera.get("/desk/search", {"q": text})["Location"] == leads
    write(case, "My sapphire, my topaz and my opal")
    for text, leads in texts.items():
        shown = read(vera, f"/desk/search?q={text}")
        assert leads in shown
        assert f"/desk/cases/{case.pk}" in shown
    for text, leads in (("topaz@gems.example", page), ("opal@else.example", stranger)):
        assert vera.get("/desk/search", {"q": text})["Location"] == leads
